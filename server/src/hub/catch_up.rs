//! Buffering of live events while a connection is still being sent the log before them.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use shared::Seq;
use shared::limits::LIVE_QUEUE_BYTES;

/// The frames of one turn in one room: consecutive events in one buffer.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The concatenated frames.
    pub bytes: Bytes,
    /// For each event its seq and the end of its frame in `bytes`.
    pub ends: Arc<[(Seq, usize)]>,
}

impl Batch {
    /// Returns the frames of the events after `seq`.
    pub fn after(&self, seq: Seq) -> Bytes {
        let start = self.ends.iter().take_while(|(at, _)| *at <= seq).last().map_or(0, |&(_, end)| end);
        self.bytes.slice(start..)
    }

    fn first(&self) -> Seq {
        self.ends.first().map_or(Seq::ZERO, |&(seq, _)| seq)
    }

    fn last(&self) -> Seq {
        self.ends.last().map_or(Seq::ZERO, |&(seq, _)| seq)
    }
}

/// A subscription's switch from the log to live events: subscribe first, then read the log, then drop the live events
/// that the read already covers. Nothing is missed or duplicated.
#[derive(Debug, Default)]
pub enum CatchUpBuffer {
    /// Live events pass through.
    #[default]
    Live,
    /// The log is being read; live events are buffered, at most [`LIVE_QUEUE_BYTES`].
    Buffering {
        batches: VecDeque<Batch>,
        /// Total size of `batches`.
        bytes: usize,
        /// Everything up to this seq was dropped because the buffer overflowed: the read must reach it.
        dropped: Seq,
    },
    /// The read may have been ahead of the live events: those up to this seq are dropped.
    Skipping(Seq),
}

impl CatchUpBuffer {
    /// Creates a buffer that holds back live events.
    pub fn buffering() -> Self {
        Self::Buffering { batches: VecDeque::new(), bytes: 0, dropped: Seq::ZERO }
    }

    /// Whether other frames of the room may be sent.
    pub fn is_live(&self) -> bool {
        !matches!(self, Self::Buffering { .. })
    }

    /// Accepts a batch and returns the bytes to send now.
    pub fn offer(&mut self, batch: &Batch) -> Option<Bytes> {
        match self {
            Self::Live => Some(batch.bytes.clone()),
            Self::Buffering { batches, bytes, dropped } => {
                *bytes += batch.bytes.len();
                if *bytes > LIVE_QUEUE_BYTES {
                    batches.clear();
                    *bytes = 0;
                    *dropped = batch.last();
                } else {
                    batches.push_back(batch.clone());
                }
                None
            }
            Self::Skipping(through) => {
                let through = *through;
                if batch.last() >= through {
                    *self = Self::Live;
                }
                Some(batch.after(through)).filter(|bytes| !bytes.is_empty())
            }
        }
    }

    /// Ends the buffering after the read reached `at`. Returns the buffered events after it and lets later ones
    /// through.
    ///
    /// # Errors
    /// The seq that the read must reach first, because events up to it were dropped.
    pub fn release(&mut self, at: Seq) -> Result<Vec<Bytes>, Seq> {
        let Self::Buffering { batches, dropped, .. } = self else {
            return Ok(Vec::new());
        };
        if at < *dropped {
            return Err(*dropped);
        }
        let waiting = batches.drain(..).filter(|batch| batch.last() > at);
        let waiting = waiting.map(|batch| if batch.first() > at { batch.bytes } else { batch.after(at) });
        let waiting = waiting.collect();
        *self = Self::Skipping(at);
        Ok(waiting)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// One byte per event, so that the received bytes identify the events.
    fn batch(from: u64, to: u64) -> Batch {
        let bytes: Vec<u8> = (from..=to).map(|seq| seq as u8).collect();
        let ends = (from..=to).enumerate().map(|(index, seq)| (Seq(seq), index + 1)).collect();
        Batch { bytes: bytes.into(), ends }
    }

    proptest! {
        /// Wherever the read ends, before, among or ahead of the live events: read plus live is 1, 2, 3 …
        #[test]
        fn the_switch_from_log_to_live_has_no_gap_and_no_double(
            sizes in prop::collection::vec(1u64..5, 1..20), released in 0usize..20, ahead in 0u64..12,
        ) {
            let mut buffer = CatchUpBuffer::buffering();
            let (mut received, mut head, mut released_at) = (Vec::new(), 0, None);
            for (turn, size) in sizes.iter().enumerate() {
                if turn == released.min(sizes.len() - 1) {
                    let at = ahead.min(sizes.iter().sum());
                    received.extend((1..=at).map(|seq| seq as u8));
                    received.extend(buffer.release(Seq(at)).unwrap().concat());
                    released_at = Some(at);
                }
                let batch = batch(head + 1, head + size);
                head += size;
                if let Some(bytes) = buffer.offer(&batch) {
                    received.extend_from_slice(&bytes);
                }
            }
            let last = head.max(released_at.unwrap_or(0));
            prop_assert_eq!(received, (1..=last).map(|seq| seq as u8).collect::<Vec<_>>());
        }
    }

    #[test]
    fn when_too_much_waits_the_read_goes_on() {
        let mut buffer = CatchUpBuffer::buffering();
        let big = Batch { bytes: vec![0; LIVE_QUEUE_BYTES + 1].into(), ends: [(Seq(5), 1)].into() };
        assert_eq!(buffer.offer(&big), None);
        assert_eq!(buffer.release(Seq(4)), Err(Seq(5)));
        assert_eq!(buffer.release(Seq(5)), Ok(Vec::new()));
    }
}
