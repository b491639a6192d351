//! The live connections of this node: rooms, presence, typing, outboxes, and the flusher.
//!
//! Other tasks send requests through a [`Hub`]. Only the hub's task accesses the state, and it never waits for a store,
//! a relay or a slow consumer.

mod account_requests;
mod accounts;
mod activity;
mod backlogs;
mod catch_up;
mod changes;
mod clock;
mod departures;
mod direct;
mod doors;
mod heartbeat;
#[cfg(test)]
mod invariants;
mod listings;
mod message;
mod names;
mod preferences;
mod presence;
mod read_marks;
mod restore;
mod restrictions;
mod room;
mod room_directory;
mod state;
mod statistics;
mod task;
#[cfg(test)]
mod tests;
mod turn;
mod typing;
mod user;
mod visits;

use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::Arc;

use shared::mention::Call;
use shared::{
    Member, Mentions, Privilege, RequestId, RoomAddress, RoomDetails, RoomName, RoomRole, RoomSummary,
    SearchResults, Seq, ServerFrame, UnreadCount, UserId, UserName, Whom,
};
use tokio::sync::{Notify, mpsc, oneshot};

pub use changes::Changes;
pub use clock::{Clock, wall_clock};
pub use message::{
    Ack, Committed, Conversations, Found, HandedOut, Identity, Mark, Marked, NotReleased, NotSubscribed,
    NotTold, Requester, RestoredMember, Subscribed, Visitor,
};
pub use restrictions::{Restricted, Restrictions};
pub use state::State;
pub use statistics::Statistics;
pub use user::UserKind;

use crate::critical_tasks::CriticalTasks;
use crate::delivery::ConnectionHandle;
use crate::metrics::Metrics;
use crate::room::{RoomId, RoomInfo};
use message::HubMessage;

/// Capacity of the request queue. Backpressure: a task that finds it full waits, which stops reading from senders.
const INBOX: usize = 1_024;

/// The hub is gone because the server is stopping.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the server is stopping")]
pub struct HubClosed;

/// A handle to the hub's task.
#[derive(Clone)]
pub struct Hub {
    inbox: mpsc::Sender<HubMessage>,
    changed: Arc<Notify>,
    clock: Clock,
}

impl Hub {
    /// Starts the hub's task on a state that was prepared with [`State::restore`]. The task ends when the last handle
    /// is dropped.
    pub fn start(state: State, clock: Clock, metrics: Arc<Metrics>, tasks: &CriticalTasks) -> Self {
        let (inbox, messages) = mpsc::channel(INBOX);
        let changed = Arc::new(Notify::new());
        tasks.spawn("hub", task::run(state, clock, messages, changed.clone(), metrics));
        Self { inbox, changed, clock }
    }

    /// Returns the time of the hub's clock in milliseconds.
    pub fn now(&self) -> u64 {
        self.clock.now()
    }

    /// Adds a signed-in connection. Returns its index in the hub and the name that the user got; `None` if the guest has
    /// become an account.
    pub async fn attach(
        &self,
        identity: Identity,
        handle: Arc<ConnectionHandle>,
    ) -> Result<Option<(usize, UserName)>, HubClosed> {
        self.ask(|done| HubMessage::Attach { identity, handle, done }).await
    }

    /// Adds a request over HTTP, in the room at `address` if its user is a member there. Returns its index in the hub and the
    /// user's name; `None` if this is a guest who is not here, or an account that was deleted.
    pub async fn visit(
        &self,
        visitor: Visitor,
        address: Option<RoomAddress>,
        handle: Arc<ConnectionHandle>,
    ) -> Result<Option<(usize, UserName)>, HubClosed> {
        self.ask(|done| HubMessage::Visit { visitor, address, handle, done }).await
    }

    /// Handles the end of a connection: closed cleanly, or it broke and may resume.
    pub async fn detach(&self, connection: usize, clean: bool) -> Result<(), HubClosed> {
        self.tell(HubMessage::Detach { connection, clean }).await
    }

    /// Resolves once `connection` is guaranteed to receive every later event of `room`, or to have it held back.
    pub async fn subscribe(
        &self,
        connection: usize,
        room: Arc<RoomInfo>,
        held: bool,
    ) -> Result<Result<Subscribed, NotSubscribed>, HubClosed> {
        self.ask(|done| HubMessage::Subscribe { connection, room, held, done }).await
    }

