//! TLS of one connection without its socket: bytes of the peer in, plain bytes out, and the other way round.
//!
//! It uses the unbuffered API of rustls, because the buffered one keeps 4 KiB for each connection for ever. Here an idle
//! connection keeps no buffer at all.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;

use rustls::server::{ServerConnectionData, UnbufferedServerConnection};
use rustls::unbuffered::{ConnectionState, EncodeError, EncodeTlsData, EncryptError, UnbufferedStatus};
use rustls::{Error, ServerConfig};

/// Bytes that wait for the socket, above which a peer that makes us answer without reading is given up.
const MOST_SEALED: usize = 256 * 1024;
/// Room for what encryption adds to a record of at most 16 KiB (RFC 8446, section 5.2).
const RECORD: usize = 16 * 1024;
const RECORD_ADDS: usize = 256;

/// What is the case after some bytes were processed.
enum Step {
    /// Something was done, and there may be more.
    Again,
    /// More bytes are needed, or whatever arrived is processed.
    Done,
}

/// The TLS state of one connection.
pub(super) struct Session {
    /// Boxed: it is large, and futures that own a session are moved.
    connection: Box<UnbufferedServerConnection>,
    /// Received bytes that are no whole record yet; at most one record.
    partial: Vec<u8>,
    /// Decrypted bytes that were not taken yet; at most what one read received.
    opened: VecDeque<u8>,
    /// Bytes for the socket; all but the first `sent`.
    sealed: Vec<u8>,
    sent: usize,
    is_established: bool,
    /// The peer will send nothing more.
    is_ended: bool,
    is_closed: bool,
}

impl Session {
    pub(super) fn new(config: Arc<ServerConfig>) -> Result<Self, Error> {
        Ok(Self {
            connection: Box::new(UnbufferedServerConnection::new(config)?),
            partial: Vec::new(),
            opened: VecDeque::new(),
            sealed: Vec::new(),
            sent: 0,
            is_established: false,
            is_ended: false,
            is_closed: false,
        })
    }

    /// Whether the handshake is over, so that [`Self::seal`] may be called.
    pub(super) fn is_established(&self) -> bool {
        self.is_established
    }

    /// Whether the peer said that it will send nothing more.
    pub(super) fn is_ended(&self) -> bool {
        self.is_ended
    }

