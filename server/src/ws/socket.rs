//! Reading through a shared buffer, and closing a connection.

use std::cell::RefCell;
use std::io;
use std::time::Duration;

use tokio::io::Interest;
use tokio::time::timeout;

use crate::delivery::Socket;

/// Size of the scratch buffer that the connections of a thread share; bounds one read.
const SCRATCH: usize = 64 * 1024;
/// How long the peer has to end the connection after our close frame.
const LINGER: Duration = Duration::from_secs(2);

/// Reads the available bytes and passes them to `take`. `None` at the end of the stream.
pub(super) fn try_read<E>(
    socket: &impl Socket,
    take: impl FnOnce(&mut [u8]) -> Result<(), E>,
) -> io::Result<Option<Result<(), E>>> {
    thread_local! {
        static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; SCRATCH]);
    }
    BUFFER.with_borrow_mut(|buffer| match socket.try_read(buffer)? {
        0 => Ok(None),
        count => Ok(Some(take(&mut buffer[..count]))),
    })
}

/// Ends the connection so that the peer still receives what was written: closing with unread input would reset it.
pub(super) async fn linger(socket: &impl Socket) {
    socket.close();
    let rest = async {
        while socket.ready(Interest::READABLE).await.is_ok() {
            match try_read(socket, |_| Ok::<(), ()>(())) {
                Ok(Some(_)) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Ok(None) | Err(_) => return,
            }
        }
    };
    // A peer that keeps sending is cut off.
    let _ = timeout(LINGER, rest).await;
}
