//! The people and rooms that the texts of the open room can mention.

use std::ops::Range;
use std::sync::Arc;

use leptos::prelude::*;
use shared::mention::{Called, find, rooms};
use shared::sort::sort_by_key;
use shared::{RoomAddress, RoomName, UserId};

use super::text_runs::Look;
use crate::core::Store;
use crate::core::directory::Directory;

/// Who and what can be mentioned, as a context.
#[derive(Clone, Copy)]
pub struct Names {
    /// The [keys](shared::UserName::key) of the names of the open room's members, sorted, and their ids.
    people: Memo<Arc<Vec<(String, UserId)>>>,
    /// Changes when a public room appears or disappears.
    rooms: Memo<u64>,
}

impl Names {
    /// Creates the context, which follows the members of the open room.
    pub fn provide(store: Store) {
        let room = Memo::new(move |_| store.open.get().and_then(|room| store.room(&room)));
        let naming = Memo::new(move |_| room.get().map(|room| room.with(|room| room.members.naming())));
        let rooms = Memo::new(move |_| store.directory.with(Directory::listing));
        let people = Memo::new(move |_| {
            let _ = naming.get();
            let Some(room) = room.get() else { return Arc::default() };
            room.with_untracked(|room| {
                let name = |member: &shared::Member| (member.username.key(), member.user_id);
                let mut people: Vec<(String, UserId)> = room.members.known().map(name).collect();
                sort_by_key(&mut people, |(key, _)| key.clone());
                Arc::new(people)
            })
        });
        provide_context(Self { people, rooms });
    }
}

/// Finds whom a text mentions in the open room, and which rooms; sorted. Tracked.
pub fn calls(text: &str) -> Vec<(Range<usize>, Look)> {
    let mut calls = Vec::new();
    let (has_people, has_rooms) = (text.contains(['@', '＠']), text.contains(['#', '＃']));
    if !has_people && !has_rooms {
        return calls;
    }
    let names: Names = expect_context();
    let store: Store = expect_context();
    if has_people {
        let me = store.me();
        let own = |called| called == Called::Room || me.map(Called::Person) == Some(called);
        let people = names.people.with(|people| {
            find(text, |key| {
                let at = people.binary_search_by(|(name, _)| name.as_str().cmp(key)).ok()?;
                Some(people[at].1)
            })
        });
        calls.extend(people.into_iter().map(|(range, called)| (range, Look::Call { own: own(called) })));
    }
    if has_rooms {
        let _ = names.rooms.get();
        let own = store.titles().with(|titles| {
            let named = |(room, title): (&RoomAddress, &String)| {
                Some((RoomName::new(title).ok()?.to_string(), room.clone()))
            };
            titles.iter().filter(|(room, _)| !room.is_direct()).filter_map(named).collect::<Vec<_>>()
        });
        let known = |name: &str| {
            let room = RoomAddress::from(RoomName::new(name).ok()?);
            let public = store.directory.with_untracked(|rooms| rooms.member_count(&room)).map(|_| room);
            // A private room of that title is known to its members only.
            public.or_else(|| own.iter().find(|(title, _)| title == name).map(|(_, room)| room.clone()))
        };
        calls.extend(rooms(text, known).into_iter().map(|(range, room)| (range, Look::Room(room))));
    }
    sort_by_key(&mut calls, |(range, _)| range.start);
    calls
}
