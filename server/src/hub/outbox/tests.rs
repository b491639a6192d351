use std::sync::Arc;

use proptest::prelude::*;

use super::*;

/// A socket that takes as many bytes as it was told to and remembers them.
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

impl Transport for Socket {
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

#[test]
fn a_reader_that_stops_is_cut_off_with_4008_and_keeps_whole_frames() {
    let (outbox, socket) = outbox();
    socket.allow(10);
    let piece = Bytes::from(vec![7; 1024]);
    let mut pushed = outbox.send(piece.clone(), Kind::Live);
    let mut count = 1;
    while pushed == Pushed::Queued {
        pushed = outbox.send(piece.clone(), Kind::Live);
        count += 1;
    }
    assert_eq!(pushed, Pushed::Overflow);
    assert_eq!(count, LIVE_QUEUE_BYTES / 1024 + 1);
    socket.allow(usize::MAX / 2);
    assert_eq!(outbox.resume(), Flushed::Finished);
    let received = socket.received();
    assert!(received[..1024].iter().all(|&byte| byte == 7), "the frame that was begun is finished");
    assert_eq!(&received[1026..1028], 4008u16.to_be_bytes());
}

#[test]
fn typing_is_dropped_before_messages_are() {
    let (outbox, _socket) = outbox();
    let half = Bytes::from(vec![0; EPHEMERAL_QUEUE_BYTES]);
    assert_eq!(outbox.send(half, Kind::Live), Pushed::Queued);
    assert_eq!(outbox.send(Bytes::from_static(b"t"), Kind::Ephemeral), Pushed::Dropped);
    assert_eq!(outbox.send(Bytes::from_static(b"m"), Kind::Live), Pushed::Queued);
}

#[test]
fn answers_do_not_count_as_live() {
    let (outbox, _socket) = outbox();
    for _ in 0..8 {
        assert_eq!(outbox.send(Bytes::from(vec![0; PAGE_BYTES]), Kind::Answer), Pushed::Queued);
    }
    assert_eq!(outbox.send(Bytes::from_static(b"m"), Kind::Live), Pushed::Queued);
}

#[test]
fn after_close_nothing_follows() {
    let (outbox, socket) = outbox();
    socket.allow(100);
    outbox.close(CloseCode::GoingAway, "");
    assert_eq!(outbox.send(Bytes::from_static(b"late"), Kind::Live), Pushed::Dropped);
    assert_eq!(socket.received(), wire::close(CloseCode::GoingAway, ""));
}

proptest! {
    /// Whatever the socket takes and when: all bytes arrive, once, in order, and the count of waiting bytes is right.
    #[test]
    fn nothing_is_lost_or_reordered(steps in prop::collection::vec((0usize..300, 0usize..400, any::<bool>()), 1..60)) {
        let (outbox, socket) = outbox();
        let mut expected = Vec::new();
        let mut next = 0u8;
        for (length, allowed, live) in steps {
            let piece: Vec<u8> = (0..length).map(|_| { next = next.wrapping_add(1); next }).collect();
            expected.extend_from_slice(&piece);
            let kind = if live { Kind::Live } else { Kind::Answer };
            if length > 0 {
                prop_assert_eq!(outbox.send(Bytes::from(piece), kind), Pushed::Queued);
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
