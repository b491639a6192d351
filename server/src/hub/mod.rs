//! The live connections of this node: rooms, presence, typing, outboxes, and the flusher.
//!
//! Others hold a [`Hub`] and ask; only the hub's task sees the state, and it never waits for a store, a relay or a
//! slow reader.

mod backlogs;
mod changes;
mod clock;
mod departures;
mod hold;
#[cfg(test)]
mod invariants;
mod link;
mod lobby;
mod message;
mod names;
pub mod outbox;
mod people;
mod presence;
mod reads;
mod room;
mod state;
mod statistics;
mod task;
#[cfg(test)]
mod tests;
mod turn;
mod typing;
mod user;
pub mod wire;

use std::collections::HashSet;
use std::sync::Arc;

use shared::mention::Call;
use shared::{
    Member, Mentions, RequestId, RoomAddress, RoomName, RoomSummary, Seq, ServerFrame, UnreadCount, UserId,
    UserName,
};
use tokio::sync::{Notify, mpsc, oneshot};

pub use changes::Changes;
pub use clock::{Clock, wall_clock};
pub use link::Link;
pub use message::{
    Ack, Committed, HandedOut, Identity, Mark, Marked, NotReleased, NotSubscribed, Origin, Subscribed,
};
pub use state::State;
pub use statistics::Statistics;

use crate::room::{RoomId, RoomInfo};
use crate::vital::Vital;
use message::HubMessage;

/// Requests that wait for the hub; whoever finds it full waits, which stops reading from senders.
const INBOX: usize = 1_024;

/// The hub is gone because the server is stopping.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the server is stopping")]
pub struct HubClosed;

/// The way to the hub's task.
#[derive(Clone)]
pub struct Hub {
    inbox: mpsc::Sender<HubMessage>,
    changed: Arc<Notify>,
    clock: Clock,
}

impl Hub {
    /// Starts the hub's task on a state that was prepared with [`State::restore`]. It ends when the last handle
    /// is dropped.
    pub fn start(state: State, clock: Clock, vital: &Vital) -> Self {
        let (inbox, messages) = mpsc::channel(INBOX);
        let changed = Arc::new(Notify::new());
        vital.spawn("hub", task::run(state, clock, messages, changed.clone()));
        Self { inbox, changed, clock }
    }

    /// The hub's clock in milliseconds.
    pub fn now(&self) -> u64 {
        self.clock.now()
    }

    /// A connection signed in. Gives its place in the hub and the name the person got.
    pub async fn attach(&self, identity: Identity, link: Arc<Link>) -> Result<(usize, UserName), HubClosed> {
        self.ask(|done| HubMessage::Attach { identity, link, done }).await
    }

    /// A connection ended: with a goodbye, or it broke and may come back.
    pub async fn detach(&self, connection: usize, clean: bool) -> Result<(), HubClosed> {
        self.tell(HubMessage::Detach { connection, clean }).await
    }

    /// Resolves once `connection` is sure to receive every later event of `room`, or to have it held back for it.
    pub async fn subscribe(
        &self,
        connection: usize,
        room: Arc<RoomInfo>,
        held: bool,
    ) -> Result<Result<Subscribed, NotSubscribed>, HubClosed> {
        self.ask(|done| HubMessage::Subscribe { connection, room, held, done }).await
    }

    /// The rooms that the connection's person is in.
    pub async fn memberships(&self, connection: usize) -> Result<HashSet<RoomAddress>, HubClosed> {
        self.ask(|done| HubMessage::Memberships { connection, done }).await
    }

    /// Sends `frame`, which tells of everything up to `at`, and then what was held back.
    ///
    /// # Errors
    /// The inner error says why it was not sent.
    pub async fn release(
        &self,
        connection: usize,
        room: RoomId,
        at: Seq,
        frame: ServerFrame,
    ) -> Result<Result<(), NotReleased>, HubClosed> {
        let frame = Box::new(frame);
        self.ask(|done| HubMessage::Release { connection, room, at, frame, done }).await
    }

    /// This connection listens no longer; the person stays a member.
    pub async fn unsubscribe(&self, connection: usize, room: RoomId) -> Result<(), HubClosed> {
        self.tell(HubMessage::Unsubscribe { connection, room }).await
    }

    /// The person leaves a room with all their connections. False if they were not in it.
    pub async fn leave(&self, connection: usize, room: RoomId) -> Result<bool, HubClosed> {
        self.ask(|done| HubMessage::Leave { connection, room, done }).await
    }

