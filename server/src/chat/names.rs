//! Present names of authors: events keep the name of their time.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use shared::{Posted, RoomEvent, ServerFrame, UserId, UserName};

use super::Session;

/// Names that are remembered for a connection; beyond that they are told again.
const MOST: usize = 1_000;

/// The names that a connection was told. Boxed, because most are told none.
#[derive(Default)]
pub(super) struct ToldNames(OnceLock<Box<Told>>);

#[derive(Default)]
struct Told {
    /// With pages of messages.
    with_pages: Mutex<HashMap<UserId, UserName>>,
    /// How many changes of names there were when it was told of all of them.
    changes: AtomicU64,
}

impl ToldNames {
    /// Returns whether this is news.
    fn tell(&self, user: UserId, name: &UserName) -> bool {
        let told = &self.0.get_or_init(Box::default).with_pages;
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() >= MOST {
            told.clear();
        }
        told.insert(user, name.clone()).as_ref() != Some(name)
    }

    fn changes(&self) -> u64 {
        self.0.get().map_or(0, |told| told.changes.load(Ordering::Relaxed))
    }

    fn told_changes(&self, count: u64) {
        self.0.get_or_init(Box::default).changes.fetch_max(count, Ordering::Relaxed);
    }
}

impl Session {
    /// Tells, before messages are sent, the present names of their authors who have another one by now.
    pub(super) fn tell_names<'a>(&self, messages: impl IntoIterator<Item = &'a Posted>) {
        for Posted { sender_id, sender, .. } in messages {
            let Some(name) = self.chat.accounts.name_to_tell(*sender_id, sender) else { continue };
            if self.names.tell(*sender_id, &name) {
                self.tell_name(*sender_id, name);
            }
        }
    }

    /// Tells somebody who has come back which names were changed: messages that they kept may be of people who wrote nothing
    /// since. Call it when the connection is in a room: from then on it is told at once.
    pub(super) fn tell_changed_names(&self) {
        let (count, renamed) = self.chat.accounts.renamed_since(self.names.changes());
        if renamed.is_empty() {
            return;
        }
        for user in renamed {
            if let Ok(name) = self.chat.accounts.present_name(user) {
                self.tell_name(user, name);
            }
        }
        self.names.told_changes(count);
    }

    /// Tells a name, and the next one if it was changed meanwhile: the hub may have told that before this was told.
    fn tell_name(&self, user_id: UserId, mut name: UserName) {
        loop {
            self.handle.answer(&ServerFrame::UserChanged { user: name.clone(), user_id });
            match self.chat.accounts.present_name(user_id) {
                Ok(present) if present != name => name = present,
                _ => return,
            }
        }
    }

    /// [`Self::tell_names`] of the messages among events.
    pub(super) fn tell_names_in(&self, events: &[RoomEvent]) {
        self.tell_names(events.iter().filter_map(|event| match event {
            RoomEvent::Posted(posted) => Some(posted),
            RoomEvent::Changed(_) | RoomEvent::Unknown { .. } => None,
        }));
    }
}
