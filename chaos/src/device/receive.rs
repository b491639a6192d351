//! What a device does with the frames that it is sent.

use shared::{ErrorCode, Failure, Request, RoomAddress, RoomEvent, ServerFrame, UserId};

use super::line::End;
use super::state::{Asked, State};
use crate::doors::Outcome;
use crate::outbox::{Answered, Deed, Fate};
use crate::person::Welcomed;
use crate::room::{Fault, Need, Room};

/// Live events dropped per thousand, to make gaps.
const SKIPPED: usize = 1;

impl State {
    /// Handles one frame.
    pub(super) fn receive(&mut self, frame: ServerFrame) -> Result<(), End> {
        self.sight(&frame);
        match frame {
            ServerFrame::Welcome(welcome) => return self.welcome(&welcome),
            ServerFrame::Joined(joined) => {
                let asked = self.forget(joined.id.as_ref());
                self.door_answered(asked.as_ref(), Outcome::Made(joined.room.clone()));
                let count =
                    if joined.snapshot { &self.world.numbers.snapshots } else { &self.world.numbers.resumes };
                count.add();
                self.note_mark(&joined.room, joined.read_seq);
                self.in_room(&joined.room.clone(), |room, me| room.joined(&joined, me))?;
                self.note_return();
            }
            ServerFrame::Events(events) => {
                self.in_room(&events.room.clone(), |room, me| room.events(events.epoch, &events.events, me))?;
            }
            ServerFrame::Event(event) => return self.event(&event),
            ServerFrame::UserChanged { user, user_id, .. } => drop(self.names.insert(user_id, user)),
            ServerFrame::Ack { message_id, seq, client_message_id: Some(id), .. } => {
                self.answered(id, Fate::Acked { seq, message: message_id });
            }
            ServerFrame::Error { failure, .. } => return self.refused(&failure),
            ServerFrame::Read { room, seq, unread, id } => {
                self.forget(id.as_ref());
                self.in_room(&room, |room, _| (Need { rejoin: None, count: room.read(seq, unread) }, None))?;
            }
            ServerFrame::History(history) => {
                self.world.numbers.pages.add();
                if let Some(Asked::Page(_, turn)) = self.forget(history.id.as_ref()) {
                    self.in_room(&history.room, |room, _| {
                        room.page(&history, turn);
                        (Need::default(), None)
                    })?;
                }
            }
            ServerFrame::Messages(messages) => {
                self.forget(messages.id.as_ref());
                self.in_room(&messages.room, |room, _| {
                    room.messages(&messages);
                    (Need::default(), None)
                })?;
            }
            _ => {}
        }
        Ok(())
    }

    fn welcome(&mut self, welcome: &shared::Welcome) -> Result<(), End> {
        let offered = self.offered.take();
        if self.person.welcomed(&self.world, offered.as_ref(), welcome) == Welcomed::Again {
            return Err(End::Lost);
        }
        if self.me.replace(welcome.client_id).is_some_and(|before| before != welcome.client_id) {
            // A new user id, for which other messages are unread: start over.
            self.rooms.retain(|name, _| !name.is_private());
            for room in self.rooms.values_mut() {
                *room = Room::unknown(self.holds);
            }
            return Err(End::Lost);
        }
        self.welcomed = true;
        let (commands, again) = self.outbox.again();
        self.world.numbers.sent_again.add_many(again);
        self.requests.extend(commands.into_iter().map(|command| Request { id: None, command }));
        self.ask_doors_again();
        Ok(())
    }

    fn event(&mut self, event: &RoomEvent) -> Result<(), End> {
        let room = match event {
            RoomEvent::Posted(posted) => {
                // Somebody writes now: this is their present name.
                if let Some(name) = self.names.get_mut(&posted.sender_id) {
                    name.clone_from(&posted.sender);
                }
                posted.room.clone()
            }
            RoomEvent::Changed(changed) => changed.room.clone(),
            RoomEvent::Unknown { kind, .. } => {
                self.world.complaints.add(format!("an event of the unknown kind {kind}"));
                return Ok(());
            }
        };
        self.world.numbers.events.add();
        if self.world.is_storm() && self.dice.below(1_000) < SKIPPED {
            let known = self.rooms.get_mut(&room).filter(|known| known.live);
            if let Some(known) = known.filter(|known| event.seq() == known.log.head().next()) {
                known.skip();
                return Ok(());
            }
        }
        self.in_room(&room, |room, me| room.event(event, me))
    }

    fn in_room(
        &mut self,
        name: &RoomAddress,
        change: impl FnOnce(&mut Room, UserId) -> (Need, Fault),
    ) -> Result<(), End> {
        let (Some(room), Some(me)) = (self.rooms.get_mut(name), self.me) else {
            if name.is_private() {
                // Whether it may be told of the room is judged elsewhere.
                return Ok(());
            }
            self.complain(&format!("was told of the room {name}"));
            return Ok(());
        };
        let (need, fault) = change(room, me);
        self.meet(name.clone(), need);
        match fault {
            Some(fault) => {
                self.complain(&format!("in {name}: {fault}"));
                Err(End::Lost)
            }
            None => Ok(()),
        }
    }

    fn answered(&mut self, id: shared::ClientMessageId, fate: Fate) {
        let answered = self.outbox.answered(id, fate, self.world.troubles.get());
        let Some(write) = self.outbox.find(id) else {
            return self.complain(&format!("got an answer to {id}, which it never wrote"));
        };
        let numbers = &self.world.numbers;
        match (answered, fate, &write.deed) {
            (Answered::First, Fate::Acked { .. }, Deed::Post { .. }) => numbers.acked_messages.add(),
            (Answered::First, Fate::Acked { .. }, Deed::Change(_)) => numbers.acked_changes.add(),
            (Answered::First, ..) => numbers.refused.add(),
            (Answered::Otherwise, ..) => {
                let first = write.fate;
                self.complain(&format!("got two answers to {id}: {first:?}, then {fate:?}"));
            }
            (Answered::Again | Answered::Unknown, ..) => {}
        }
    }

    fn refused(&mut self, failure: &Failure) -> Result<(), End> {
        if failure.code.retryable() {
            // Whatever it was, it is sent again on the next connection.
            if failure.code != ErrorCode::Unavailable {
                self.complain(&format!("was refused: {failure}"));
            }
            return Err(End::Lost);
        }
        if matches!(failure.code, ErrorCode::NotAuthenticated | ErrorCode::TokenExpired) {
            // The clock leapt, or the session has ended.
            self.token_refused |= !self.welcomed;
            return Err(End::Lost);
        }
        if let (None, Some(id)) = (&failure.id, failure.client_message_id) {
            self.answered(id, Fate::Refused(failure.code));
            return Ok(());
        }
        let asked = self.forget(failure.id.as_ref());
        if self.door_refused(failure, asked.as_ref()) {
            return Ok(());
        }
        self.complain(&format!("was refused {asked:?}: {failure}"));
        Err(End::Lost)
    }
}