    /// Processes bytes of the peer.
    ///
    /// # Errors
    /// The peer broke the protocol. [`Self::unsent`] has the alert that says so.
    pub(super) fn receive(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.partial.extend_from_slice(bytes);
        let processed = self.process();
        if self.partial.is_empty() {
            self.partial = Vec::new();
        }
        if processed.is_err() {
            // What was queued with the error is the alert.
            let _ = self.process();
        }
        processed.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        if self.unsent().len() > MOST_SEALED {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        Ok(())
    }

    /// Moves decrypted bytes into `buffer` and returns how many.
    pub(super) fn take(&mut self, buffer: &mut [u8]) -> usize {
        let count = io::Read::read(&mut self.opened, buffer).unwrap_or_default();
        if self.opened.is_empty() {
            self.opened = VecDeque::new();
        }
        count
    }

    pub(super) fn has_opened(&self) -> bool {
        !self.opened.is_empty()
    }

    /// Encrypts `bytes` behind `out`, after what had to be said before.
    ///
    /// # Errors
    /// The handshake is not over, or the connection is closed.
    pub(super) fn seal(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
        if !self.is_established || self.is_closed {
            return Err(io::ErrorKind::NotConnected.into());
        }
        let mut room = bytes.len() + (bytes.len() / RECORD + 1) * RECORD_ADDS;
        loop {
            let UnbufferedStatus { discard, state } = self.connection.process_tls_records(&mut self.partial);
            let is_sealed = match state.map_err(io::Error::other)? {
                ConnectionState::WriteTraffic(mut traffic) => {
                    let begin = out.len();
                    out.resize(begin + room, 0);
                    let encrypted = traffic.encrypt(bytes, &mut out[begin..]);
                    out.truncate(begin + encrypted.as_ref().copied().unwrap_or_default());
                    match encrypted {
                        Ok(_) => true,
                        Err(EncryptError::InsufficientSize(needs)) => {
                            room = needs.required_size;
                            false
                        }
                        Err(EncryptError::EncryptExhausted) => {
                            return Err(io::ErrorKind::NotConnected.into());
                        }
                    }
                }
                // What has to be said first, as the answer to an update of keys.
                ConnectionState::EncodeTlsData(data) => {
                    encode(data, out);
                    false
                }
                ConnectionState::TransmitTlsData(data) => {
                    data.done();
                    false
                }
                // `receive` has processed everything that arrived.
                _ => return Err(io::ErrorKind::NotConnected.into()),
            };
            drain(&mut self.partial, discard);
            if is_sealed {
                return Ok(());
            }
        }
    }

    /// Says that nothing more will come from us.
    pub(super) fn close(&mut self) {
        if self.is_closed || !self.is_established {
            return;
        }
        self.is_closed = true;
        let mut alert = vec![0; RECORD_ADDS];
        let UnbufferedStatus { discard, state } = self.connection.process_tls_records(&mut self.partial);
        if let Ok(ConnectionState::WriteTraffic(mut traffic)) = state
            && let Ok(count) = traffic.queue_close_notify(&mut alert)
        {
            self.sealed.extend_from_slice(&alert[..count]);
        }
        drain(&mut self.partial, discard);
    }

    /// Bytes that the socket has not accepted yet.
    pub(super) fn unsent(&self) -> &[u8] {
        &self.sealed[self.sent..]
    }

    /// Remembers bytes that the socket did not accept.
    pub(super) fn keep(&mut self, bytes: &[u8]) {
        self.sealed.extend_from_slice(bytes);
    }

    /// Notes that the socket accepted this many more bytes.
    pub(super) fn sent(&mut self, count: usize) {
        self.sent += count;
        if self.sent == self.sealed.len() {
            (self.sealed, self.sent) = (Vec::new(), 0);
        }
    }

    /// Processes the whole records of `partial`.
    fn process(&mut self) -> Result<(), Error> {
        while let Step::Again = self.step()? {}
        Ok(())
    }

    fn step(&mut self) -> Result<Step, Error> {
        let UnbufferedStatus { discard, state } = self.connection.process_tls_records(&mut self.partial);
        let step = match state {
            Ok(ConnectionState::ReadTraffic(mut traffic)) => {
                while let Some(record) = traffic.next_record() {
                    self.opened.extend(record?.payload);
                }
                Ok(Step::Again)
            }
            Ok(ConnectionState::EncodeTlsData(data)) => {
                encode(data, &mut self.sealed);
                Ok(Step::Again)
            }
            Ok(ConnectionState::TransmitTlsData(data)) => {
                data.done();
                Ok(Step::Again)
            }
            Ok(ConnectionState::PeerClosed) => {
                self.is_ended = true;
                Ok(Step::Again)
            }
            Ok(ConnectionState::WriteTraffic(_)) => {
                self.is_established = true;
                Ok(Step::Done)
            }
            // Early data is never accepted (`max_early_data_size` is 0).
            Ok(_) => Ok(Step::Done),
            Err(error) => Err(error),
        };
        drain(&mut self.partial, discard);
        step
    }
}

/// Appends what rustls has to say. It tells the size only by refusing too little room.
fn encode(mut data: EncodeTlsData<'_, ServerConnectionData>, out: &mut Vec<u8>) {
    let begin = out.len();
    if let Err(EncodeError::InsufficientSize(needs)) = data.encode(&mut []) {
        out.resize(begin + needs.required_size, 0);
        let encoded = data.encode(&mut out[begin..]).unwrap_or_default();
        out.truncate(begin + encoded);
    }
}

fn drain(buffer: &mut Vec<u8>, count: usize) {
    buffer.drain(..count);
}
