//! From one connection to the next: signing in, losing the connection, coming back.

use leptos::prelude::*;
use shared::frame::PROTOCOL;
use shared::{Auth, CloseCode, Command, PresenceStatus, Timestamp, UserName, Welcome};

use super::connection::Connection;
use super::identity::Identity;
use super::notices::About;
use super::{Order, Store, now};

impl Store {
    /// Somebody gives a name.
    pub fn enter(&self, name: UserName) {
        self.identity.set(Some(Identity::newcomer(name)));
        self.order(Order::Wake);
    }

    /// The person goes for good.
    pub fn sign_out(&self) {
        self.order(Order::SignOut);
        self.forget();
    }

    /// The first frame of a connection.
    pub fn auth(&self) -> Option<Auth> {
        let identity = self.identity.get_untracked()?;
        let mut rooms = self.rooms.with_untracked(|rooms| {
            let resume = |(name, room): (&_, &ArcRwSignal<super::room::Room>)| {
                room.with_untracked(|room| room.resume(Clone::clone(name)))
            };
            rooms.iter().map(resume).collect::<Vec<_>>()
        });
        rooms.truncate(shared::limits::ROOMS_PER_CONNECTION);
        // Who is in no room yet is taken to `general`; who left every room is not taken back.
        let newcomer = identity.session.is_none() && rooms.is_empty();
        Some(Auth {
            username: Some(identity.name),
            protocol: Some(PROTOCOL),
            session: identity.session,
            rooms: (!newcomer).then_some(rooms),
        })
    }

    /// An attempt to connect begins.
    pub fn connecting(&self) {
        let since = self.connection.get_untracked().lost_since().unwrap_or_else(now);
        self.connection.set(Connection::Connecting { since });
    }

    /// The connection is gone; the next attempt is at `retry_at`.
    pub fn waiting(&self, retry_at: Timestamp) {
        let since = self.connection.get_untracked().lost_since().unwrap_or_else(now);
        self.connection.set(Connection::Waiting { since, retry_at });
        self.disconnected();
    }

    /// The server does not want this page back by itself.
    pub fn stopped(&self, code: CloseCode) {
        self.disconnected();
        if code == CloseCode::SessionEnded {
            self.forget();
            self.notify(About::SessionEnded);
        } else {
            self.connection.set(Connection::Stopped(code));
        }
    }

    /// Signed in.
    pub(super) fn welcomed(&self, welcome: Welcome) {
        let before = self.identity.get_untracked();
        let offered = before.as_ref().is_some_and(|identity| identity.session.is_some());
        if offered && !welcome.resumed {
            self.outbox.update(super::outbox::Outbox::disowned);
            self.with_inner(|inner| inner.reads.disowned());
            self.notify(About::NewGuest(welcome.username.clone()));
        } else if let Some(before) = before
            && before.name != welcome.username
        {
            self.notify(About::Renamed { asked: before.name, got: welcome.username.clone() });
        }
        self.identity.set(Some(Identity {
            name: welcome.username,
            id: Some(welcome.client_id),
            session: welcome.session,
        }));
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

    /// Somebody came to the page or left it alone.
    pub fn set_away(&self, away: bool) {
        if self.away.get_untracked() == away {
            return;
        }
        self.away.set(away);
        let status = if away { PresenceStatus::Away } else { PresenceStatus::Online };
        self.ask(Command::SetPresence { status });
    }

    /// Time passed: what has an end may have reached it.
    pub fn tick(&self, now: Timestamp) {
        for room in self.rooms.get_untracked().into_values() {
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
        for room in self.rooms.get_untracked().into_values() {
            room.update(super::room::Room::disconnected);
        }
        let asked = self.with_inner(|inner| {
            inner.reads.disconnected();
            std::mem::take(&mut inner.asked)
        });
        self.lookups_lost(asked.into_values());
        self.outbox.update(super::outbox::Outbox::disconnected);
    }

    fn forget(&self) {
        self.connection.set(Connection::None);
        self.identity.set(None);
        self.open.set(None);
        self.rooms.set(super::Rooms::default());
        self.outbox.set(super::outbox::Outbox::default());
        self.directory.set(super::directory::Directory::default());
        self.drafts.set(std::collections::BTreeMap::default());
        self.replying.set(std::collections::BTreeMap::default());
        self.spot.set(None);
        self.with_inner(|inner| {
            inner.target = None;
            inner.reads = super::reads::Reads::default();
        });
        self.search.set(super::listings::Search::default());
        self.pins().set(None);
        self.replies().set(None);
        self.versions.set(None);
        self.reactors.set(None);
        self.notices.set(super::notices::Notices::default());
    }
}
