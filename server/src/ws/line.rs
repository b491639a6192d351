//! A TCP connection as hyper writes to it: given up when its peer does not take the answer.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

/// Of an answer that does not fit into the socket so many bytes must be taken in this time, again and again: less than
/// the slowest line of a telephone takes.
const ENOUGH: usize = 8 * 1024;
const WITHIN: Duration = Duration::from_secs(15);

/// A connection whose writes have a deadline.
pub struct Line {
    io: TokioIo<TcpStream>,
    /// Runs while the socket is full.
    deadline: Option<Pin<Box<Sleep>>>,
    /// Bytes taken since the last answer was written, or since there was progress enough.
    taken: usize,
}

impl Line {
    /// A fresh connection.
    pub fn new(stream: TcpStream) -> Self {
        Self { io: TokioIo::new(stream), deadline: None, taken: 0 }
    }

    /// The connection itself, for another protocol.
    pub(super) fn into_stream(self) -> TcpStream {
        self.io.into_inner()
    }

    fn watch(
        &mut self,
        context: &mut Context<'_>,
        polled: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match &polled {
            Poll::Ready(Ok(count)) => {
                self.taken += count;
                if self.taken >= ENOUGH {
                    self.relax();
                }
                polled
            }
            Poll::Ready(Err(_)) => polled,
            Poll::Pending => {
                let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep(WITHIN)));
                ready!(deadline.as_mut().poll(context));
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }

    fn relax(&mut self) {
        self.taken = 0;
        self.deadline = None;
    }
}

impl Read for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(context, buffer)
    }
}

impl Write for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.io).poll_write(context, bytes);
        self.watch(context, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.io).poll_write_vectored(context, bytes);
        self.watch(context, polled)
    }

    /// hyper asks when it has written everything.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.relax();
        Pin::new(&mut self.io).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
    }
}
