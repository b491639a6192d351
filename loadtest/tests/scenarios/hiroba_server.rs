//! The real server, on a thread of its own.

use std::thread::JoinHandle;

use hiroba::config::{Config, Listen};
use hiroba::{app, listen};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// A server on a free port with a folder of its own; rate limits are off. It stops on drop.
pub struct HirobaServer {
    address: std::net::SocketAddr,
    shutdown: CancellationToken,
    running: Option<JoinHandle<()>>,
    _folder: TempDir,
}

impl HirobaServer {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = Config {
            listen: Listen::At("127.0.0.1:0".parse().unwrap()),
            rate_limits: false,
            ..Config::new(folder.path())
        };
        let shutdown = CancellationToken::new();
        let (tell, told) = std::sync::mpsc::channel();
        let running = std::thread::spawn({
            let shutdown = shutdown.clone();
            move || {
                let runtime =
                    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
                runtime.unwrap().block_on(async {
                    let listeners = listen::bind(config.listen, config.http_listen).unwrap();
                    tell.send(listeners[0].local_addr().unwrap()).unwrap();
                    app::serve(&config, listeners, shutdown).await.unwrap();
                });
            }
        });
        Self { address: told.recv().unwrap(), shutdown, running: Some(running), _folder: folder }
    }

    /// The URL of its WebSocket.
    pub fn url(&self) -> String {
        format!("ws://{}/ws", self.address)
    }
}

impl Drop for HirobaServer {
    fn drop(&mut self) {
        self.shutdown.cancel();
        if let Some(running) = self.running.take() {
            let _ = running.join();
        }
    }
}
