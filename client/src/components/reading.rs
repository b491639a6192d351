//! Where in a room somebody reads: which rows are on the page, and when further ones are fetched.

use std::rc::Rc;

use leptos::prelude::*;
use shared::{RoomAddress, Seq};
use web_sys::{Element, HtmlElement};

use super::scroll::Scroll;
use crate::browser::dates;
use crate::state::Store;
use crate::state::room::{Older, Room};
use crate::state::timeline::{Reader, Timeline};

/// The window moves over a long room by so many messages.
const STEP: usize = 100;

/// A reader's place in one room.
#[derive(Clone, Copy)]
pub struct Reading {
    /// The rows on the page.
    pub rows: Memo<Timeline>,
    /// Whether the room's messages are there.
    pub loaded: Memo<bool>,
    /// Whether there is more above those that are loaded.
    pub older: Memo<Older>,
    /// Whether the reader is at the newest message and follows what is new.
    pub following: RwSignal<bool>,
    store: Store,
    name: StoredValue<RoomAddress>,
    state: Memo<Option<ArcRwSignal<Room>>>,
    /// The last message in the window; none: the latest.
    end: RwSignal<Option<Seq>>,
    scroll: StoredValue<Option<Rc<Scroll>>, LocalStorage>,
}

impl Reading {
    /// Begins at the newest message.
    pub fn new(store: Store, name: StoredValue<RoomAddress>, state: Memo<Option<ArcRwSignal<Room>>>) -> Self {
        let end = RwSignal::new(None);
        let reading = Self {
            rows: Memo::new(move |_| rows(store, state.get(), &name.get_value(), end.get())),
            loaded: Memo::new(move |_| state.get().is_some_and(|room| room.with(Room::is_loaded))),
            older: Memo::new(move |_| state.get().map_or(Older::None, |room| room.with(|room| room.older))),
            following: RwSignal::new(true),
            store,
            name,
            state,
            end,
            scroll: StoredValue::new_local(None),
        };
        // The rows may stay the same while what is beyond them changes.
        Effect::new(move || {
            reading.rows.track();
            reading.older.track();
            request_animation_frame(move || reading.look());
        });
        on_cleanup(move || reading.with_scroll(Scroll::release));
        reading
    }

    /// The elements are there.
    pub fn attach(self, view: HtmlElement, list: &Element) {
        if self.scroll.with_value(Option::is_none) {
            self.scroll.set_value(Some(Scroll::new(view, list, move || self.look())));
            self.look();
        }
    }

    /// The reader scrolled.
    pub fn scrolled(self) {
        let at_end = self.end.get_untracked().is_none();
        self.with_scroll(|scroll| scroll.note(at_end));
        self.look();
    }

    /// Goes to the newest message.
    pub fn to_latest(self) {
        self.end.set(None);
        self.with_scroll(Scroll::to_bottom);
    }

    /// Fetches what is near, and finds out whether the reader follows.
    fn look(self) {
        // The reader may have gone to another room since this was asked for.
        let edges = self.scroll.try_with_value(|scroll| scroll.as_ref().map(|scroll| scroll.edges()));
        let Some(edges) = edges.flatten() else { return };
        if self.following.get_untracked() != edges.following {
            self.following.set(edges.following);
        }
        let (above, below) = self.rows.with_untracked(|rows| (rows.hidden_above, rows.hidden_below));
        if edges.top && above {
            self.end.set(self.rows.with_untracked(|rows| rows.rows().iter().rev().nth(STEP)?.seq));
        } else if edges.bottom && below {
            self.end.set(further(self.state, self.end.get_untracked()));
        } else if edges.top && self.loaded.get_untracked() && self.older.get_untracked() == Older::Unknown {
            self.name.with_value(|name| self.store.ask_older(name));
        }
    }

    fn with_scroll(self, act: impl FnOnce(&Scroll)) {
        self.scroll.try_with_value(|scroll| scroll.as_deref().map(act));
    }
}

fn rows(store: Store, room: Option<ArcRwSignal<Room>>, name: &RoomAddress, end: Option<Seq>) -> Timeline {
    let (Some(room), Some(me)) = (room, store.identity.get()) else { return Timeline::default() };
    let reader = Reader { id: me.id, name: &me.name, day: &dates::day };
    room.with(|room| store.outbox.with(|outbox| Timeline::new(room.log(), outbox.of(name), end, &reader)))
}

/// The end of the window one step further down; none when that is the latest.
fn further(state: Memo<Option<ArcRwSignal<Room>>>, end: Option<Seq>) -> Option<Seq> {
    let room = state.get_untracked()?;
    room.with_untracked(|room| {
        let mut later = room.log().messages().map(|posted| posted.seq).filter(|seq| Some(*seq) > end);
        later.nth(STEP)
    })
}
