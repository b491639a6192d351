//! Properties that hold for any input, however the network splits it. Used by `fuzz/` and by the test that replays its
//! corpus.

use std::collections::VecDeque;

use shared::limits::FRAME_BYTES;

use super::{Decoder, Incoming, Violation};

/// The first bytes of an input determine how the rest is split.
const CUTS: usize = 4;

/// Decodes everything after the first [`CUTS`] bytes at once, and in pieces of the lengths that they give.
///
/// # Panics
/// The results differ, a message is too long, or too much is buffered.
pub fn check(input: &[u8]) {
    let (cuts, stream) = input.split_at(input.len().min(CUTS));
    let at_once = decode(stream, std::iter::once(stream.len().max(1)));
    let in_pieces = decode(stream, cuts.iter().map(|&cut| usize::from(cut) + 1));
    assert_eq!(at_once, in_pieces, "cut after {cuts:?}");
    for message in at_once.0 {
        match message {
            Incoming::Text(text) => assert!(text.len() <= FRAME_BYTES),
            Incoming::Ping(payload) => assert!(payload.len() <= 125),
            Incoming::Binary | Incoming::Pong | Incoming::Close(_) => {}
        }
    }
}

/// Decodes a stream in pieces of these lengths, cyclically. Returns the messages and how the stream ends.
pub(super) fn decode(
    stream: &[u8],
    lengths: impl Iterator<Item = usize> + Clone,
) -> (Vec<Incoming>, Result<(), Violation>) {
    let (mut decoder, mut out) = (Decoder::default(), VecDeque::new());
    let (mut stream, mut rest) = (stream.to_vec(), 0);
    for length in lengths.cycle() {
        if rest == stream.len() {
            break;
        }
        let end = stream.len().min(rest + length);
        if let Err(violation) = decoder.feed(&mut stream[rest..end], &mut out) {
            return (out.into(), Err(violation));
        }
        rest = end;
        assert!(decoder.kept() <= FRAME_BYTES + 256, "{} bytes are kept", decoder.kept());
    }
    (out.into(), Ok(()))
}
