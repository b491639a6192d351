//! The hub's task: handles requests in turns and writes their output once at the end of each.

use std::sync::Arc;
use std::time::Duration;

use shared::UserName;
use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, MissedTickBehavior};

use super::account_requests;
use super::clock::{Clock, wall_clock};
use super::message::{HandedOut, HubMessage, Reply};
use super::state::State;
use crate::metrics::Metrics;

/// Requests handled before their output is written.
const TURN: usize = 256;
const TICK: Duration = Duration::from_millis(250);

/// Runs until the last handle is dropped.
pub(super) async fn run(
    mut state: State,
    clock: Clock,
    mut messages: mpsc::Receiver<HubMessage>,
    changed: Arc<Notify>,
    metrics: Arc<Metrics>,
) {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut waiting = Vec::with_capacity(TURN);
    let mut handed_out = Vec::new();
    let (mut next_tick, mut next_second) = (0, 0);
    loop {
        tokio::select! {
            count = messages.recv_many(&mut waiting, TURN) => if count == 0 { return },
            _ = ticks.tick() => {}
        }
        let start = Instant::now();
        state.set_clocks(clock.now(), wall_clock());
        let mut oldest = None;
        for message in waiting.drain(..) {
            oldest = oldest.into_iter().chain(arrival(&message)).min();
            apply(&mut state, message, &mut handed_out);
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
        let at = Instant::now();
        if let Some(oldest) = oldest {
            metrics.handed_out(at - oldest);
        }
        for done in handed_out.drain(..) {
            reply(done, HandedOut { at, took: at - start });
        }
        if !state.changes.is_empty() {
            changed.notify_one();
        }
    }
}

/// When the oldest request arrived whose events are handed out.
fn arrival(message: &HubMessage) -> Option<Instant> {
    let HubMessage::Deliver { batch, .. } = message else { return None };
    batch
        .iter()
        .filter(|committed| committed.event.is_some())
        .find_map(|committed| Some(committed.ack.as_ref()?.requester.since))
}

/// Sends a reply. A requester that has gone away needs none.
pub(super) fn reply<T>(done: Reply<T>, value: T) {
    let _ = done.send(value);
}

/// Adds a connection. If nobody waits for it any more, it ends.
fn attach(
    state: &mut State,
    done: Reply<Option<(usize, UserName)>>,
    attach: impl FnOnce(&mut State) -> Option<(usize, UserName)>,
) {
    if let Err(Some((connection, _))) = done.send(attach(state)) {
        state.detach(connection, false);
    }
}

/// Carries out a request. Collects in `handed_out` the replies to deliveries, which are sent once the turn is written.
fn apply(state: &mut State, message: HubMessage, handed_out: &mut Vec<Reply<HandedOut>>) {
    match message {
        HubMessage::Deliver { batch, done } => {
            state.deliver(batch);
            handed_out.push(done);
        }
        HubMessage::Typing { connection, room, is_typing } => state.set_typing(connection, room, is_typing),
        HubMessage::Attach { identity, handle, done } => {
            attach(state, done, |state| state.attach(&identity, handle));
        }
        HubMessage::Visit { visitor, address, handle, done } => {
            attach(state, done, |state| state.visit(&visitor, address.as_ref(), handle));
        }
        HubMessage::Detach { connection, clean } => state.detach(connection, clean),
        HubMessage::Account(request) => account_requests::apply(state, request),
        HubMessage::Subscribe { connection, room, held, done } => {
            reply(done, state.subscribe(connection, &room, held));
        }
        HubMessage::Release { connection, room, at, mut frame, done } => {
            reply(done, state.release(connection, room, at, &mut frame));
        }
        HubMessage::OwnRoom { connection, address, done } => {
            reply(done, state.own_room(connection, &address));
        }
        HubMessage::Member { room, user, done } => reply(done, state.member(room, user)),
        HubMessage::FindUser { whom, done } => reply(done, state.find_user(&whom)),
        HubMessage::PrivateRooms { user, done } => reply(done, state.private_rooms(user)),
        HubMessage::Addresses { user, done } => reply(done, state.addresses(user)),
        HubMessage::TellPreferences { user, connection, preferences } => {
            state.tell_preferences(user, connection, *preferences);
        }
        HubMessage::KnownRooms { user, rooms, done } => reply(done, state.known_rooms(user, rooms)),
        HubMessage::Announce { frame } => state.announce(&frame),
        HubMessage::CountRooms { user, done } => reply(done, state.count_rooms(user)),
        HubMessage::Conversations { connection, done } => reply(done, state.conversations(connection)),
        HubMessage::CloseConversation { connection, room, done } => {
            reply(done, state.close_conversation(connection, room));
        }
        HubMessage::TellStanding { room, user, role, may, reports } => {
            state.tell_standing(room, user, role, may, reports);
        }
        HubMessage::Moderators(room, done) => reply(done, state.moderators(room)),
        HubMessage::Describe(room, done) => reply(done, state.describe(room)),
        HubMessage::AnswerHits { connection, results } => state.answer_hits(connection, *results),
        HubMessage::Readable { user, mut results, done } => {
            state.readable(user, &mut results);
            reply(done, results);
        }
        HubMessage::RemoveGuests { guests } => state.remove_guests(&guests),
        HubMessage::Memberships { connection, done } => reply(done, state.memberships(connection)),
        HubMessage::Unsubscribe { connection, room } => state.unsubscribe(connection, room),
        HubMessage::Leave { connection, room, done } => reply(done, state.leave(connection, room)),
        HubMessage::Away { connection, away } => state.set_away(connection, away),
        HubMessage::MoveMark { connection, room, to, done } => {
            reply(done, state.move_mark(connection, room, to));
        }
        HubMessage::TellRead { connection, room, read, unread, id, done } => {
            reply(done, state.tell_read(connection, room, read, unread, id));
        }
        HubMessage::FindMentions { room, calls, done } => reply(done, state.find_mentions(room, &calls)),
        HubMessage::Members { room, after, limit, done } => {
            reply(done, state.members(room, after, limit));
        }
        HubMessage::WatchMembers { connection, room, users } => {
            state.watch_members(connection, room, users);
        }
        HubMessage::Rooms { connection, after, limit, done } => {
            state.watch_directory(connection);
            reply(done, state.directory.page(after.as_ref(), limit));
        }
        HubMessage::Live { rooms, done } => reply(done, state.live(rooms)),
        HubMessage::TouchPresent => state.touch_present(),
        HubMessage::TakeChanges { done } => reply(done, state.changes.take()),
        HubMessage::ChangesStored => state.changes.stored(),
        HubMessage::Statistics { done } => reply(done, state.statistics()),
        HubMessage::CloseAll { done } => {
            state.close_all();
            reply(done, ());
        }
    }
}
