//! A `hiroba` that is started briefly, to measure what it serves.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

const STARTS_WITHIN: Duration = Duration::from_secs(20);
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);

/// A running `hiroba`, killed on drop.
pub struct TrialServer {
    process: Child,
    address: SocketAddr,
}

impl TrialServer {
    /// Starts `binary` in `folder`, which becomes its working directory, on a free port.
    pub fn start(binary: &Path, folder: &Path) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr())?;
        let process = Command::new(binary)
            .args(["--listen", &address.to_string()])
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", binary.display()))?;
        let mut server = Self { process, address };
        server.wait()?;
        Ok(server)
    }

    /// Returns the size in bytes of the response to `GET path`, compressed as for a browser, without headers.
    pub fn transferred(&self, path: &str) -> Result<u64> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(ANSWERS_WITHIN))?;
        let host = self.address;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip, br\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).with_context(|| format!("GET {path} was not answered"))?;
        let end =
            answer.windows(4).position(|four| four == b"\r\n\r\n").context("an answer without headers")?;
        if !answer.starts_with(b"HTTP/1.1 200") {
            let head = String::from_utf8_lossy(&answer[..end]);
            bail!("GET {path} was answered with {}", head.lines().next().unwrap_or_default());
        }
        Ok((answer.len() - end - 4) as u64)
    }

    fn wait(&mut self) -> Result<()> {
        let started = Instant::now();
        while TcpStream::connect(self.address).is_err() {
            if let Some(status) = self.process.try_wait()? {
                bail!("the server ended at once ({status})");
            }
            if started.elapsed() > STARTS_WITHIN {
                bail!("the server did not listen on {} within {STARTS_WITHIN:?}", self.address);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for TrialServer {
    fn drop(&mut self) {
        // Both fail only if the process has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
