use std::io;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::delivery::encode;

/// A socket that accepts as many bytes as it was told to and records them.
#[derive(Clone, Default)]
struct Socket(Arc<Mutex<(Vec<u8>, usize)>>);

impl Socket {
    fn allow(&self, bytes: usize) {
        self.0.lock().unwrap().1 += bytes;
    }

    fn received(&self) -> Vec<u8> {
        self.0.lock().unwrap().0.clone()
    }
}

impl TryWrite for Socket {
    fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut inner = self.0.lock().unwrap();
        let count = bytes.len().min(inner.1);
        if count == 0 {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        inner.1 -= count;
        inner.0.extend_from_slice(&bytes[..count]);
        Ok(count)
    }
}

fn outbox() -> (Outbox, Socket) {
    let socket = Socket::default();
    (Outbox::new(Box::new(socket.clone())), socket)
}

/// Sends pieces of `size` bytes until the connection is cut off. Returns how many were sent.
fn until_cut(outbox: &Outbox, size: usize) -> usize {
    let piece = Bytes::from(vec![7; size]);
    (1..100_000).find(|_| outbox.send(piece.clone(), Priority::Live) == Pushed::Overflow).unwrap()
}

#[test]
fn a_reader_that_stops_is_cut_off_with_4008_and_keeps_whole_frames() {
    let (outbox, socket) = outbox();
    socket.allow(10);
    assert_eq!(until_cut(&outbox, 16 * 1024), LIVE_QUEUE_MOST_BYTES / (16 * 1024) + 1);
    socket.allow(usize::MAX / 2);
    assert_eq!(outbox.resume(), Flushed::Finished);
    let received = socket.received();
    assert!(received[..16 * 1024].iter().all(|&byte| byte == 7), "the frame that was begun is finished");
    assert_eq!(&received[16 * 1024 + 2..16 * 1024 + 4], 4008u16.to_be_bytes());
}

#[test]
fn small_pieces_are_counted() {
    let (outbox, _socket) = outbox();
    assert_eq!(until_cut(&outbox, 20), LIVE_QUEUE_MOST_PIECES + 1);
}

#[test]
fn what_the_socket_was_not_offered_is_no_reason_to_cut_or_drop() {
    let (outbox, socket) = outbox();
    socket.allow(usize::MAX / 2);
    let piece = Bytes::from(vec![7; LIVE_QUEUE_MOST_BYTES / 3]);
    for _ in 0..10 {
        assert_eq!(outbox.append(piece.clone(), Priority::Live).pushed, Pushed::Queued);
        assert_eq!(outbox.append(Bytes::from_static(b"t"), Priority::Ephemeral).pushed, Pushed::Queued);
    }
    outbox.flush();
    assert_eq!(socket.received().len(), 10 * (piece.len() + 1));
}

#[test]
fn typing_is_dropped_before_messages_are() {
    let (outbox, _socket) = outbox();
    let half = Bytes::from(vec![0; EPHEMERAL_QUEUE_BYTES]);
    assert_eq!(outbox.send(half, Priority::Live), Pushed::Queued);
    assert_eq!(outbox.send(Bytes::from_static(b"t"), Priority::Ephemeral), Pushed::Dropped);
    assert_eq!(outbox.send(Bytes::from_static(b"m"), Priority::Live), Pushed::Queued);
}

#[test]
fn answers_do_not_count_as_live() {
    let (outbox, _socket) = outbox();
    for _ in 0..8 {
        assert_eq!(outbox.send(Bytes::from(vec![0; PAGE_BYTES]), Priority::Answer), Pushed::Queued);
    }
    assert_eq!(outbox.send(Bytes::from_static(b"m"), Priority::Live), Pushed::Queued);
}

#[test]
fn after_close_nothing_follows() {
    let (outbox, socket) = outbox();
    socket.allow(100);
    outbox.close(CloseCode::GoingAway, "");
    assert_eq!(outbox.send(Bytes::from_static(b"late"), Priority::Live), Pushed::Dropped);
    assert_eq!(socket.received(), encode::close(CloseCode::GoingAway, ""));
}

proptest! {
    /// Whatever the socket accepts and when: all bytes arrive once and in order, and the count of queued bytes is
    /// right.
    #[test]
    fn nothing_is_lost_or_reordered(steps in prop::collection::vec((0usize..300, 0usize..400, any::<bool>()), 1..60)) {
        let (outbox, socket) = outbox();
        let mut expected = Vec::new();
        let mut next = 0u8;
        for (length, allowed, live) in steps {
            let piece: Vec<u8> = (0..length).map(|_| { next = next.wrapping_add(1); next }).collect();
            expected.extend_from_slice(&piece);
            let priority = if live { Priority::Live } else { Priority::Answer };
            if length > 0 {
                prop_assert_eq!(outbox.send(Bytes::from(piece), priority), Pushed::Queued);
            }
            socket.allow(allowed);
            outbox.resume();
            prop_assert_eq!(socket.received().len() + outbox.queued_bytes(), expected.len());
        }
        socket.allow(usize::MAX / 2);
        outbox.resume();
        prop_assert_eq!(socket.received(), expected);
    }
}