    /// Hands out what was committed together. What it gives resolves once everything is written that the sockets
    /// take.
    pub async fn deliver(&self, batch: Vec<Committed>) -> Result<oneshot::Receiver<HandedOut>, HubClosed> {
        let (done, handed_out) = oneshot::channel();
        self.tell(HubMessage::Deliver { batch, done }).await?;
        Ok(handed_out)
    }

    /// Typing started or stopped.
    pub async fn typing(&self, connection: usize, room: RoomId, is_typing: bool) -> Result<(), HubClosed> {
        self.tell(HubMessage::Typing { connection, room, is_typing }).await
    }

    /// Whether somebody is at this connection.
    pub async fn set_away(&self, connection: usize, away: bool) -> Result<(), HubClosed> {
        self.tell(HubMessage::Away { connection, away }).await
    }

    /// Moves the person's read mark. None if they are not in the room.
    pub async fn move_mark(
        &self,
        connection: usize,
        room: RoomId,
        to: Mark,
    ) -> Result<Option<Marked>, HubClosed> {
        self.ask(|done| HubMessage::MoveMark { connection, room, to, done }).await
    }

    /// Tells the person's connections of their mark and of what is unread; this one as the answer to `id`.
    ///
    /// # Errors
    /// The inner error is where the mark is by now: what was counted does not hold.
    pub async fn tell_read(
        &self,
        connection: usize,
        room: RoomId,
        (read, unread): (Seq, UnreadCount),
        id: Option<RequestId>,
    ) -> Result<Result<(), Seq>, HubClosed> {
        self.ask(|done| HubMessage::TellRead { connection, room, read, unread, id, done }).await
    }

    /// Whom of a room's members the calls of a text mean.
    pub async fn find_mentions(&self, room: RoomId, calls: Vec<Call>) -> Result<Mentions, HubClosed> {
        self.ask(|done| HubMessage::FindMentions { room, calls, done }).await
    }

    /// At most `limit` members after `after`, and whether there are more.
    pub async fn members(
        &self,
        room: RoomId,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<(Vec<Member>, bool), HubClosed> {
        self.ask(|done| HubMessage::Members { room, after, limit, done }).await
    }

    /// Single changes of these members are told to this connection, though the room is big.
    pub async fn watch_members(
        &self,
        connection: usize,
        room: RoomId,
        users: HashSet<UserId>,
    ) -> Result<(), HubClosed> {
        self.tell(HubMessage::WatchMembers { connection, room, users }).await
    }

    /// At most `limit` rooms after `after`, and whether there are more; changes are told from now on.
    pub async fn rooms(
        &self,
        connection: usize,
        after: Option<RoomName>,
        limit: usize,
    ) -> Result<(Vec<RoomSummary>, bool), HubClosed> {
        self.ask(|done| HubMessage::Rooms { connection, after, limit, done }).await
    }

    /// Resolves when memberships changed since the last time. There is one who waits.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    /// All changes of memberships since the last call.
    pub async fn take_changes(&self) -> Result<Changes, HubClosed> {
        self.ask(|done| HubMessage::TakeChanges { done }).await
    }

    /// What was taken is stored.
    pub async fn changes_stored(&self) -> Result<(), HubClosed> {
        self.tell(HubMessage::ChangesStored).await
    }

    /// Those of these rooms that are in use.
    pub async fn live(&self, rooms: Vec<RoomId>) -> Result<HashSet<RoomId>, HubClosed> {
        self.ask(|done| HubMessage::Live { rooms, done }).await
    }

    /// Notes everybody who is there as seen.
    pub async fn roll_call(&self) -> Result<(), HubClosed> {
        self.tell(HubMessage::RollCall).await
    }

    /// The moment's numbers.
    pub async fn statistics(&self) -> Result<Statistics, HubClosed> {
        self.ask(|done| HubMessage::Statistics { done }).await
    }

    /// Says goodbye to everybody (1001), with a hint that spreads their return.
    pub async fn close_all(&self) -> Result<(), HubClosed> {
        self.ask(|done| HubMessage::CloseAll { done }).await
    }

    async fn tell(&self, message: HubMessage) -> Result<(), HubClosed> {
        self.inbox.send(message).await.map_err(|_| HubClosed)
    }

    async fn ask<T>(&self, message: impl FnOnce(oneshot::Sender<T>) -> HubMessage) -> Result<T, HubClosed> {
        let (done, answer) = oneshot::channel();
        self.tell(message(done)).await?;
        answer.await.map_err(|_| HubClosed)
    }
}
