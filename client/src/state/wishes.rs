//! What the person wants.

use leptos::prelude::*;
use shared::limits::{MEMBERS_PAGE, WATCHED_MEMBERS};
use shared::{ClientMessageId, Command, MessageText, Request, RequestId, RoomAddress, Seq, UserId};

use super::room::Older;
use super::{Asked, Order, Store, now};

/// Events in a page of history: a few screens.
const HISTORY_PAGE: u16 = 60;

impl Store {
    /// Turns to a room, and joins it if this person is not in it.
    pub fn open(&self, room: RoomAddress) {
        match self.room_untracked(&room) {
            Some(_) => self.show_members(&room),
            None => self.join(room.clone()),
        }
        if self.open.get_untracked().as_ref() != Some(&room) {
            self.open.set(Some(room));
        }
    }

    /// Leaves a room.
    pub fn leave(&self, room: RoomAddress) {
        self.ask(Command::LeaveRoom { room });
    }

    /// Writes a message. It is on the page at once and sent when that is possible.
    pub fn post(&self, room: RoomAddress, text: MessageText) {
        let id = ClientMessageId::new(uuid::Uuid::now_v7());
        self.outbox.update(|outbox| outbox.write(id, room, text, now()));
        self.send_pending();
    }

    /// Tries a refused message again.
    pub fn retry(&self, id: ClientMessageId) {
        self.outbox.update(|outbox| outbox.retry(id));
        self.send_pending();
    }

    /// Gives a refused message up.
    pub fn discard(&self, id: ClientMessageId) {
        self.outbox.update(|outbox| outbox.discard(id));
    }

    /// Says that this person types, or has stopped.
    pub fn typing(&self, room: RoomAddress, is_typing: bool) {
        self.ask(Command::Typing { room, is_typing });
    }

    /// Asks for the messages above the oldest one.
    pub fn ask_older(&self, name: &RoomAddress) {
        let Some(room) = self.room_untracked(name) else { return };
        let askable = room.with_untracked(|room| {
            room.is_live() && room.is_loaded() && matches!(room.older, Older::Unknown | Older::Failed)
        });
        // Asked first: an update wakes readers even when it changes nothing.
        if askable && let Some(before) = room.try_update(super::room::Room::ask_older).flatten() {
            let (room, limit) = (name.clone(), Some(HISTORY_PAGE));
            let command = Command::History { room, before: Some(before), after: None, limit };
            self.ask_for(command, Some(Asked::History(name.clone())));
        }
    }

    /// Everything in the room up to `seq` was seen. The server is told with the next tick, because in a busy
    /// room the mark moves with every message.
    pub fn mark_read(&self, name: &RoomAddress, seq: Seq) {
        let Some(room) = self.room_untracked(name) else { return };
        if room.with_untracked(|room| seq > room.read()) {
            room.update(|room| room.mark_read(seq));
            self.marks.update_value(|marks| {
                marks.insert(name.clone(), seq);
            });
        }
    }

    /// Tells the server what was read meanwhile.
    pub(super) fn send_marks(&self) {
        if !self.connection.get_untracked().is_online() {
            return;
        }
        for (room, seq) in self.marks.try_update_value(std::mem::take).unwrap_or_default() {
            self.ask(Command::MarkRead { room, seq });
        }
    }

    /// Asks for further members of a room.
    pub fn ask_members(&self, name: &RoomAddress) {
        let Some(room) = self.room_untracked(name) else { return };
        let after = room.with_untracked(|room| room.members.paged_to());
        self.ask(Command::Members { room: name.clone(), after, limit: Some(MEMBERS_PAGE as u16) });
    }

    /// Looks for a connection now.
    pub fn wake(&self) {
        self.order(Order::Wake);
    }

    /// Takes a notice away.
    pub fn dismiss(&self, number: u32) {
        self.notices.update(|notices| notices.dismiss(number));
    }

    pub(super) fn join(&self, room: RoomAddress) {
        let command = Command::JoinRoom { room: room.clone(), since: None };
        self.ask_for(command, Some(Asked::Join(room)));
    }

    /// Sends what the outbox has for the rooms that are live.
    pub(super) fn send_pending(&self) {
        let waits = |outbox: &super::outbox::Outbox| outbox.unsent() > 0;
        if !self.connection.get_untracked().is_online() || !self.outbox.with_untracked(waits) {
            return;
        }
        let live = |name: &RoomAddress| {
            self.room_untracked(name).is_some_and(|room| room.with_untracked(super::room::Room::is_live))
        };
        let mut taken = self.outbox.get_untracked();
        let commands = taken.take(now(), live);
        if !commands.is_empty() {
            self.outbox.set(taken);
        }
        for command in commands {
            self.ask(command);
        }
    }

    /// Single changes of a big room come only for those who are known here.
    pub(super) fn watch_members(&self, name: &RoomAddress) {
        let Some(room) = self.room_untracked(name) else { return };
        let ids: Option<Vec<UserId>> = room.with_untracked(|room| {
            room.members.is_big().then(|| room.members.ids().take(WATCHED_MEMBERS).collect())
        });
        if let Some(user_ids) = ids {
            self.ask(Command::WatchMembers { room: name.clone(), user_ids });
        }
    }

    /// The members of a room are on the page now.
    pub(super) fn show_members(&self, name: &RoomAddress) {
        let Some(room) = self.room_untracked(name) else { return };
        if room.with_untracked(|room| room.members.is_stale()) {
            self.ask_members(name);
        } else {
            self.watch_members(name);
        }
    }

    pub(super) fn ask(&self, command: Command) {
        self.ask_for(command, None);
    }

    pub(super) fn ask_for(&self, command: Command, asked: Option<Asked>) {
        if !self.connection.get_untracked().is_online() {
            return;
        }
        let Some(number) = self.requests.try_update_value(|requests| {
            *requests += 1;
            *requests
        }) else {
            return;
        };
        if let Some(asked) = asked {
            self.asked.update_value(|all| {
                all.insert(number, asked);
            });
        }
        self.order(Order::Send(Request { id: Some(RequestId::Number(number)), command }));
    }

    pub(super) fn order(&self, order: Order) {
        // The socket's task lives as long as the page: the queue is open.
        self.orders.with_value(|orders| orders.unbounded_send(order).is_ok());
    }
}
