//! A request over HTTP is a short connection: its socket keeps the answer, and drops everything else.

use std::io;
use std::sync::Arc;

use axum::http::HeaderMap;
use serde_json::{Map, Value};
use shared::{ErrorCode, Failure, Request, RoomAddress, ServerFrame};
use tokio::sync::oneshot;

use super::super::accounts::bearer;
use super::super::caller::caller;
use super::super::{AppState, ClientAddress};
use crate::chat::{Session, dispatch};
use crate::delivery::{ConnectionHandle, Outbox, TryWrite};
use crate::error::Error;

/// The `id` of every request, which is not in the answer.
pub(super) const ID: &str = "over http";
/// How it is written in a frame. A text cannot contain this: quotation marks in it are escaped.
const MARK: &[u8] = br#""id":"over http""#;

/// Somebody's session for the time of a request.
pub(in super::super) struct Visit {
    pub session: Session,
    answer: oneshot::Receiver<Vec<u8>>,
}

impl Visit {
    /// Begins a request of whom its headers name, in `room` if they are a member there.
    ///
    /// # Errors
    /// There are too many requests from this address, or it is banned; nobody is signed in by these headers, or a guest is not
    /// here at present.
    pub async fn enter(
        state: &AppState,
        headers: &HeaderMap,
        address: ClientAddress,
        room: Option<&RoomAddress>,
    ) -> Result<Self, Error> {
        state.admission.read(address.0)?;
        let caller = caller(state, address, bearer(headers)?).await?;
        let (found, answer) = oneshot::channel();
        let inbox = Inbox { waiting: Vec::new(), found: Some(found) };
        let handle = ConnectionHandle::new(Outbox::new(Box::new(inbox)), address.0, state.chat.now());
        // Nobody expects to hear of it, however long the request takes.
        handle.pause_silence();
        Ok(Self { session: Session::visit(&state.chat, Arc::new(handle), caller, room).await?, answer })
    }

    /// Carries out a request of the protocol, and returns the frame that answers it, without its `id`.
    ///
    /// # Errors
    /// It was refused, or the session ended meanwhile.
    pub async fn ask(self, state: &AppState, request: Request) -> Result<Map<String, Value>, Error> {
        let about = dispatch::subject(&request.command);
        let carried_out = self.session.carry_out(&state.chat.connection_rates(), request).await;
        carried_out.map_err(|error| Error::from(about.name(error.into_failure(), None)))?;
        // The hub closes a connection whose session has ended.
        let bytes = self.answer.await.map_err(|_| {
            let message = "the session ended before the answer";
            Error::from(Failure::new(ErrorCode::NotAuthenticated, message))
        })?;
        let mut answer: Map<String, Value> =
            serde_json::from_slice(&bytes).map_err(|_| Failure::new(ErrorCode::Internal, "no answer"))?;
        if answer.get("type").is_some_and(|kind| kind == "error")
            && let Ok(ServerFrame::Error { failure, .. }) = serde_json::from_slice(&bytes)
        {
            return Err(Failure { id: None, ..failure }.into());
        }
        answer.remove("id");
        Ok(answer)
    }
}

/// The socket. Takes everything at once.
struct Inbox {
    /// The beginning of a frame.
    waiting: Vec<u8>,
    found: Option<oneshot::Sender<Vec<u8>>>,
}

impl TryWrite for Inbox {
    fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.extend_from_slice(bytes);
        let mut taken = 0;
        while let Some((opcode, payload, after)) = frame(&self.waiting[taken..]) {
            taken = self.waiting.len() - after.len();
            match opcode {
                TEXT if has_mark(payload) => {
                    if let Some(found) = self.found.take() {
                        // Whoever asked may have gone.
                        let _ = found.send(payload.to_vec());
                    }
                }
                CLOSE => drop(self.found.take()),
                _ => {}
            }
        }
        self.waiting.drain(..taken);
        Ok(bytes.len())
    }
}

const TEXT: u8 = 0x1;
const CLOSE: u8 = 0x8;

/// Splits the first frame off: its opcode, its payload, and what follows (RFC 6455, section 5.2, unmasked).
fn frame(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[first, length], rest) = bytes.split_first_chunk::<2>()?;
    let (length, rest) = match length {
        126 => rest.split_first_chunk().map(|(length, rest)| (u16::from_be_bytes(*length).into(), rest))?,
        127 => rest.split_first_chunk().map(|(length, rest)| (u64::from_be_bytes(*length), rest))?,
        short => (short.into(), rest),
    };
    let (payload, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    Some((first & 0xF, payload, rest))
}

fn has_mark(payload: &[u8]) -> bool {
    payload.windows(MARK.len()).any(|window| window == MARK)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::{Priority, encode};

    #[test]
    fn the_answer_is_found_however_it_is_cut() {
        let named = |length: usize| {
            let message = "x".repeat(length);
            let failure = Failure {
                id: serde_json::from_str("\"over http\"").unwrap(),
                ..Failure::new(ErrorCode::Internal, message)
            };
            encode::text(&ServerFrame::Error { failure, timestamp: crate::hub::wall_clock() })
        };
        for length in [1, 100, 200, 70_000] {
            let other = encode::text(&ServerFrame::Done { id: None });
            let bytes = [&other[..], &encode::ping(), &named(length), &other].concat();
            for step in [1_000_000, 999, 7] {
                let (found, mut answer) = oneshot::channel();
                let mut inbox = Inbox { waiting: Vec::new(), found: Some(found) };
                for part in bytes.chunks(step.max(length / 100)) {
                    assert_eq!(inbox.try_write(part).unwrap(), part.len());
                }
                let frame = answer.try_recv().unwrap();
                assert!(frame.starts_with(b"{\"type\":\"error\"") && frame.len() > length);
                assert!(inbox.waiting.is_empty());
            }
        }
    }

    #[test]
    fn a_text_is_no_answer() {
        let (found, mut answer) = oneshot::channel();
        let outbox = Outbox::new(Box::new(Inbox { waiting: Vec::new(), found: Some(found) }));
        let failure = Failure::new(ErrorCode::Internal, r#""id":"over http""#);
        let frame = ServerFrame::Error { failure, timestamp: crate::hub::wall_clock() };
        outbox.send(encode::text(&frame), Priority::Answer);
        assert!(answer.try_recv().is_err());
    }
}
