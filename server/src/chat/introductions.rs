//! Who authors and members are at present: events keep the name of their time.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use shared::account::Profile;
use shared::{Posted, RoomEvent, ServerFrame, UserId, UserName};

use super::Session;

/// Users that are remembered for a connection; beyond that they are told again.
const MOST: usize = 1_000;

/// A name and a profile.
type Present = (UserName, Option<Arc<Profile>>);

/// What a connection was told of users. Boxed, because most are told nothing.
#[derive(Default)]
pub(super) struct Introduced(OnceLock<Box<Told>>);

#[derive(Default)]
struct Told {
    /// With pages of messages and members.
    with_pages: Mutex<HashMap<UserId, Present>>,
    /// How many changes of accounts there were when it was told of all of them.
    changes: AtomicU64,
}

impl Introduced {
    /// Returns whether this is news.
    fn is_news(&self, frame: &ServerFrame) -> bool {
        let ServerFrame::UserChanged { user, user_id, profile } = frame else { return false };
        let told = &self.0.get_or_init(Box::default).with_pages;
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() >= MOST {
            told.clear();
        }
        let before = told.insert(*user_id, (user.clone(), profile.clone()));
        before.is_none_or(|(name, known)| name != *user || known != *profile)
    }

    fn changes(&self) -> u64 {
        self.0.get().map_or(0, |told| told.changes.load(Ordering::Relaxed))
    }

    fn told_changes(&self, count: u64) {
        self.0.get_or_init(Box::default).changes.fetch_max(count, Ordering::Relaxed);
    }
}

impl Session {
    /// Tells who somebody is at present, unless the client knows.
    pub(super) fn introduce(&self, user: UserId, name: &UserName) {
        let Some(frame) = self.chat.accounts.introduction(user, name) else { return };
        if self.introduced.is_news(&frame) {
            self.tell_present(user, frame);
        }
    }

    /// Tells somebody who has come back which accounts were changed: messages that they kept may be of people who wrote
    /// nothing since. Call it when the connection is in a room: from then on it is told at once.
    pub(super) fn tell_changed(&self) {
        let (count, changed) = self.chat.accounts.changed_since(self.introduced.changes());
        if changed.is_empty() {
            return;
        }
        for user in changed {
            if let Some(frame) = self.chat.accounts.present(user) {
                self.tell_present(user, frame);
            }
        }
        self.introduced.told_changes(count);
    }

    /// Tells who somebody is, and again if that was changed meanwhile: the hub may have told that before this was told.
    fn tell_present(&self, user: UserId, mut frame: ServerFrame) {
        loop {
            self.handle.answer(&frame);
            match self.chat.accounts.present(user) {
                Some(present) if present != frame => frame = present,
                _ => return,
            }
        }
    }

    /// Tells, before messages are sent, who their authors are at present.
    pub(super) fn introduce_authors<'a>(&self, messages: impl IntoIterator<Item = &'a Posted>) {
        for Posted { sender_id, sender, .. } in messages {
            self.introduce(*sender_id, sender);
        }
    }

    /// [`Self::introduce_authors`] of the messages among events.
    pub(super) fn introduce_authors_in(&self, events: &[RoomEvent]) {
        self.introduce_authors(events.iter().filter_map(|event| match event {
            RoomEvent::Posted(posted) => Some(posted),
            RoomEvent::Changed(_) | RoomEvent::Unknown { .. } => None,
        }));
    }
}
