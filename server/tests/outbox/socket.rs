//! A socket that is full on command, and frames that can be told apart.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use hiroba::delivery::TryWrite;

/// Accepts as many bytes as it was told to and records them.
#[derive(Clone, Default)]
pub struct Socket(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    received: Vec<u8>,
    room: usize,
    /// Maximum bytes per write; 0 for no bound.
    bite: usize,
    is_broken: bool,
}

impl Socket {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Makes room for `bytes` more bytes.
    pub fn allow(&self, bytes: usize) {
        let mut state = self.state();
        state.room = state.room.saturating_add(bytes);
    }

    /// From now on a write accepts at most `bytes` bytes.
    pub fn bite(&self, bytes: usize) {
        self.state().bite = bytes;
    }

    /// Makes every later write fail.
    pub fn fail(&self) {
        self.state().is_broken = true;
    }

    /// Whether a write would accept something, or report the end.
    pub fn is_writable(&self) -> bool {
        let state = self.state();
        state.room > 0 || state.is_broken
    }

    /// Returns the number of bytes that arrived.
    pub fn count(&self) -> usize {
        self.state().received.len()
    }

    pub fn received(&self) -> Received {
        Received::parse(&self.state().received)
    }
}

impl TryWrite for Socket {
    fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.state();
        if state.is_broken {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let bite = if state.bite == 0 { usize::MAX } else { state.bite };
        let count = bytes.len().min(state.room).min(bite);
        if count == 0 {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        state.room -= count;
        state.received.extend_from_slice(&bytes[..count]);
        Ok(count)
    }
}

/// Returns a frame of `length` bytes, at least 10, that carries its number.
pub fn frame(number: u32, length: usize) -> Bytes {
    assert!(length >= 10);
    let mut frame = vec![0x82, 126];
    frame.extend((length as u16 - 4).to_be_bytes());
    frame.extend(number.to_be_bytes());
    frame.resize(length, number as u8);
    frame.into()
}

/// A parsed stream.
#[derive(Debug, Default)]
pub struct Received {
    /// The numbers of the complete frames.
    pub numbers: Vec<u32>,
    /// The code of the close frame, if it is complete.
    pub code: Option<u16>,
    /// Bytes of an incomplete frame.
    pub unfinished: usize,
}

impl Received {
    pub fn parse(mut stream: &[u8]) -> Self {
        let mut this = Self::default();
        while !stream.is_empty() {
            assert_eq!(this.code, None, "something follows the close frame");
            let (length, is_close) = match *stream {
                [0x88, length, ..] => (2 + usize::from(length), true),
                [0x82, 126, a, b, ..] => (4 + usize::from(u16::from_be_bytes([a, b])), false),
                [0x82 | 0x88] | [0x82, 126] | [0x82, 126, _] => {
                    this.unfinished = stream.len();
                    break;
                }
                _ => panic!("no frame begins here: {:x?}", &stream[..stream.len().min(8)]),
            };
            let Some((frame, rest)) = stream.split_at_checked(length) else {
                this.unfinished = stream.len();
                break;
            };
            if is_close {
                this.code = Some(u16::from_be_bytes([frame[2], frame[3]]));
            } else {
                let number = u32::from_be_bytes([frame[4], frame[5], frame[6], frame[7]]);
                assert!(frame == self::frame(number, length), "frame {number} is damaged");
                this.numbers.push(number);
            }
            stream = rest;
        }
        this
    }
}
