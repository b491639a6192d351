//! TCP as the outbox sees it, and reading without a buffer of one's own.

use std::cell::RefCell;
use std::io;
use std::net::Shutdown;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::hub::outbox::Transport;

/// One read takes at most this many bytes: the scratch buffer that the connections of a thread share.
const SCRATCH: usize = 64 * 1024;
/// After our close frame the peer has this long to end the connection.
const LINGER: Duration = Duration::from_secs(2);

/// The writing half of a TCP connection.
pub(super) struct TcpTransport(pub(super) Arc<TcpStream>);

impl Transport for TcpTransport {
    fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.try_write(bytes)
    }
}

/// Reads what is there and hands it to `take`. False at the end of the stream.
pub(super) fn try_read<E>(
    stream: &TcpStream,
    take: impl FnOnce(&mut [u8]) -> Result<(), E>,
) -> io::Result<Option<Result<(), E>>> {
    thread_local! {
        static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; SCRATCH]);
    }
    BUFFER.with_borrow_mut(|buffer| match stream.try_read(buffer)? {
        0 => Ok(None),
        count => Ok(Some(take(&mut buffer[..count]))),
    })
}

/// Ends the connection so that the peer still receives what was written: closing with unread input would reset it.
pub(super) async fn linger(stream: &TcpStream) {
    let _ = socket2::SockRef::from(stream).shutdown(Shutdown::Write);
    let rest = async {
        while stream.readable().await.is_ok() {
            match try_read(stream, |_| Ok::<(), ()>(())) {
                Ok(Some(_)) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Ok(None) | Err(_) => return,
            }
        }
    };
    // Whoever keeps talking is cut off.
    let _ = timeout(LINGER, rest).await;
}
