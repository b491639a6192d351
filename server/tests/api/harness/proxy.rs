//! A TCP proxy between clients and the server that can break the connection.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// State of the proxied connections.
#[derive(Default)]
struct Line {
    /// Drop the server's bytes.
    deaf: AtomicBool,
    /// Drop the clients' bytes.
    mute: AtomicBool,
    /// Bytes of the server to forward before the connection is cut; 0 for no limit.
    left: AtomicUsize,
    cut: CancellationToken,
}

/// Listens on a port of its own and forwards everything.
pub struct Proxy {
    /// The address for clients to connect to.
    pub address: SocketAddr,
    line: Arc<Mutex<Arc<Line>>>,
}

impl Proxy {
    /// Starts a proxy to that server.
    pub async fn start(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let line = Arc::new(Mutex::new(Arc::new(Line::default())));
        let shared = line.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let line = shared.lock().unwrap().clone();
                tokio::spawn(pass(client, server, line));
            }
        });
        Self { address, line }
    }

    /// From now on drops everything that the server sends.
    pub fn deafen(&self) {
        self.line.lock().unwrap().deaf.store(true, Ordering::SeqCst);
    }

    /// From now on drops everything that the clients send.
    pub fn mute(&self) {
        self.line.lock().unwrap().mute.store(true, Ordering::SeqCst);
    }

    /// Cuts the connection, possibly in the middle of a frame, after this many more bytes from the server.
    pub fn cut_after(&self, bytes: usize) {
        self.line.lock().unwrap().left.store(bytes.max(1), Ordering::SeqCst);
    }

    /// Resets every connection; new ones pass.
    pub fn cut(&self) {
        std::mem::take(&mut *self.line.lock().unwrap()).cut.cancel();
    }
}

async fn pass(client: TcpStream, server: SocketAddr, line: Arc<Line>) {
    let Ok(server) = TcpStream::connect(server).await else { return };
    for stream in [&client, &server] {
        stream.set_nodelay(true).unwrap();
        // Reset the connection on drop.
        socket2::SockRef::from(stream).set_linger(Some(Duration::ZERO)).unwrap();
    }
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    tokio::select! {
        () = up(from_client, to_server, &line) => {}
        () = down(from_server, to_client, &line) => {}
        () = line.cut.cancelled() => {}
    }
}

async fn up(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, line: &Line) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        if !line.mute.load(Ordering::SeqCst) && to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

async fn down(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, line: &Line) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        if line.deaf.load(Ordering::SeqCst) {
            continue;
        }
        let left = line.left.load(Ordering::SeqCst);
        let passes = if left == 0 { read } else { read.min(left) };
        if to.write_all(&buffer[..passes]).await.is_err() {
            return;
        }
        if left > 0 {
            line.left.store(left - passes, Ordering::SeqCst);
            if left == passes {
                // Shut down instead of resetting, because a reset would overtake the bytes in flight.
                let _ = to.shutdown().await;
                return;
            }
        }
    }
}
