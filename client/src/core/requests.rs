//! Requests and their answers. Whoever asks says what becomes of the answer; a lost connection answers everybody.

use leptos::prelude::*;
use shared::{Command, ErrorCode, Failure, Request, RequestId, ServerFrame};

use super::Order;
use super::Store;
use super::notices::About;

/// Why a request has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoAnswer {
    /// The server refused it.
    Refused(Failure),
    /// There is no connection, or it broke before the answer came.
    Offline,
}

impl From<NoAnswer> for Failure {
    fn from(why: NoAnswer) -> Self {
        match why {
            NoAnswer::Refused(failure) => failure,
            NoAnswer::Offline => Self::new(ErrorCode::Unavailable, "there is no connection"),
        }
    }
}

/// The frame that answers a request.
pub type Answer<'a> = Result<&'a ServerFrame, NoAnswer>;

type Then = Box<dyn FnOnce(Answer<'_>) + Send + Sync>;

/// The requests that were not answered yet.
#[derive(Default)]
pub(super) struct Requests {
    sent: u64,
    /// Few at a time.
    pending: Vec<(u64, Then)>,
}

impl Store {
    /// Sends a request. Its answer needs no more than its frame says; when it is refused a notice says so.
    pub(super) fn ask(&self, command: Command) {
        if self.connection.get_untracked().is_online() {
            self.send(command);
        }
    }

    /// Sends a request and calls `then` exactly once: with its answer, before the answer changes anything else, or with the
    /// reason why there is none.
    pub fn request(&self, command: Command, then: impl FnOnce(Answer<'_>) + Send + Sync + 'static) {
        if !self.connection.get_untracked().is_online() {
            return then(Err(NoAnswer::Offline));
        }
        let number = self.send(command);
        self.with_inner(|inner| inner.requests.pending.push((number, Box::new(then))));
    }

    /// Hands an answer to whoever asked.
    pub(super) fn answered(&self, frame: &ServerFrame) {
        if let Some(then) = frame.request_id().and_then(|id| self.take_request(id)) {
            then(Ok(frame));
        }
    }

    /// Hands a refusal to whoever asked; with nobody there, a notice says so.
    pub(super) fn refused(&self, failure: Failure) {
        if let Some(then) = failure.id.as_ref().and_then(|id| self.take_request(id)) {
            return then(Err(NoAnswer::Refused(failure)));
        }
        self.refused_for_nobody(failure);
    }

    /// Handles a refusal that nobody waits for.
    pub(super) fn refused_for_nobody(&self, failure: Failure) {
        match failure.code {
            ErrorCode::NotAMember => {
                if let Some(room) = &failure.room {
                    self.left(room);
                }
            }
            // Typing and presence are sent again anyway.
            ErrorCode::RateLimited => {}
            _ => self.notify(About::Refused(failure)),
        }
    }

    /// The connection is gone, and with it the answers.
    pub(super) fn requests_lost(&self) {
        for (_, then) in self.with_inner(|inner| std::mem::take(&mut inner.requests.pending)) {
            then(Err(NoAnswer::Offline));
        }
    }

    fn send(&self, command: Command) -> u64 {
        let number = self.with_inner(|inner| {
            inner.requests.sent += 1;
            inner.requests.sent
        });
        self.order(Order::Send(Request { id: Some(RequestId::Number(number)), command }));
        number
    }

    fn take_request(&self, id: &RequestId) -> Option<Then> {
        match id {
            RequestId::Number(number) => self.with_inner(|inner| {
                let pending = &mut inner.requests.pending;
                let at = pending.iter().position(|(pending, _)| pending == number)?;
                Some(pending.remove(at).1)
            }),
            RequestId::Text(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use shared::Timestamp;

    use super::super::receive::tests::{on_a_page, requests};
    use super::*;

    #[test]
    fn a_request_is_answered_exactly_once_whatever_happens() {
        on_a_page(|store, orders| {
            let answers = Arc::new(Mutex::new(Vec::new()));
            let ask = |name: &'static str| {
                let answers = answers.clone();
                store.request(Command::Ping, move |answer| {
                    answers.lock().unwrap().push((name, answer.is_ok()));
                });
            };
            let heard = || std::mem::take(&mut *answers.lock().unwrap());
            ask("answered");
            ask("refused");
            ask("lost");
            let ids: Vec<_> = requests(orders).into_iter().map(|(id, _)| id).collect();
            let pong = ServerFrame::Pong { timestamp: Timestamp::from_millis(0), id: ids[0].clone() };
            store.receive(pong.clone());
            store.receive(pong);
            assert_eq!(heard(), [("answered", true)]);
            let failure = Failure { id: ids[1].clone(), ..Failure::new(ErrorCode::Internal, "") };
            store.receive(ServerFrame::Error { failure, timestamp: Timestamp::from_millis(0) });
            assert_eq!(heard(), [("refused", false)]);
            assert!(
                store.notices.with_untracked(|notices| notices.list().is_empty()),
                "it has its own words"
            );
            store.waiting(Timestamp::from_millis(0), false);
            assert_eq!(heard(), [("lost", false)]);
            ask("offline");
            assert_eq!(heard(), [("offline", false)]);
        });
    }
}
