//! What a person does with a message, from wherever it is shown.

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

/// The message that a layer is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Where.
    pub room: RoomAddress,
    /// Which one.
    pub seq: Seq,
    /// What the layer stands beside.
    pub anchor: Option<Anchor>,
}

/// What is being done, as a context.
#[derive(Clone, Copy)]
pub struct Actions {
    /// The message that the open layer is about.
    pub target: RwSignal<Option<Target>>,
    store: Store,
    layers: Layers,
    details: Details,
}

impl Actions {
    /// Begins with nothing.
    pub fn provide(store: Store, layers: Layers, details: Details) -> Self {
        let target = RwSignal::default();
        let actions = Self { target, store, layers, details };
        provide_context(actions);
        // The tools of the message stay until they have the focus again, which comes with the next frame.
        Effect::new(move || {
            if !layers.has_any() {
                in_a_frame(target, move || in_a_frame(target, move || actions.forget()));
            }
        });
        actions
    }

    /// Opens a layer about a message.
    pub fn open(self, layer: Layer, target: Target) {
        if layer == Layer::Versions {
            self.store.list_versions(target.room.clone(), target.seq);
        }
        self.target.set(Some(target));
        self.layers.open(layer);
    }

    /// Goes on to another layer about the same message.
    pub fn go_on(self, layer: Layer) {
        if let Some(target) = self.target.get_untracked() {
            self.open(layer, target);
        }
    }

    /// The message that the open layer is about, as it is now.
    pub fn posted(self) -> Option<Arc<Posted>> {
        let Target { room, seq, .. } = self.target.get()?;
        let room = self.store.room(&room)?;
        room.with(|room| room.message(seq).cloned().map(Arc::new))
    }

    /// Begins to edit a message of one's own.
    pub fn edit(self, room: &RoomAddress, seq: Seq) {
        self.layers.close_to(".edit-box.last textarea");
        self.store.begin_edit(room, seq);
    }

    /// The editing is over.
    pub fn edited(self, room: &RoomAddress, seq: Seq) {
        self.store.edits().maybe_update(|edits| edits.end(room, seq));
        request_animation_frame(|| focus::on("#composer"));
    }

    /// Edits the last message of one's own that is on the page. False if there is none.
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

    /// The next message answers this one.
    pub fn reply(self, room: &RoomAddress, seq: Seq) {
        self.store.set_reply(room, Some(seq));
        self.layers.close_to("#composer");
    }

    /// Reacts, or takes the reaction back.
    pub fn toggle(self, room: &RoomAddress, seq: Seq, emoji: Emoji) {
        let on = !self.has_reacted(room, seq, &emoji);
        self.store.react(room, seq, emoji, on);
    }

    /// Shows the replies to a message.
    pub fn show_replies(self, seq: Seq) {
        self.details.show(Panel::Replies(seq));
    }

    /// Puts the address of a message on the clipboard.
    pub fn copy_link(self, room: &RoomAddress, seq: Seq) {
        self.copy(location::message_link(room, seq), About::LinkCopied);
    }

    /// Puts the text of a message on the clipboard.
    pub fn copy_text(self, posted: &Posted) {
        if let Some(content) = &posted.content {
            self.copy(content.to_string(), About::TextCopied);
        }
    }

    /// Closes the open layer.
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

/// Whether `user` is known to have reacted with `emoji`.
pub fn reacted_with(reactions: &[shared::Reaction], emoji: &Emoji, user: UserId) -> bool {
    let of = reactions.iter().find(|reaction| reaction.emoji == *emoji);
    of.is_some_and(|reaction| reaction.users.iter().any(|reactor| reactor.user_id == user))
}

/// The actions, from the context.
pub fn use_actions() -> Actions {
    expect_context()
}
