//! The live connections of this node: rooms, presence, typing, outboxes, and the flusher.
//!
//! Others hold a [`Hub`] and ask; only the hub's task sees the state, and it never waits for a store, a relay or a
//! slow reader.

mod changes;
mod clock;
mod hold;
#[cfg(test)]
mod invariants;
mod link;
mod lobby;
mod message;
pub mod outbox;
mod people;
mod presence;
mod room;
mod state;
mod statistics;
#[cfg(test)]
mod tests;
mod turn;
mod typing;
mod user;
pub mod wire;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use shared::{CloseCode, Member, RoomName, RoomSummary, Seq, ServerFrame, UserId, UserName};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::MissedTickBehavior;

pub use changes::Changes;
pub use clock::{Clock, wall_clock};
pub use link::Link;
pub use message::{Committed, Identity, Origin, Subscribed};
pub use state::State;
pub use statistics::Statistics;

use crate::room::{RoomId, RoomInfo};
use message::HubMessage;

/// Requests that wait for the hub; whoever finds it full waits, which stops reading from senders.
const INBOX: usize = 1_024;
/// Requests handled before what they cause is written.
const TURN: usize = 256;
const TICK: Duration = Duration::from_millis(250);
/// On a stop, reconnects are spread over this long, in milliseconds.
const RECONNECT_SPREAD: u64 = 3_000;

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
    pub fn start(state: State, clock: Clock) -> Self {
        let (inbox, messages) = mpsc::channel(INBOX);
        let changed = Arc::new(Notify::new());
        tokio::spawn(run(state, clock, messages, changed.clone()));
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
    ) -> Result<Subscribed, HubClosed> {
        let subscribed = self.ask(|done| HubMessage::Subscribe { connection, room, held, done }).await?;
        subscribed.ok_or(HubClosed)
    }

    /// Sends `frame`, which tells of everything up to `at`, and then what was held back.
    ///
    /// # Errors
    /// The inner error is the place that the log must be read to before, because too much had to be held back.
    pub async fn release(
        &self,
        connection: usize,
        room: RoomId,
        at: Seq,
        frame: ServerFrame,
    ) -> Result<Result<(), Seq>, HubClosed> {
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

    /// Hands out what was committed together.
    pub async fn deliver(&self, batch: Vec<Committed>) -> Result<(), HubClosed> {
        self.tell(HubMessage::Deliver(batch)).await
    }

    /// Typing started or stopped.
    pub async fn typing(&self, connection: usize, room: RoomId, is_typing: bool) -> Result<(), HubClosed> {
        self.tell(HubMessage::Typing { connection, room, is_typing }).await
    }

    /// Whether somebody is at this connection.
    pub async fn set_away(&self, connection: usize, away: bool) -> Result<(), HubClosed> {
        self.tell(HubMessage::Away { connection, away }).await
    }

    /// Moves the person's read mark forward and gives it; none if they are not in the room.
    pub async fn mark_read(
        &self,
        connection: usize,
        room: RoomId,
        seq: Seq,
    ) -> Result<Option<Seq>, HubClosed> {
        self.ask(|done| HubMessage::MarkRead { connection, room, seq, done }).await
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

    /// Waits for changes of memberships and gives all since the last call.
    pub async fn changes(&self) -> Result<Changes, HubClosed> {
        self.changed.notified().await;
        self.take_changes().await
    }

    /// All changes of memberships since the last call.
    pub async fn take_changes(&self) -> Result<Changes, HubClosed> {
        self.ask(|done| HubMessage::TakeChanges { done }).await
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

async fn run(mut state: State, clock: Clock, mut messages: mpsc::Receiver<HubMessage>, changed: Arc<Notify>) {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut waiting = Vec::with_capacity(TURN);
    let (mut next_tick, mut next_second) = (0, 0);
    loop {
        tokio::select! {
            count = messages.recv_many(&mut waiting, TURN) => if count == 0 { return },
            _ = ticks.tick() => {}
        }
        state.set_clocks(clock.now(), wall_clock());
        for message in waiting.drain(..) {
            handle(&mut state, message);
        }
        if state.turn.now >= next_tick {
            next_tick = state.turn.now + TICK.as_millis() as u64;
            state.tick();
        }
        if state.turn.now >= next_second {
            next_second = state.turn.now + 1_000;
            state.tick_second();
        }
        state.finish_turn();
        if !state.changes.is_empty() {
            changed.notify_one();
        }
    }
}

/// An asker that has gone away needs no answer.
fn reply<T>(done: oneshot::Sender<T>, value: T) {
    let _ = done.send(value);
}

fn handle(state: &mut State, message: HubMessage) {
    match message {
        HubMessage::Deliver(batch) => state.deliver(batch),
        HubMessage::Typing { connection, room, is_typing } => state.set_typing(connection, room, is_typing),
        HubMessage::Attach { identity, link, done } => {
            if let Err((connection, _)) = done.send(state.attach(&identity, link)) {
                state.detach(connection, false);
            }
        }
        HubMessage::Detach { connection, clean } => state.detach(connection, clean),
        HubMessage::Subscribe { connection, room, held, done } => {
            reply(done, state.subscribe(connection, &room, held));
        }
        HubMessage::Release { connection, room, at, mut frame, done } => {
            reply(done, state.release(connection, room, at, &mut frame));
        }
        HubMessage::Unsubscribe { connection, room } => state.unsubscribe(connection, room),
        HubMessage::Leave { connection, room, done } => reply(done, state.leave(connection, room)),
        HubMessage::Away { connection, away } => state.set_away(connection, away),
        HubMessage::MarkRead { connection, room, seq, done } => {
            reply(done, state.mark_read(connection, room, seq));
        }
        HubMessage::Members { room, after, limit, done } => {
            reply(done, state.members(room, after, limit));
        }
        HubMessage::WatchMembers { connection, room, users } => {
            state.watch_members(connection, room, users);
        }
        HubMessage::Rooms { connection, after, limit, done } => {
            state.watch_lobby(connection);
            reply(done, state.lobby.page(after.as_ref(), limit));
        }
        HubMessage::RollCall => state.roll_call(),
        HubMessage::TakeChanges { done } => reply(done, std::mem::take(&mut state.changes)),
        HubMessage::Statistics { done } => reply(done, state.statistics()),
        HubMessage::CloseAll { done } => {
            let count = state.connections.len().max(1) as u64;
            for (place, (_, connection)) in state.connections.iter().enumerate() {
                let wait = RECONNECT_SPREAD * place as u64 / count;
                let reason = format!("retry_after_ms={wait}");
                connection.link.outbox.close(CloseCode::GoingAway, &reason);
            }
            reply(done, ());
        }
    }
}
