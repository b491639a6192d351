//! A TCP connection under TLS, as a [`Socket`] of the WebSocket edge and as the stream under HTTP.

use std::cell::RefCell;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use rustls::ServerConfig;
use tokio::io::Interest;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

use super::session::Session;
use crate::delivery::Socket;

/// Encrypted bytes that are read at once.
const SCRATCH: usize = 32 * 1024;
/// Plain bytes that are encrypted at once: what the socket does not accept of them has to be kept.
const PIECE: usize = 64 * 1024;

thread_local! {
    static RECEIVED: RefCell<Vec<u8>> = RefCell::new(vec![0; SCRATCH]);
    static SEALED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A connection whose handshake is over. Reading and writing lock its session for as long as that takes, never across an
/// await.
pub struct TlsStream {
    tcp: TcpStream,
    session: Mutex<Session>,
}

impl TlsStream {
    /// Makes the handshake with a peer whose first bytes have not been read yet; each step of it waits for its turn among
    /// `handshakes`. The caller sets a deadline.
    ///
    /// # Errors
    /// The peer speaks no TLS that we do, or went away.
    pub(super) async fn accept(
        tcp: TcpStream,
        config: Arc<ServerConfig>,
        handshakes: &Semaphore,
    ) -> io::Result<Self> {
        let session = Mutex::new(Session::new(config).map_err(io::Error::other)?);
        let stream = Self { tcp, session };
        loop {
            let received = {
                let _turn = handshakes.acquire().await;
                stream.receive(&mut stream.lock())
            };
            // Also after an error: the alert says to the peer what was wrong.
            let flushed = stream.flush_all().await;
            match received {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(_) => flushed?,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    flushed?;
                    stream.tcp.readable().await?;
                }
                Err(error) => return Err(error),
            }
            if stream.lock().is_established() {
                return Ok(stream);
            }
        }
    }

    /// The address that the peer connected to.
    ///
    /// # Errors
    /// The connection is gone.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }

    fn lock(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads encrypted bytes once and processes them; 0 at the end of the stream.
    fn receive(&self, session: &mut Session) -> io::Result<usize> {
        RECEIVED.with_borrow_mut(|buffer| {
            let count = self.tcp.try_read(buffer)?;
            session.receive(&buffer[..count]).map(|()| count)
        })
    }

    fn flush(&self, session: &mut Session) -> io::Result<()> {
        while !session.unsent().is_empty() {
            let count = self.tcp.try_write(session.unsent())?;
            session.sent(count);
        }
        Ok(())
    }

    async fn flush_all(&self) -> io::Result<()> {
        loop {
            let flushed = self.flush(&mut self.lock());
            match flushed {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.tcp.writable().await?,
                flushed => return flushed,
            }
        }
    }

    /// [`Socket::try_read`] that waits.
    pub(crate) fn poll_read(&self, context: &mut Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
        loop {
            match self.try_read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    ready!(self.tcp.poll_read_ready(context))?;
                }
                read => return Poll::Ready(read),
            }
        }
    }

    /// [`Socket::try_write`] that waits.
    pub(crate) fn poll_write(&self, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_writing(context, || self.try_write(bytes))
    }

    /// [`Socket::try_flush`] that waits.
    pub(crate) fn poll_flush(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_writing(context, || self.try_flush())
    }

    fn poll_writing<T>(
        &self,
        context: &mut Context<'_>,
        attempt: impl Fn() -> io::Result<T>,
    ) -> Poll<io::Result<T>> {
        loop {
            match attempt() {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    ready!(self.tcp.poll_write_ready(context))?;
                }
                written => return Poll::Ready(written),
            }
        }
    }
}

impl Socket for TlsStream {
    fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut session = self.lock();
        loop {
            if session.has_opened() {
                return Ok(session.take(buffer));
            }
            if session.is_ended() {
                return Ok(0);
            }
            let received = self.receive(&mut session);
            // What the peer is owed: an alert, or the answer to an update of keys.
            match self.flush(&mut session) {
                Err(error) if error.kind() != io::ErrorKind::WouldBlock => return Err(error),
                Ok(()) | Err(_) => {}
            }
            if received? == 0 {
                return Ok(0);
            }
        }
    }

    /// Accepts whatever it can encrypt, and keeps what the socket did not take of it until [`Socket::try_flush`].
    fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        let mut session = self.lock();
        self.flush(&mut session)?;
        let bytes = &bytes[..bytes.len().min(PIECE)];
        SEALED.with_borrow_mut(|sealed| {
            sealed.clear();
            session.seal(bytes, sealed)?;
            let mut rest = &sealed[..];
            while !rest.is_empty() {
                match self.tcp.try_write(rest) {
                    Ok(count) => rest = &rest[count..],
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                    Err(error) => return Err(error),
                }
            }
            session.keep(rest);
            Ok(bytes.len())
        })
    }

    fn try_flush(&self) -> io::Result<()> {
        self.flush(&mut self.lock())
    }

    async fn ready(&self, interest: Interest) -> io::Result<()> {
        if interest.is_readable() && self.lock().has_opened() {
            return Ok(());
        }
        self.tcp.ready(interest).await.map(drop)
    }

    fn close(&self) {
        let mut session = self.lock();
        session.close();
        // A full socket gets the end of the stream without the alert.
        let _ = self.flush(&mut session);
        Socket::close(&self.tcp);
    }
}
