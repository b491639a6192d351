//! The session across connections: signing in, losing the connection, resuming.

use leptos::prelude::*;
use shared::account::DELETED;
use shared::frame::PROTOCOL;
use shared::{Auth, Command, Posted, PresenceStatus, Timestamp, UserId, UserName, Welcome};

use super::Order;
use super::Store;
use super::connection::{Connection, Stop};
use super::identity::{Identity, Known};
use super::notices::About;
use super::now;
use super::profiles::Present;
use super::sorted_map::SortedMap;

impl Store {
    /// Signs out for good. The session ends when its connection is closed.
    pub fn sign_out(&self) {
        self.order(Order::SignOut);
    }

    /// Whether the user has an account. Tracked.
    pub fn is_account(&self) -> bool {
        self.identity.with(Identity::is_account)
    }

    /// [`Self::is_account`] without tracking.
    pub fn is_account_untracked(&self) -> bool {
        self.identity.with_untracked(Identity::is_account)
    }

    /// The guest has become an account: it is the same user, and its secret is worth nothing any more.
    pub fn become_account(&self, Known { id, name }: Known) {
        self.identity.set(Identity::account(Known { id, name }));
    }

    /// The credentials for the first frame of a connection; `token` is that of an account.
    pub fn auth(&self, token: Option<String>) -> Auth {
        let identity = self.identity.get_untracked();
        let mut rooms = self.rooms.with_untracked(|rooms| {
            let resume = |(name, room): (&_, &ArcRwSignal<super::room::Room>)| {
                room.with_untracked(|room| room.resume(Clone::clone(name)))
            };
            rooms.iter().map(resume).collect::<Vec<_>>()
        });
        rooms.truncate(shared::limits::ROOMS_PER_CONNECTION);
        let mut newcomer = identity.session.is_none() && rooms.is_empty();
        if identity.is_account() {
            // The server knows which rooms an account is in; of this page it learns where it left off.
            rooms.retain(|room| room.since.is_some());
            newcomer = !self.with_inner(|inner| inner.was_welcomed);
        }
        // Who is new sends no list and is put into `general`; who left every room is not put back.
        Auth {
            username: token.is_none().then_some(identity.name),
            protocol: Some(PROTOCOL),
            session: identity.session,
            rooms: (!newcomer).then_some(rooms),
            token,
        }
    }

    /// An attempt to connect begins.
    pub fn connecting(&self) {
        let before = self.connection.get_untracked();
        let since = before.lost_since().unwrap_or_else(now);
        self.connection.set(Connection::Connecting { since, barred: before.is_barred() });
    }

    /// The connection is gone; the next attempt is at `retry_at`.
    pub fn waiting(&self, retry_at: Timestamp, barred: bool) {
        let since = self.connection.get_untracked().lost_since().unwrap_or_else(now);
        self.connection.set(Connection::Waiting { since, retry_at, barred });
        self.disconnected();
    }

    /// The server does not want this page to reconnect automatically.
    pub fn stopped(&self, stop: Stop) {
        self.disconnected();
        self.connection.set(Connection::Stopped(stop));
    }

    /// Handles the server's welcome: signed in.
    pub(super) fn welcomed(&self, welcome: Welcome) {
        let before = self.identity.get_untracked();
        if before.session.is_some() && !welcome.resumed {
            self.outbox.update(super::outbox::Outbox::disowned);
            self.with_inner(|inner| inner.reads.disowned());
            self.notify(About::NewGuest(welcome.username.clone()));
        } else if before.name != welcome.username && !before.is_account() {
            self.notify(About::Renamed { asked: before.name, got: welcome.username.clone() });
        }
        self.identity.set(Identity {
            name: welcome.username,
            id: Some(welcome.client_id),
            session: welcome.session,
        });
        self.with_inner(|inner| inner.was_welcomed = true);
        if let Some(limits) = welcome.limits {
            self.limits.set(limits);
        }
        self.connection.set(Connection::Online);
        self.directory.update(super::directory::Directory::begin);
        self.ask(Command::ListRooms { after: None, limit: None });
        if self.away.get_untracked() {
            self.ask(Command::SetPresence { status: PresenceStatus::Away });
        }
        if let Some(open) = self.open.get_untracked()
            && self.room_untracked(&open).is_none()
        {
            self.join(open);
        }
    }

