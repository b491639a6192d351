//! User actions and outgoing requests.

use leptos::prelude::*;
use shared::limits::{MEMBERS_PAGE, WATCHED_MEMBERS};
use shared::{Command, Request, RequestId, RoomAddress, UserId};

use super::notices::About;
use super::{Asked, Order, Store, now};

impl Store {
    /// Leaves a room and drops its drafts and edits. Without a connection, shows a notice instead.
    pub fn leave(&self, room: RoomAddress) {
        let command = Command::LeaveRoom { room: room.clone() };
        if self.ask_for(command, Some(Asked::Leave(room))).is_none() {
            self.notify(About::Offline);
        }
    }

    /// Sends a typing notification.
    pub fn typing(&self, room: RoomAddress, is_typing: bool) {
        self.ask(Command::Typing { room, is_typing });
    }

    /// Requests the next page of a room's members.
    pub fn ask_members(&self, name: &RoomAddress) {
        let Some(room) = self.room_untracked(name) else { return };
        let after = room.with_untracked(|room| room.members.paged_to());
        self.ask(Command::Members { room: name.clone(), after, limit: Some(MEMBERS_PAGE as u16) });
    }

    /// Checks the connection now, or reconnects.
    pub fn wake(&self) {
        self.order(Order::Wake);
    }

    /// Removes a notice.
    pub fn dismiss(&self, number: u32) {
        self.notices.update(|notices| notices.dismiss(number));
    }

    pub(super) fn join(&self, room: RoomAddress) {
        let command = Command::JoinRoom { room: room.clone(), since: None };
        self.ask_for(command, Some(Asked::Join(room)));
    }

    /// Sends pending messages and changes for the rooms that are live.
    pub(super) fn send_pending(&self) {
        let waits = self.outbox.with_untracked(super::outbox::Outbox::is_waiting);
        if !waits || !self.connection.get_untracked().is_online() {
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

    /// Watches the known members of a big room: single changes there come only for watched members.
    pub(super) fn watch_members(&self, name: &RoomAddress) {
        let Some(room) = self.room_untracked(name) else { return };
        let ids: Option<Vec<UserId>> = room.with_untracked(|room| {
            room.members.is_big().then(|| room.members.ids().take(WATCHED_MEMBERS).collect())
        });
        if let Some(user_ids) = ids {
            self.ask(Command::WatchMembers { room: name.clone(), user_ids });
        }
    }

    /// Called when the members of a room are shown.
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

    /// Sends a request and returns its number; `None` if there is no connection.
    pub(super) fn ask_for(&self, command: Command, asked: Option<Asked>) -> Option<u64> {
        if !self.connection.get_untracked().is_online() {
            return None;
        }
        let number = self.with_inner(|inner| {
            inner.requests += 1;
            if let Some(asked) = asked {
                inner.asked.insert(inner.requests, asked);
            }
            inner.requests
        });
        self.order(Order::Send(Request { id: Some(RequestId::Number(number)), command }));
        Some(number)
    }

    pub(super) fn order(&self, order: Order) {
        // The socket's task lives as long as the page, so the queue is open.
        self.with_inner(|inner| inner.orders.unbounded_send(order).is_ok());
    }
}
