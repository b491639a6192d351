//! The place of the connection that a request came on, and how long its answer may take.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use shared::{ErrorCode, Failure};
use tokio::time::timeout;

use crate::error::Error;
use crate::ws::{self, Place};

/// No answer takes longer to be made.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// When who found no place may try again, in milliseconds.
const TRY_AGAIN: u64 = 5_000;

/// A connection's place, until it becomes a WebSocket; put into every request when its connection is accepted.
#[derive(Clone)]
pub struct Seat {
    is_spare: bool,
    place: Arc<Mutex<Option<Place>>>,
}

impl Seat {
    /// The place of a fresh connection.
    pub fn new(place: Place) -> Self {
        Self { is_spare: matches!(place, Place::Spare(_)), place: Arc::new(Mutex::new(Some(place))) }
    }

    /// The place goes on to another protocol.
    pub(super) fn take(&self) -> Option<Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Makes an answer within its time. When all places are taken, only who asks for the server's health gets one; a
/// WebSocket is told after its handshake.
pub(super) async fn answer(request: Request, next: Next) -> Response {
    let is_spare = request.extensions().get::<Seat>().is_some_and(|seat| seat.is_spare);
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
