//! Present names of authors: events keep the name of their time.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use shared::{Posted, RoomEvent, ServerFrame, UserId, UserName};

use super::Session;

/// Names that are remembered for a connection; beyond that they are told again.
const MOST: usize = 1_000;

/// The names that a connection was told. Boxed, because most are told none.
#[derive(Default)]
pub(super) struct ToldNames(OnceLock<Box<Mutex<HashMap<UserId, UserName>>>>);

impl ToldNames {
    /// Returns whether this is news.
    fn tell(&self, user: UserId, name: &UserName) -> bool {
        let mut told = self.0.get_or_init(Box::default).lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() >= MOST {
            told.clear();
        }
        told.insert(user, name.clone()).as_ref() != Some(name)
    }
}

impl Session {
    /// Tells, before messages are sent, the present names of their authors who have another one by now.
    pub(super) fn tell_names<'a>(&self, messages: impl IntoIterator<Item = &'a Posted>) {
        for Posted { sender_id, sender, .. } in messages {
            let Some(name) = self.chat.accounts.name_to_tell(*sender_id, sender) else { continue };
            if self.names.tell(*sender_id, &name) {
                self.handle.answer(&ServerFrame::UserChanged { user: name, user_id: *sender_id });
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
