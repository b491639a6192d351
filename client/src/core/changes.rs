//! The user's messages and changes. They show at once and are sent in order when possible.

use leptos::prelude::*;
use shared::{ClientMessageId, Emoji, MessageText, Posted, RoomAddress, Seq};

use super::Store;
use super::now;
use super::pending::{MessageChange, ReplyTo, What};

/// A message that another one replies to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quoted {
    /// Its current state; it may be deleted.
    Known(Posted),
    /// Requested.
    Loading,
    /// It does not exist.
    Missing,
}

impl Store {
    /// Posts a message, as a reply if one was chosen. It shows at once and is sent when possible.
    pub fn post(&self, room: RoomAddress, text: MessageText) {
        let reply_to = self.replying.try_update(|replying| replying.remove(&room)).flatten();
        self.in_room(&room, super::room::Room::release);
        self.go_to_latest(&room);
        self.write(room, What::Message { text, reply_to });
    }

    /// Starts editing one of the user's own messages.
    pub fn begin_edit(&self, room: &RoomAddress, seq: Seq) {
        if let Some(epoch) =
            self.room_untracked(room).map(|room| room.with_untracked(super::room::Room::epoch))
        {
            self.edits().update(|edits| edits.begin(room.clone(), epoch, seq));
        }
    }

    /// Replaces the text of one of the user's own messages.
    pub fn edit(&self, room: &RoomAddress, seq: Seq, text: MessageText) {
        let same = self.room_untracked(room).is_some_and(|room| {
            room.with_untracked(|room| {
                room.message(seq).is_some_and(|posted| posted.content.as_ref() == Some(&text))
            })
        });
        if !same {
            self.change(room, seq, MessageChange::Edit(text));
        }
    }

    /// Deletes one of the user's own messages.
    pub fn delete(&self, room: &RoomAddress, seq: Seq) {
        self.change(room, seq, MessageChange::Delete);
    }

    /// Adds or removes a reaction.
    pub fn react(&self, room: &RoomAddress, seq: Seq, emoji: Emoji, on: bool) {
        self.change(room, seq, MessageChange::React { emoji, on });
    }

    /// Pins or unpins a message.
    pub fn pin(&self, room: &RoomAddress, seq: Seq, on: bool) {
        self.change(room, seq, MessageChange::Pin(on));
    }

    /// Retries what was refused.
    pub fn retry(&self, id: ClientMessageId) {
        self.outbox.update(|outbox| outbox.retry(id));
        self.send_pending();
    }

    /// Discards what was refused.
    pub fn discard(&self, id: ClientMessageId) {
        self.outbox.update(|outbox| outbox.discard(id));
    }

    /// Sets or clears the message that the next one in `room` replies to.
    pub fn set_reply(&self, room: &RoomAddress, seq: Option<Seq>) {
        let Some(epoch) = self.room_untracked(room).map(|room| room.with_untracked(super::room::Room::epoch))
        else {
            return;
        };
        self.replying.update(|replying| match seq {
            Some(seq) => drop(replying.insert(room.clone(), ReplyTo { epoch, seq })),
            None => drop(replying.remove(room)),
        });
    }

    /// The message that the next one in `room` replies to.
    pub fn reply_to(&self, room: &RoomAddress) -> Option<Seq> {
        self.replying.with(|replying| replying.get(room).map(|reply| reply.seq))
    }

    /// The message that another one replies to. For messages in the window it is requested automatically, otherwise
    /// with [`Self::fetch`].
    pub fn quoted(&self, room: &RoomAddress, seq: Seq) -> Quoted {
        let Some(room) = self.room(room) else { return Quoted::Loading };
        room.with(|room| match room.message(seq) {
            Some(posted) => Quoted::Known(self.by_present_name(posted.clone())),
            None if room.is_missing(seq) => Quoted::Missing,
            None => Quoted::Loading,
        })
    }

    fn change(&self, room: &RoomAddress, target: Seq, change: MessageChange) {
        if let Some(epoch) =
            self.room_untracked(room).map(|room| room.with_untracked(super::room::Room::epoch))
        {
            self.write(room.clone(), What::Change { target, epoch, change });
        }
    }

    fn write(&self, room: RoomAddress, what: What) {
        let id = ClientMessageId::new(uuid::Uuid::now_v7());
        self.outbox.update(|outbox| outbox.write(id, room, what, now()));
        self.send_pending();
    }
}