    /// Returns the room at an address among those that the connection's user is in.
    pub async fn own_room(
        &self,
        connection: usize,
        address: RoomAddress,
    ) -> Result<Option<Arc<RoomInfo>>, HubClosed> {
        self.ask(|done| HubMessage::OwnRoom { connection, address, done }).await
    }

    /// Returns the name and the role of a member of a room.
    pub async fn member(
        &self,
        room: RoomId,
        user: UserId,
    ) -> Result<Option<(UserName, RoomRole)>, HubClosed> {
        self.ask(|done| HubMessage::Member { room, user, done }).await
    }

    /// Returns the private rooms that somebody is a member of, but for direct conversations.
    pub async fn private_rooms(&self, user: UserId) -> Result<Vec<Arc<RoomInfo>>, HubClosed> {
        self.ask(|done| HubMessage::PrivateRooms { user, done }).await
    }

    /// Looks for somebody who can be invited or written to.
    pub async fn find_user(&self, whom: Whom) -> Result<Option<Found>, HubClosed> {
        self.ask(|done| HubMessage::FindUser { whom, done }).await
    }

    /// Returns how many rooms somebody is in, and how many direct conversations they have.
    pub async fn count_rooms(&self, user: UserId) -> Result<(usize, usize), HubClosed> {
        self.ask(|done| HubMessage::CountRooms { user, done }).await
    }

    /// Returns the direct conversations of the connection's user.
    pub async fn conversations(&self, connection: usize) -> Result<Conversations, HubClosed> {
        self.ask(|done| HubMessage::Conversations { connection, done }).await
    }

    /// Takes a direct conversation out of the list of the connection's user. Returns `false` if they were not in it.
    pub async fn close_conversation(&self, connection: usize, room: RoomId) -> Result<bool, HubClosed> {
        self.ask(|done| HubMessage::CloseConversation { connection, room, done }).await
    }

    /// Tells a user what they are in a room and may do there, if they still are.
    pub async fn tell_standing(
        &self,
        room: RoomId,
        user: UserId,
        role: RoomRole,
        may: Vec<Privilege>,
        reports: Option<u32>,
    ) -> Result<(), HubClosed> {
        self.tell(HubMessage::TellStanding { room, user, role, may, reports }).await
    }

    /// Returns the moderators of a room.
    pub async fn moderators(&self, room: RoomId) -> Result<Vec<UserId>, HubClosed> {
        self.ask(|done| HubMessage::Moderators(room, done)).await
    }

    /// Returns what a live room tells of itself, and its number of members.
    pub async fn describe(&self, room: RoomId) -> Result<Option<(Arc<RoomDetails>, u64)>, HubClosed> {
        self.ask(|done| HubMessage::Describe(room, done)).await
    }

    /// Returns where the connections of a user come from.
    pub async fn addresses(&self, user: UserId) -> Result<Vec<IpAddr>, HubClosed> {
        self.ask(|done| HubMessage::Addresses { user, done }).await
    }

    /// Sends a frame to every connection of the full protocol.
    pub async fn announce(&self, frame: ServerFrame) -> Result<(), HubClosed> {
        self.tell(HubMessage::Announce { frame: Box::new(frame) }).await
    }

    /// Answers a search, without hits in private rooms that the connection's user is not in any more.
    pub async fn answer_hits(&self, connection: usize, results: SearchResults) -> Result<(), HubClosed> {
        self.tell(HubMessage::AnswerHits { connection, results: Box::new(results) }).await
    }

    /// Drops the hits in private rooms that a user is not in any more.
    pub async fn readable(
        &self,
        user: UserId,
        results: SearchResults,
    ) -> Result<Box<SearchResults>, HubClosed> {
        self.ask(|done| HubMessage::Readable { user, results: Box::new(results), done }).await
    }

    /// Removes guests whom the store has forgotten.
    pub async fn remove_guests(&self, guests: Vec<UserId>) -> Result<(), HubClosed> {
        self.tell(HubMessage::RemoveGuests { guests }).await
    }

    /// Returns the rooms that the connection's user is in, without conversations that are not in their list.
    pub async fn memberships(&self, connection: usize) -> Result<HashSet<RoomAddress>, HubClosed> {
        self.ask(|done| HubMessage::Memberships { connection, done }).await
    }

    /// Sends `frame`, which covers everything up to `at`, and then the events that were held back.
    ///
    /// # Errors
    /// The inner error says why the frame was not sent.
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

