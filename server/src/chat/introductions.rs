//! Who authors and members are at present: events keep the name of their time.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::{Mutex, OnceLock, PoisonError};

use bytes::Bytes;
use shared::{Posted, RoomEvent, UserId, UserName};

use super::Session;
use crate::delivery::{Priority, encode};

/// Users that are remembered for a connection; beyond that they are told again.
const MOST: usize = 1_000;

/// What a connection was told of users. Boxed, because most are told nothing.
#[derive(Default)]
pub(super) struct Introduced(OnceLock<Box<Mutex<HashMap<UserId, u64>>>>);

impl Introduced {
    /// Returns whether this is news. Of what was told only a hash is kept.
    fn is_news(&self, user: UserId, frame: &Bytes) -> bool {
        let mut told = self.0.get_or_init(Box::default).lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() >= MOST {
            told.clear();
        }
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(frame);
        told.insert(user, hash) != Some(hash)
    }
}

impl Session {
    /// Tells who somebody is at present, unless the client knows.
    pub(super) fn introduce(&self, user: UserId, name: &UserName) {
        let Some(frame) = self.chat.accounts.introduction(user, name) else { return };
        let bytes = encode::text(&frame);
        if self.introduced.is_news(user, &bytes) {
            self.handle.outbox.send(bytes, Priority::Answer);
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
