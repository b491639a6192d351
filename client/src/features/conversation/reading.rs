//! The reader's position in a room: which rows are on the page, and when more are fetched.

use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use shared::{RoomAddress, Seq};
use web_sys::{Element, HtmlElement};

use super::scroll::{Scroll, Target};
use crate::browser::dates;
use crate::browser::later::in_a_frame;
use crate::core::Store;
use crate::core::room::Room;
use crate::core::room::viewport::{Aim, Edge, Goal};
use crate::core::timeline::{Reader, Timeline};

/// How long the message that the reader jumped to is highlighted.
const MARKED: Duration = Duration::from_millis(2_200);
/// Maximum number of frames to wait until the target of a jump is rendered.
const PATIENCE: u32 = 30;
/// The attribute that highlights the target of a jump.
const FOUND: &str = "data-found";

/// The reader's position in one room.
#[derive(Clone, Copy)]
pub struct Reading {
    /// The rows on the page.
    pub rows: Memo<Timeline>,
    /// Whether the messages around the reader's target are loaded.
    pub loaded: Memo<bool>,
    /// Whether there is nothing before the rows.
    pub whole: Memo<bool>,
    /// Loading state before the rows.
    pub older: Memo<Edge>,
    /// Loading state after the rows.
    pub newer: Memo<Edge>,
    /// Whether the reader is at the newest message and follows new ones.
    pub following: RwSignal<bool>,
    store: Store,
    name: StoredValue<RoomAddress>,
    state: Memo<Option<ArcRwSignal<Room>>>,
    aim: Memo<Option<Aim>>,
    /// Number of the last aim that the view has reached.
    reached: RwSignal<Option<u32>>,
    scroll: StoredValue<Option<Rc<Scroll>>, LocalStorage>,
}

impl Reading {
    /// Follows the aim of the room.
    pub fn new(store: Store, name: StoredValue<RoomAddress>, state: Memo<Option<ArcRwSignal<Room>>>) -> Self {
        let reading = Self {
            rows: Memo::new(move |_| rows(store, state.get(), &name.get_value())),
            loaded: of(state, Room::has_arrived),
            whole: of(state, |room| room.is_loaded() && !room.has_older()),
            older: of(state, Room::older),
            newer: of(state, Room::newer),
            following: RwSignal::new(false),
            store,
            name,
            state,
            aim: of(state, Room::aim),
            reached: RwSignal::new(None),
            scroll: StoredValue::new_local(None),
        };
        let at_head = of(state, |room| room.log().is_at_head());
        Effect::new(move || {
            let at_head = at_head.get();
            reading.with_scroll(|scroll| scroll.ends_room(at_head));
            in_a_frame(reading.reached, move || reading.scrolled());
        });
        Effect::new(move || {
            if let Some(aim) = reading.aim.get() {
                reading.go(aim);
            }
        });
        // The rows may stay the same while the loading state at their edges changes.
        Effect::new(move || {
            reading.rows.track();
            reading.older.track();
            reading.newer.track();
            in_a_frame(reading.reached, move || reading.look());
        });
        on_cleanup(move || reading.with_scroll(Scroll::release));
        reading
    }

    /// Called when the elements are mounted.
    pub fn attach(self, view: HtmlElement, list: &Element) {
        if self.scroll.with_value(Option::is_none) {
            self.scroll.set_value(Some(Scroll::new(view, list, move || self.look())));
            let at_head = self.with_room(|room| room.log().is_at_head()).unwrap_or(true);
            self.with_scroll(|scroll| scroll.ends_room(at_head));
            if let Some(aim) = self.aim.get_untracked() {
                self.go(aim);
            }
        }
    }

    /// Called when the reader scrolled.
    pub fn scrolled(self) {
        self.with_scroll(Scroll::note);
        self.look();
    }

    /// Goes to the newest message.
    pub fn to_latest(self) {
        self.name.with_value(|name| self.store.go_to_latest(name));
    }

    /// Whether the reader is further up than the newest message. Not before the view has come to rest for the first time.
    /// Tracked.
    pub fn is_behind(self) -> bool {
        self.loaded.get() && self.reached.get().is_some() && !self.following.get()
    }

