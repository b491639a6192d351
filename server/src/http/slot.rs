//! The admission slot of a request's connection, and the time limit of an answer.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use shared::{ErrorCode, Failure};
use tokio::time::timeout;

use crate::error::Error;
use crate::ws::{self, Slot};

/// Time limit for building an answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// Suggested delay before a retry when no slot is free, in milliseconds.
const TRY_AGAIN: u64 = 5_000;

/// A connection's slot until it becomes a WebSocket; added to every request when its connection is accepted.
#[derive(Clone)]
pub struct ConnectionSlot {
    is_spare: bool,
    slot: Arc<Mutex<Option<Slot>>>,
}

impl ConnectionSlot {
    /// Wraps the slot of a new connection.
    pub fn new(slot: Slot) -> Self {
        Self { is_spare: matches!(slot, Slot::Spare(_)), slot: Arc::new(Mutex::new(Some(slot))) }
    }

    /// Takes the slot, for another protocol.
    pub(super) fn take(&self) -> Option<Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Builds an answer within the time limit. On a spare slot only health checks are answered; a WebSocket is refused
/// after its handshake.
pub(super) async fn answer(request: Request, next: Next) -> Response {
    let is_spare = request.extensions().get::<ConnectionSlot>().is_some_and(|slot| slot.is_spare);
    let is_short =
        matches!(request.uri().path(), "/healthz" | "/readyz") || ws::is_upgrade(request.headers());
    if is_spare && !is_short {
        return unavailable("there are too many connections");
    }
    let answer = timeout(ANSWER_WITHIN, next.run(request)).await;
    answer.unwrap_or_else(|_| unavailable("the answer took too long"))
}

fn unavailable(why: &str) -> Response {
    let failure = Failure::new(ErrorCode::Unavailable, why);
    Error::from(Failure { retry_after_ms: Some(TRY_AGAIN), ..failure }).into_response()
}