    /// A user has another name from now on, because an account took the one that they had.
    pub(super) fn renamed(&self, id: UserId, name: &UserName) {
        let nobody = self.with_inner(|inner| inner.nobody.clone());
        let name = nobody.as_ref().filter(|_| name.as_str() == DELETED).unwrap_or(name);
        self.with_inner(|inner| {
            let profile = inner.present.get(&id).and_then(|present| present.profile.clone());
            inner.present.insert(id, Present { name: name.clone(), profile });
        });
        for room in self.rooms.get_untracked().values() {
            // Their messages are told by the new name too.
            room.update(|room| room.members.renamed(id, name));
        }
        let before = self.identity.get_untracked();
        if before.id == Some(id) && before.name != *name {
            self.identity.update(|identity| identity.name = name.clone());
            if !before.is_account() {
                self.notify(About::Renamed { asked: before.name, got: name.clone() });
            }
        }
    }

    /// Somebody writes now: this is their present name.
    pub(super) fn writes(&self, Posted { sender_id, sender, .. }: &Posted) {
        if self.present_name(*sender_id).is_some_and(|name| name != *sender) {
            self.renamed(*sender_id, sender);
        }
    }

    /// Says what people whose account was deleted are called.
    pub fn call_deleted(&self, name: &str) {
        self.with_inner(|inner| inner.nobody = UserName::new(name).ok());
    }

    /// People who changed their name. A room changes when one of them does.
    pub fn present(&self) -> SortedMap<UserId, Present> {
        self.with_inner(|inner| inner.present.clone())
    }

    /// A message with the present name of its author.
    pub fn by_present_name(&self, mut posted: Posted) -> Posted {
        if let Some(name) = self.present_name(posted.sender_id) {
            posted.sender = name;
        }
        posted
    }

    pub(super) fn present_name(&self, id: UserId) -> Option<UserName> {
        self.with_inner(|inner| inner.present.get(&id).map(|present| present.name.clone()))
    }

    /// Sets whether the user is away from the page.
    pub fn set_away(&self, away: bool) {
        let away = away || self.with_inner(|inner| inner.absent);
        if self.away.get_untracked() == away {
            return;
        }
        self.away.set(away);
        let status = if away { PresenceStatus::Away } else { PresenceStatus::Online };
        self.ask(Command::SetPresence { status });
    }

    /// The user says that they are away, whatever they do, or that they are back.
    pub fn set_absent(&self, absent: bool) {
        self.with_inner(|inner| inner.absent = absent);
        self.set_away(absent);
    }

    /// Whether the user has said so.
    pub fn is_absent(&self) -> bool {
        self.with_inner(|inner| inner.absent)
    }

    /// Called with the current time: expires and retries whatever is due.
    pub fn tick(&self, now: Timestamp) {
        for (_, room) in self.rooms.get_untracked() {
            if room.with_untracked(|room| room.typists.is_stale(now)) {
                room.update(|room| room.typists.expire(now));
            }
        }
        if self.notices.with_untracked(|notices| notices.is_stale(now)) {
            self.notices.update(|notices| notices.expire(now));
        }
        self.heal_again(now);
        self.count_again();
        self.send_marks(now);
        self.send_pending();
    }

    fn disconnected(&self) {
        for (_, room) in self.rooms.get_untracked() {
            room.update(super::room::Room::disconnected);
        }
        self.with_inner(|inner| inner.reads.disconnected());
        self.requests_lost();
        self.outbox.update(super::outbox::Outbox::disconnected);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use shared::{ErrorCode, Failure, MessageText, ServerFrame};

    use super::super::receive::tests::{general, on_a_page, sent};
    use super::super::room::tests::{event, snapshot};
    use super::*;

    #[test]
    fn a_message_that_failed_is_written_down_once_and_not_again_with_every_event() {
        on_a_page(|store, orders| {
            store.post(general(), MessageText::new("hello").unwrap());
            let id = sent(orders).into_iter().find_map(|command| match command {
                Command::Post { client_message_id, .. } => client_message_id,
                _ => None,
            });
            let failure = Failure { client_message_id: id, ..Failure::new(ErrorCode::Forbidden, "") };
            store.receive(ServerFrame::Error { failure, timestamp: Timestamp::from_millis(0) });
            let written = Arc::new(AtomicU32::new(0));
            let count = written.clone();
            let writes = Memo::new(move |_| {
                store.outbox.track();
                count.fetch_add(1, Ordering::Relaxed)
            });
            let _ = writes.get_untracked();
            for seq in 4..=9 {
                store.receive(ServerFrame::Event(event(seq)));
                store.tick(now());
                let _ = writes.get_untracked();
            }
            store.receive(ServerFrame::Joined(snapshot(1..=9, 9)));
            let _ = writes.get_untracked();
            assert_eq!(written.load(Ordering::Relaxed), 1);
            assert_eq!(store.outbox.with_untracked(super::super::outbox::Outbox::unsent), 1);
        });
    }
}
