//! Who reacted to the message that somebody looks at: a message itself names only a few.

use leptos::prelude::*;
use shared::{Command, Emoji, Reactors, RoomAddress, Seq, ServerFrame};

use crate::core::Store;

/// The reactors that were looked up last, as a context.
#[derive(Clone, Copy)]
pub struct LastReactors {
    store: Store,
    last: RwSignal<Option<Reactors>>,
}

impl LastReactors {
    /// Creates the context.
    pub fn provide(store: Store) {
        provide_context(Self { store, last: RwSignal::default() });
    }

    /// The reactors to a message with `emoji`, if they were looked up last. Tracked.
    pub fn of(self, room: &RoomAddress, target: Seq, emoji: &Emoji) -> Option<Reactors> {
        let is = |of: &&Reactors| of.room == *room && of.target == target && of.emoji == *emoji;
        self.last.with(|last| last.as_ref().filter(is).cloned())
    }

    /// Looks up who reacted to a message with `emoji`.
    pub fn look_up(self, room: RoomAddress, target: Seq, emoji: Emoji) {
        self.store.request(Command::ListReactors { room, target, emoji, after: None }, move |answer| {
            // Without an answer the names listed in the message stay.
            if let Ok(ServerFrame::Reactors(reactors)) = answer {
                self.last.set(Some(reactors.clone()));
            }
        });
    }
}
