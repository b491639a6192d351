//! The two kinds of connections that HTTP runs on, and WebSockets after it.

use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::delivery::Socket;
use crate::tls::TlsStream;

/// Plain bytes that are read at once from under TLS; hyper copies them into its own buffer.
const READ: usize = 8 * 1024;

/// A connection, encrypted or not.
pub enum Transport {
    Plain(TokioIo<TcpStream>),
    /// Boxed, so that plain connections do not reserve memory for it.
    Tls(Box<TlsStream>),
}

impl Transport {
    /// The address that the peer connected to.
    ///
    /// # Errors
    /// The connection is gone.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        match self {
            Self::Plain(io) => io.inner().local_addr(),
            Self::Tls(tls) => tls.local_addr(),
        }
    }

    pub(super) fn poll_read(
        &mut self,
        context: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        match self {
            Self::Plain(io) => Pin::new(io).poll_read(context, buffer),
            Self::Tls(tls) => {
                let mut read = [0; READ];
                let room = buffer.remaining().min(READ);
                let count = ready!(tls.poll_read(context, &mut read[..room]))?;
                buffer.put_slice(&read[..count]);
                Poll::Ready(Ok(()))
            }
        }
    }

    pub(super) fn poll_write(&mut self, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self {
            Self::Plain(io) => Pin::new(io).poll_write(context, bytes),
            Self::Tls(tls) => tls.poll_write(context, bytes),
        }
    }

    pub(super) fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain(io) => io.is_write_vectored(),
            Self::Tls(_) => false,
        }
    }

    pub(super) fn poll_write_vectored(
        &mut self,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self {
            Self::Plain(io) => Pin::new(io).poll_write_vectored(context, bytes),
            Self::Tls(tls) => {
                let first = bytes.iter().find(|bytes| !bytes.is_empty());
                tls.poll_write(context, first.map_or(&[], |bytes| bytes))
            }
        }
    }

    pub(super) fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Plain(io) => Pin::new(io).poll_flush(context),
            Self::Tls(tls) => tls.poll_flush(context),
        }
    }

    pub(super) fn poll_shutdown(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Plain(io) => Pin::new(io).poll_shutdown(context),
            Self::Tls(tls) => {
                ready!(tls.poll_flush(context))?;
                tls.close();
                Poll::Ready(Ok(()))
            }
        }
    }
}
