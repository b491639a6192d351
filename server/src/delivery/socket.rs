//! What a connection needs of its socket, so that plain TCP and TLS fit under the same WebSocket codec.

use std::io;
use std::net::Shutdown;
use std::sync::Arc;

use tokio::io::Interest;
use tokio::net::TcpStream;

/// A non-blocking bidirectional byte stream. Reading and writing take `&self`, because the reader is one task and any
/// task that appends to the [`Outbox`](super::Outbox) writes.
pub trait Socket: Send + Sync + 'static {
    /// Reads what is available into `buffer`; 0 means the end of the stream.
    ///
    /// # Errors
    /// `WouldBlock` when nothing is available; any other error means that the connection is broken.
    fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize>;

    /// Writes some of `bytes`. What is accepted may still wait in the socket for [`Self::try_flush`].
    ///
    /// # Errors
    /// `WouldBlock` when nothing can be accepted now; any other error means that the connection is broken.
    fn try_write(&self, bytes: &[u8]) -> io::Result<usize>;

    /// Writes what was accepted and still waits, as encrypted bytes do.
    ///
    /// # Errors
    /// `WouldBlock` when not everything can be written now; any other error means that the connection is broken.
    fn try_flush(&self) -> io::Result<()> {
        Ok(())
    }

    /// Resolves when reading or writing may succeed. Only a hint: try, and expect `WouldBlock`.
    ///
    /// # Errors
    /// The connection is broken.
    fn ready(&self, interest: Interest) -> impl Future<Output = io::Result<()>> + Send;

    /// Shuts down our half of the stream. The peer still receives what was written.
    fn close(&self);
}

impl Socket for TcpStream {
    fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        Self::try_read(self, buffer)
    }

    fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        Self::try_write(self, bytes)
    }

    async fn ready(&self, interest: Interest) -> io::Result<()> {
        Self::ready(self, interest).await.map(drop)
    }

    fn close(&self) {
        // Fails if the connection is already gone, which is fine.
        let _ = socket2::SockRef::from(self).shutdown(Shutdown::Write);
    }
}

/// The part of a [`Socket`] that an outbox needs.
pub trait TryWrite: Send {
    /// See [`Socket::try_write`].
    ///
    /// # Errors
    /// See [`Socket::try_write`].
    fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize>;

    /// See [`Socket::try_flush`].
    ///
    /// # Errors
    /// See [`Socket::try_flush`].
    fn try_flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<S: Socket> TryWrite for Arc<S> {
    fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Socket::try_write(self.as_ref(), bytes)
    }

    fn try_flush(&mut self) -> io::Result<()> {
        Socket::try_flush(self.as_ref())
    }
}
