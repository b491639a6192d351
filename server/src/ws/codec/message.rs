//! A message that comes in pieces: in fragments, or a fragment in several reads.

use super::{Incoming, Violation, not_utf8};

/// What has come of a message.
#[derive(Debug)]
pub(super) enum Message {
    Text(Text),
    /// Only its length counts.
    Binary(usize),
}

/// Text, checked as it comes (section 8.1): whoever sends bytes that are not UTF-8 is told before the message ends.
#[derive(Debug, Default)]
pub(super) struct Text {
    valid: String,
    /// The beginning of a character whose other bytes have not come: at most three bytes.
    split: Split,
}

#[derive(Debug, Clone, Copy, Default)]
struct Split {
    bytes: [u8; 4],
    count: u8,
}

impl Message {
    /// Nothing has come.
    pub(super) fn new(text: bool) -> Self {
        if text { Self::Text(Text::default()) } else { Self::Binary(0) }
    }

    /// Bytes that have come.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.valid.len() + text.split.as_bytes().len(),
            Self::Binary(count) => *count,
        }
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// Whatever follows, this is no UTF-8.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), Violation> {
        match self {
            Self::Text(text) => text.push(bytes),
            Self::Binary(count) => {
                *count += bytes.len();
                Ok(())
            }
        }
    }

    /// Nothing more comes.
    ///
    /// # Errors
    /// The last character is not complete.
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
        // What is not valid may be only the beginning of a character, if it stands at the end.
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
