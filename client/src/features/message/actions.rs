//! The actions on a message, from wherever it is shown.

use std::sync::Arc;

use leptos::prelude::*;
use shared::{Emoji, Posted, Privilege, RoomAddress, Seq, UserId, UserName};

use crate::browser::clipboard;
use crate::browser::later::in_a_frame;
use crate::core::Store;
use crate::core::notices::About;
use crate::ui::clock::use_moment;
use crate::ui::focus;
use crate::ui::layers::{Layer, Layers};
use crate::ui::pane::Pane;
use crate::ui::popup::Anchor;

/// What somebody tells of themselves; `features/people` shows it.
pub const PERSON: Layer = Layer::dialog("person").giving_way();

/// The message that a layer refers to.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    pub room: RoomAddress,
    pub seq: Seq,
    /// Where the layer is placed.
    pub anchor: Option<Anchor>,
}

/// The message actions and their current target, as a context.
#[derive(Clone, Copy)]
pub struct Actions {
    /// The message that the open layer refers to.
    pub target: RwSignal<Option<Target>>,
    /// Where the layer [`PERSON`] is placed.
    pub person_at: RwSignal<Option<Anchor>>,
    pub store: Store,
    pub pane: Pane,
    layers: Layers,
    closed: Memo<bool>,
}

impl Actions {
    /// Creates the context, without a target.
    pub fn provide(store: Store, layers: Layers, pane: Pane) -> Self {
        let (target, person_at) = (RwSignal::default(), RwSignal::new(None));
        let now = use_moment().now;
        let closed = Memo::new(move |_| {
            let room = store.open.get();
            room.is_some_and(|room| store.is_closed(&room, now.get()))
        });
        let actions = Self { target, person_at, store, pane, layers, closed };
        provide_context(actions);
        // Keep the target, and with it the message's tools, until focus has returned to them on the next frame.
        Effect::new(move || {
            if !layers.has_dialog() {
                in_a_frame(target, move || in_a_frame(target, move || actions.forget()));
            }
        });
        actions
    }

    /// Whether the user may delete what others wrote in the open room. Tracked.
    pub fn moderates(self) -> bool {
        self.store.open.get().is_some_and(|room| self.store.may(&room, Privilege::DeleteMessage))
    }

    /// Whether the user can change nothing in the open room at present. Tracked.
    pub fn is_closed(self) -> bool {
        self.closed.get()
    }

    /// Opens a layer for a message.
    pub fn open(self, layer: Layer, target: Target) {
        self.target.set(Some(target));
        self.layers.open(layer);
    }

    /// Shows what somebody tells of themselves.
    pub fn show_person(self, id: UserId, name: UserName, anchor: Option<Anchor>) {
        self.store.look_at(id, name);
        self.person_at.set(anchor);
        self.layers.open(PERSON);
    }

    /// Opens the conversation with somebody.
    pub fn write_to(self, id: UserId) {
        let Self { store, layers, .. } = self;
        if let Some(room) = store.conversation_with(&[id]) {
            return layers.leave_for(store, room);
        }
        store.converse(vec![id], Vec::new(), move |answer| match answer {
            Ok(room) => layers.give_way(room),
            Err(why) => store.notify(why.into()),
        });
    }

    /// The current state of the message that the open layer refers to.
    pub fn posted(self) -> Option<Arc<Posted>> {
        self.posted_at(&self.target.get()?)
    }

    /// The current state of a message.
    pub fn posted_at(self, target: &Target) -> Option<Arc<Posted>> {
        let room = self.store.room(&target.room)?;
        room.with(|room| room.message(target.seq).cloned().map(Arc::new))
    }

    /// Starts editing one of the user's own messages.
    pub fn edit(self, room: &RoomAddress, seq: Seq) {
        self.layers.close_to(".edit-box.last textarea");
        self.store.begin_edit(room, seq);
    }

    /// Ends editing.
    pub fn edited(self, room: &RoomAddress, seq: Seq) {
        self.store.edits().maybe_update(|edits| edits.end(room, seq));
        focus::soon("#composer");
    }

    /// Edits the user's last loaded message in the room. Returns false if there is none.
    pub fn edit_last(self, room: &RoomAddress) -> bool {
        if untrack(|| self.is_closed()) {
            return false;
        }
        let last = self.store.room(room).zip(self.store.me()).and_then(|(room, me)| {
            let own = |posted: &&Posted| posted.sender_id == me && !posted.deleted;
            room.with_untracked(|room| room.log().messages().rev().find(own).map(|posted| posted.seq))
        });
        if let Some(seq) = last {
            self.edit(room, seq);
        }
        last.is_some()
    }

    /// Makes the next message a reply to this one.
    pub fn reply(self, room: &RoomAddress, seq: Seq) {
        self.store.set_reply(room, Some(seq));
        self.layers.close_to("#composer");
    }

    /// Adds the reaction, or removes it if the user has reacted already.
    pub fn toggle(self, room: &RoomAddress, seq: Seq, emoji: Emoji) {
        let on = !self.has_reacted(room, seq, &emoji);
        self.store.react(room, seq, emoji, on);
    }

    pub fn dismiss(self) {
        self.layers.close();
    }

    fn forget(self) {
        if !untrack(|| self.layers.has_dialog()) && self.target.with_untracked(Option::is_some) {
            self.target.set(None);
        }
    }

    /// Copies a text from the menu of a message and says so.
    pub fn copy(self, text: String, done: About) {
        self.to_clipboard(text, done);
        self.dismiss();
    }

    /// Copies a text and says so.
    pub fn to_clipboard(self, text: String, done: About) {
        let store = self.store;
        leptos::task::spawn_local(async move {
            let about = if clipboard::copy(&text).await { done } else { About::NotCopied };
            store.notify(about);
        });
    }

    /// Whether the user has reacted, as the page shows it: with what is not stored yet.
    fn has_reacted(self, room: &RoomAddress, seq: Seq, emoji: &Emoji) -> bool {
        if let Some(on) = self.store.outbox.with_untracked(|outbox| outbox.reacts(room, seq, emoji)) {
            return on;
        }
        let reacted = |me: UserId| {
            let room = untrack(|| self.store.room(room))?;
            room.with_untracked(|room| Some(reacted_with(&room.message(seq)?.reactions, emoji, me)))
        };
        untrack(|| self.store.me()).and_then(reacted).unwrap_or(false)
    }
}

/// Whether `user` is among the known reactors with `emoji`.
pub fn reacted_with(reactions: &[shared::Reaction], emoji: &Emoji, user: UserId) -> bool {
    let of = reactions.iter().find(|reaction| reaction.emoji == *emoji);
    of.is_some_and(|reaction| reaction.users.iter().any(|reactor| reactor.user_id == user))
}

/// Returns the actions from the context.
pub fn use_actions() -> Actions {
    expect_context()
}