    /// Ends this connection's subscription; the user stays a member.
    pub async fn unsubscribe(&self, connection: usize, room: RoomId) -> Result<(), HubClosed> {
        self.tell(HubMessage::Unsubscribe { connection, room }).await
    }

    /// Removes the user from a room with all their connections. Returns `false` if they were not in it.
    pub async fn leave(&self, connection: usize, room: RoomId) -> Result<bool, HubClosed> {
        self.ask(|done| HubMessage::Leave { connection, room, done }).await
    }

    /// Fans out a batch that was committed together. The returned receiver resolves once everything that the sockets
    /// accept is written.
    pub async fn deliver(&self, batch: Vec<Committed>) -> Result<oneshot::Receiver<HandedOut>, HubClosed> {
        let (done, handed_out) = oneshot::channel();
        self.tell(HubMessage::Deliver { batch, done }).await?;
        Ok(handed_out)
    }

    /// Reports that typing started or stopped.
    pub async fn typing(&self, connection: usize, room: RoomId, is_typing: bool) -> Result<(), HubClosed> {
        self.tell(HubMessage::Typing { connection, room, is_typing }).await
    }

    /// Marks a connection as unattended (`away`) or attended again.
    pub async fn set_away(&self, connection: usize, away: bool) -> Result<(), HubClosed> {
        self.tell(HubMessage::Away { connection, away }).await
    }

    /// Moves the user's read mark. Returns `None` if they are not in the room.
    pub async fn move_mark(
        &self,
        connection: usize,
        room: RoomId,
        to: Mark,
    ) -> Result<Option<Marked>, HubClosed> {
        self.ask(|done| HubMessage::MoveMark { connection, room, to, done }).await
    }

    /// Sends the read mark and the unread count to the user's connections; to this one as the answer to `id`.
    ///
    /// # Errors
    /// The inner error says why it was not sent.
    pub async fn tell_read(
        &self,
        connection: usize,
        room: RoomId,
        (read, unread): (Seq, UnreadCount),
        id: Option<RequestId>,
    ) -> Result<Result<(), NotTold>, HubClosed> {
        self.ask(|done| HubMessage::TellRead { connection, room, read, unread, id, done }).await
    }

    /// Resolves the mentions in a text to members of the room.
    pub async fn find_mentions(&self, room: RoomId, calls: Vec<Call>) -> Result<Mentions, HubClosed> {
        self.ask(|done| HubMessage::FindMentions { room, calls, done }).await
    }

    /// Returns at most `limit` members after `after`, and whether there are more.
    pub async fn members(
        &self,
        room: RoomId,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<(Vec<Member>, bool), HubClosed> {
        self.ask(|done| HubMessage::Members { room, after, limit, done }).await
    }

    /// Sends individual changes of these members to the connection even while the room is big.
    pub async fn watch_members(
        &self,
        connection: usize,
        room: RoomId,
        users: HashSet<UserId>,
    ) -> Result<(), HubClosed> {
        self.tell(HubMessage::WatchMembers { connection, room, users }).await
    }

    /// Returns at most `limit` rooms after `after`, and whether there are more. Sends changes from now on.
    pub async fn rooms(
        &self,
        connection: usize,
        after: Option<RoomName>,
        limit: usize,
    ) -> Result<(Vec<RoomSummary>, bool), HubClosed> {
        self.ask(|done| HubMessage::Rooms { connection, after, limit, done }).await
    }

    /// Resolves when memberships changed since the last call. Supports a single waiter.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Takes all membership changes since the last call.
    pub async fn take_changes(&self) -> Result<Changes, HubClosed> {
        self.ask(|done| HubMessage::TakeChanges { done }).await
    }

    /// Marks the changes that were taken as stored.
    pub async fn changes_stored(&self) -> Result<(), HubClosed> {
        self.tell(HubMessage::ChangesStored).await
    }

    /// Returns those of the rooms that are live.
    pub async fn live(&self, rooms: Vec<RoomId>) -> Result<HashSet<RoomId>, HubClosed> {
        self.ask(|done| HubMessage::Live { rooms, done }).await
    }

    /// Marks every connected guest as seen.
    pub async fn touch_present(&self) -> Result<(), HubClosed> {
        self.tell(HubMessage::TouchPresent).await
    }

    pub async fn statistics(&self) -> Result<Statistics, HubClosed> {
        self.ask(|done| HubMessage::Statistics { done }).await
    }

    /// Closes all connections (1001), with a hint that spreads their reconnects.
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