    /// Whether the newest message is on screen and the reader has not seen it. Tracked.
    pub fn sees_news(self) -> bool {
        let reached = self.aim.get().map(|aim| aim.number) == self.reached.get();
        let readable = self.state.get().is_some_and(|room| room.with(Room::is_readable));
        self.following.get() && reached && readable
    }

    /// Scrolls the view to the aim.
    fn go(self, aim: Aim) {
        self.with_scroll(|scroll| {
            scroll.aim(match aim.goal {
                Goal::Latest => Target::Bottom,
                Goal::Unread => Target::Top("[data-testid=unread-divider]"),
                Goal::Message(seq) => Target::Middle(format!("[data-seq='{seq}']")),
            });
        });
        self.arrive(aim, PATIENCE);
    }

    /// Waits until the rows are laid out; then the reader has arrived, or the target is not on the page.
    fn arrive(self, aim: Aim, frames: u32) {
        in_a_frame(self.reached, move || {
            if self.aim.get_untracked() != Some(aim) {
                return;
            }
            // The rows are rendered in the first frame.
            let reached = (frames < PATIENCE)
                .then(|| self.scroll.try_with_value(|scroll| scroll.as_ref()?.arrived()).flatten())
                .flatten();
            if reached.is_none() && frames > 0 {
                self.arrive(aim, frames - 1);
                return;
            }
            if let (Some(element), Goal::Message(_)) = (reached, aim.goal) {
                mark(element);
            }
            self.with_scroll(Scroll::stay);
            self.reached.set(Some(aim.number));
            self.look();
        });
    }

    /// Fetches messages near the edges, and determines whether the reader follows.
    fn look(self) {
        // The reader may have switched rooms since the call was scheduled.
        let edges = self.scroll.try_with_value(|scroll| scroll.as_ref().and_then(|scroll| scroll.edges()));
        let Some(edges) = edges.flatten() else { return };
        if self.following.get_untracked() != edges.following {
            self.following.set(edges.following);
        }
        self.tell_place();
        if edges.top && self.older.get_untracked() == Edge::Idle {
            self.name.with_value(|name| self.store.ask_older(name));
        }
        if edges.bottom && self.newer.get_untracked() == Edge::Idle {
            self.name.with_value(|name| self.store.ask_newer(name));
        }
    }

    /// Records where the reader is: messages far from there are dropped first.
    fn tell_place(self) {
        let row = self.scroll.with_value(|scroll| scroll.as_ref().and_then(|scroll| scroll.reads()));
        let seq = row.and_then(|row| row.get_attribute("data-seq")?.parse().ok()).map(Seq);
        if let Some(room) = self.state.get_untracked() {
            room.try_update_untracked(|room| room.reads_at(seq));
        }
    }

    fn with_room<T>(self, look: impl FnOnce(&Room) -> T) -> Option<T> {
        self.state.get_untracked().map(|room| room.with_untracked(look))
    }

    fn with_scroll(self, act: impl FnOnce(&Scroll)) {
        self.scroll.try_with_value(|scroll| scroll.as_deref().map(act));
    }
}

/// Derives a value of the room that notifies its subscribers only when it changes.
fn of<T>(state: Memo<Option<ArcRwSignal<Room>>>, look: fn(&Room) -> T) -> Memo<T>
where
    T: Default + PartialEq + Send + Sync + 'static,
{
    Memo::new(move |_| state.get().map(|room| room.with(look)).unwrap_or_default())
}

fn rows(store: Store, room: Option<ArcRwSignal<Room>>, name: &RoomAddress) -> Timeline {
    dates::follow_zone();
    let Some(room) = room else { return Timeline::default() };
    let me = store.identity.get();
    store.blocks().track();
    room.with(|room| {
        if room.is_loaded() && !room.has_arrived() {
            return Timeline::default();
        }
        let reader = Reader {
            id: me.id,
            name: &me.name,
            present: &store.present(),
            day: &dates::day,
            folds: &|posted| store.folds(posted),
            divider: room.divider(),
            with_pending: room.ends_with_pending(),
        };
        store.outbox.with(|outbox| Timeline::new(room.log(), outbox.of(name), &reader))
    })
}

/// Highlights the target of a jump for a moment.
fn mark(message: Element) {
    // Setting an attribute with a valid name does not fail.
    let _ = message.set_attribute(FOUND, "true");
    set_timeout(move || drop(message.remove_attribute(FOUND)), MARKED);
}
