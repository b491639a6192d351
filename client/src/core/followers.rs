//! Parts of the page that follow what happens in rooms, beside what the store itself keeps of them.

use std::sync::Arc;

use leptos::prelude::*;
use shared::{Epoch, RoomAddress, RoomEvent};

use super::Store;

/// Something that happened in a joined room, once the store has taken it in.
#[derive(Debug, Clone, Copy)]
pub enum Happening<'a> {
    /// An event of its log.
    Event(&'a RoomEvent),
    /// Its log is this one: what refers to messages of another leads nowhere.
    Log(Epoch),
}

type Follow = Arc<dyn Fn(&RoomAddress, Happening<'_>) + Send + Sync>;

/// Those who follow, with numbers of their own.
#[derive(Default)]
pub(super) struct Followers {
    given: u64,
    all: Vec<(u64, Follow)>,
}

impl Store {
    /// Calls `follow` for what happens in the joined rooms, until the current owner is cleaned up.
    pub fn follow(&self, follow: impl Fn(&RoomAddress, Happening<'_>) + Send + Sync + 'static) {
        let number = self.with_inner(|inner| {
            let Followers { given, all } = &mut inner.followers;
            *given += 1;
            all.push((*given, Arc::new(follow)));
            *given
        });
        let store = *self;
        on_cleanup(move || {
            store.with_inner(|inner| inner.followers.all.retain(|(other, _)| *other != number));
        });
    }

    pub(super) fn tell_followers(&self, room: &RoomAddress, happening: Happening<'_>) {
        // They may call the store.
        let all = self.with_inner(|inner| inner.followers.all.clone());
        for (_, follow) in all {
            follow(room, happening);
        }
    }
}
