//! A connection under hyper that fails when the peer stops reading the answer.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::rt::{Read, ReadBufCursor, Write};
use tokio::time::{Sleep, sleep};

use super::transport::Transport;

/// Minimum progress while the socket is full: this many bytes in each period of [`WITHIN`]. That is less than the
/// slowest telephone line takes.
const ENOUGH: usize = 8 * 1024;
const WITHIN: Duration = Duration::from_secs(15);

/// A connection whose writes have a deadline.
pub struct DeadlineStream {
    transport: Transport,
    /// Runs while the socket is full.
    deadline: Option<Pin<Box<Sleep>>>,
    /// Bytes written since the last answer was complete, or since the deadline was last lifted.
    taken: usize,
}

impl DeadlineStream {
    /// Wraps a new connection.
    pub fn new(transport: Transport) -> Self {
        Self { transport, deadline: None, taken: 0 }
    }

    /// Returns the connection itself, for another protocol.
    pub(super) fn into_transport(self) -> Transport {
        self.transport
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

impl Read for DeadlineStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        self.transport.poll_read(context, buffer)
    }
}

impl Write for DeadlineStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = self.transport.poll_write(context, bytes);
        self.watch(context, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.transport.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = self.transport.poll_write_vectored(context, bytes);
        self.watch(context, polled)
    }

    /// hyper flushes when it has written everything. What waits encrypted has a deadline too.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = self.transport.poll_flush(context).map_ok(|()| 0);
        ready!(self.watch(context, polled))?;
        self.relax();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = self.transport.poll_shutdown(context).map_ok(|()| 0);
        self.watch(context, polled).map_ok(|_| ())
    }
}
