//! The actions on a message, from wherever it is shown.

use std::sync::Arc;

use leptos::prelude::*;
use shared::{Emoji, Posted, RoomAddress, Seq, UserId};

use super::details::{Details, Panel};
use super::focus;
use super::layers::{Layer, Layers};
use super::popup::Anchor;
use crate::browser::later::in_a_frame;
use crate::browser::{clipboard, location};
use crate::state::Store;
use crate::state::notices::About;

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
    store: Store,
    layers: Layers,
    details: Details,
}

impl Actions {
    /// Creates the context, without a target.
    pub fn provide(store: Store, layers: Layers, details: Details) -> Self {
        let target = RwSignal::default();
        let actions = Self { target, store, layers, details };
        provide_context(actions);
        // Keep the target, and with it the message's tools, until focus has returned to them on the next frame.
        Effect::new(move || {
            if !layers.has_any() {
                in_a_frame(target, move || in_a_frame(target, move || actions.forget()));
            }
        });
        actions
    }

    /// Opens a layer for a message.
    pub fn open(self, layer: Layer, target: Target) {
        if layer == Layer::Versions {
            self.store.list_versions(target.room.clone(), target.seq);
        }
        self.target.set(Some(target));
        self.layers.open(layer);
    }

    /// Switches to another layer for the same message.
    pub fn go_on(self, layer: Layer) {
        if let Some(target) = self.target.get_untracked() {
            self.open(layer, target);
        }
    }

    /// The current state of the message that the open layer refers to.
    pub fn posted(self) -> Option<Arc<Posted>> {
        let Target { room, seq, .. } = self.target.get()?;
        let room = self.store.room(&room)?;
        room.with(|room| room.message(seq).cloned().map(Arc::new))
    }

    /// Starts editing one of the user's own messages.
    pub fn edit(self, room: &RoomAddress, seq: Seq) {
        self.layers.close_to(".edit-box.last textarea");
        self.store.begin_edit(room, seq);
    }

    /// Ends editing.
    pub fn edited(self, room: &RoomAddress, seq: Seq) {
        self.store.edits().maybe_update(|edits| edits.end(room, seq));
        request_animation_frame(|| focus::on("#composer"));
    }

    /// Edits the user's last loaded message in the room. Returns false if there is none.
    pub fn edit_last(self, room: &RoomAddress) -> bool {
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

    /// Shows the replies to a message in the details pane.
    pub fn show_replies(self, seq: Seq) {
        self.details.show(Panel::Replies(seq));
    }

    /// Copies the link of a message.
    pub fn copy_link(self, room: &RoomAddress, seq: Seq) {
        self.copy(location::message_link(room, seq), About::LinkCopied);
    }

    /// Copies the text of a message.
    pub fn copy_text(self, posted: &Posted) {
        if let Some(content) = &posted.content {
            self.copy(content.to_string(), About::TextCopied);
        }
    }

    pub fn dismiss(self) {
        self.layers.close();
    }

    fn forget(self) {
        if !self.layers.is_any() && self.target.with_untracked(Option::is_some) {
            self.target.set(None);
        }
    }

    fn copy(self, text: String, done: About) {
        let store = self.store;
        leptos::task::spawn_local(async move {
            let about = if clipboard::copy(&text).await { done } else { About::NotCopied };
            store.notify(about);
        });
        self.dismiss();
    }

    fn has_reacted(self, room: &RoomAddress, seq: Seq, emoji: &Emoji) -> bool {
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
