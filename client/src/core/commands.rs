//! User actions and outgoing requests.

use leptos::prelude::*;
use shared::limits::{MEMBERS_PAGE, WATCHED_MEMBERS};
use shared::{Command, ErrorCode, Failure, Position, RoomAddress, Timestamp, UserId};

use super::Order;
use super::Store;
use super::notices::About;
use super::now;
use super::requests::NoAnswer;

/// Delay before a refused join without `retry_after_ms` is retried, in milliseconds.
const HEAL_AGAIN_AFTER: u64 = 2_000;

impl Store {
    /// Leaves a room and drops its drafts and edits. Without a connection, shows a notice instead.
    pub fn leave(&self, room: RoomAddress) {
        let store = *self;
        self.request(Command::LeaveRoom { room: room.clone() }, move |answer| match answer {
            Ok(_) => store.drop_drafts(&room),
            Err(NoAnswer::Refused(failure)) if failure.code == ErrorCode::NotAMember => {
                store.drop_drafts(&room);
                store.left(&room);
            }
            Err(why) => store.notify(why.into()),
        });
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

    /// Prolongs the connection of an account with a newer access token.
    pub fn renew(&self, token: String) {
        self.order(Order::Renew(token));
    }

    /// Removes a notice.
    pub fn dismiss(&self, number: u32) {
        self.notices.update(|notices| notices.dismiss(number));
    }

    pub(super) fn join(&self, room: RoomAddress) {
        self.join_since(room, None);
    }

    /// Joins a room, or asks for what came after a position in it.
    pub(super) fn join_since(&self, room: RoomAddress, since: Option<Position>) {
        let store = *self;
        self.request(Command::JoinRoom { room: room.clone(), since }, move |answer| {
            if let Err(NoAnswer::Refused(failure)) = answer {
                store.join_refused(room, failure);
            }
        });
    }

    pub(super) fn join_refused(&self, room: RoomAddress, failure: Failure) {
        let known = self.room_untracked(&room).is_some();
        if known && failure.code.retryable() {
            // A hole in the log stays open until then.
            let wait = failure.retry_after_ms.unwrap_or(HEAL_AGAIN_AFTER) as i64;
            let at = Timestamp::from_millis(now().millis() + wait);
            self.in_room(&room, |room| room.heal_later(at));
            return;
        }
        if !known && self.open.get_untracked().as_ref() == Some(&room) {
            self.turn_to_first();
        }
        self.notify(About::NotJoined(room, failure));
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

    pub(super) fn order(&self, order: Order) {
        // A session that has ended needs no more orders.
        if let Some(inner) = self.inner.try_write_value() {
            let _ = inner.orders.unbounded_send(order);
        }
    }

    /// Shows a notice.
    pub fn notify(&self, about: About) {
        self.notices.update(|notices| notices.show(about, now()));
    }
}
