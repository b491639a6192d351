//! A message that arrives in pieces: as fragments, or as a fragment in several reads.

use super::{Incoming, Violation, not_utf8};

/// What has arrived of a message.
#[derive(Debug)]
pub(super) enum Message {
    Text(Text),
    /// The number of bytes; the content is discarded.
    Binary(usize),
}

/// Text, validated as it arrives (section 8.1): invalid UTF-8 is refused before the message ends.
#[derive(Debug, Default)]
pub(super) struct Text {
    valid: String,
    /// The beginning of an incomplete character: at most three bytes.
    split: Split,
}

#[derive(Debug, Clone, Copy, Default)]
struct Split {
    bytes: [u8; 4],
    count: u8,
}

impl Message {
    /// Creates an empty message.
    pub(super) fn new(text: bool) -> Self {
        if text { Self::Text(Text::default()) } else { Self::Binary(0) }
    }

    /// Number of bytes received.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.valid.len() + text.split.as_bytes().len(),
            Self::Binary(count) => *count,
        }
    }

    /// Appends the next bytes.
    ///
    /// # Errors
    /// The text is not UTF-8, whatever follows.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), Violation> {
        match self {
            Self::Text(text) => text.push(bytes),
            Self::Binary(count) => {
                *count += bytes.len();
                Ok(())
            }
        }
    }

    /// Completes the message.
    ///
    /// # Errors
    /// The last character is incomplete.
    pub(super) fn complete(self) -> Result<Incoming, Violation> {
        match self {
            Self::Text(Text { valid, split }) if split.count == 0 => Ok(Incoming::Text(valid)),
            Self::Text(_) => Err(not_utf8()),
            Self::Binary(_) => Ok(Incoming::Binary),
        }
    }
}

impl Text {
    fn push(&mut self, mut bytes: &[u8]) -> Result<(), Violation> {
        while self.split.count > 0
            && let [next, rest @ ..] = bytes
        {
            self.split.add(*next);
            bytes = rest;
            match std::str::from_utf8(self.split.as_bytes()) {
                Ok(character) => {
                    self.valid.push_str(character);
                    self.split = Split::default();
                }
                Err(error) if error.error_len().is_none() => {}
                Err(_) => return Err(not_utf8()),
            }
        }
        let mut chunks = bytes.utf8_chunks();
        let Some(chunk) = chunks.next() else { return Ok(()) };
        self.valid.push_str(chunk.valid());
        // Invalid bytes at the end may be the beginning of a character.
        let is_cut = std::str::from_utf8(chunk.invalid()).map_or_else(|e| e.error_len().is_none(), |_| true);
        if !is_cut || chunks.next().is_some() {
            return Err(not_utf8());
        }
        chunk.invalid().iter().for_each(|&byte| self.split.add(byte));
        Ok(())
    }
}

impl Split {
    fn add(&mut self, byte: u8) {
        self.bytes[usize::from(self.count)] = byte;
        self.count += 1;
    }

    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.count)]
    }
}
