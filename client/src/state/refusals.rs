//! Handles requests that the server refused.

use leptos::prelude::*;
use shared::{ErrorCode, Failure, RequestId, Timestamp};

use super::notices::About;
use super::place::{Goal, Page};
use super::room::Room;
use super::{Asked, Store, now};

/// Delay before a refused join without `retry_after_ms` is retried, in milliseconds.
const HEAL_AGAIN_AFTER: u64 = 2_000;

impl Store {
    /// Handles a refused request.
    pub(super) fn refused(&self, failure: Failure) {
        let asked = self.answered(failure.id.as_ref());
        if let Some(id) = failure.client_message_id {
            let given_up = self.outbox.try_update(|outbox| outbox.refused(id, &failure, now()));
            if given_up == Some(true) {
                self.notify(About::Refused(failure));
            }
            self.send_pending();
            return;
        }
        if self.with_inner(|inner| inner.reads.refused(&failure, now())) {
            return;
        }
        match asked {
            Some(Asked::Page(room, page)) => {
                let sought = self.in_room(&room, |room| {
                    let seeks = room.seeks(page);
                    room.page_failed(page);
                    seeks
                });
                if sought == Some(true) && matches!(page, Page::Around(_)) {
                    self.notify(About::Refused(failure));
                }
            }
            // A hole in a known room: retry.
            Some(Asked::Join(room)) if failure.code.retryable() && self.room_untracked(&room).is_some() => {
                let wait = failure.retry_after_ms.unwrap_or(HEAL_AGAIN_AFTER) as i64;
                let at = Timestamp::from_millis(now().millis() + wait);
                self.in_room(&room, |room| room.heal_later(at));
            }
            Some(Asked::Join(room)) => {
                if self.room_untracked(&room).is_none() && self.open.get_untracked().as_ref() == Some(&room) {
                    self.turn_to(self.rooms.with_untracked(|rooms| rooms.keys().next().cloned()));
                }
                self.notify(About::NotJoined(room, failure));
            }
            Some(Asked::Leave(room)) if failure.code == ErrorCode::NotAMember => {
                self.drop_drafts(&room);
                self.left(&room);
            }
            Some(Asked::Leave(_)) => self.notify(About::Refused(failure)),
            Some(Asked::Count(room)) => self.with_inner(|inner| inner.reads.count_later(room)),
            Some(asked) => self.lookup_failed(asked, failure),
            None if failure.code == ErrorCode::NotAMember => {
                if let Some(room) = &failure.room {
                    self.left(room);
                }
            }
            // Typing and presence are sent again anyway.
            None if failure.code == ErrorCode::RateLimited => {}
            None => self.notify(About::Refused(failure)),
        }
    }

    /// Removes and returns the pending request that this id answers.
    pub(super) fn answered(&self, id: Option<&RequestId>) -> Option<Asked> {
        match id? {
            RequestId::Number(number) => self.with_inner(|inner| inner.asked.remove(number)),
            RequestId::Text(_) => None,
        }
    }

    /// The requested message does not exist: shows a notice and the newest message.
    pub(super) fn no_such_message(&self, room: &shared::RoomAddress) {
        self.spot.set(None);
        self.notify(About::NoSuchMessage);
        let page = self.in_room(room, |room: &mut Room| room.seek(Goal::Latest)).flatten();
        self.ask_page(room, page);
    }

    /// Shows a notice.
    pub fn notify(&self, about: About) {
        self.notices.update(|notices| notices.show(about, now()));
    }
}
