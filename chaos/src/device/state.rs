//! The state of a device, without I/O.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use shared::frame::PROTOCOL;
use shared::{
    Auth, Command, ErrorCode, Failure, Posted, Request, RequestId, ResumeRoom, RoomAddress, RoomEvent, Seq,
    ServerFrame, UserId, UserName,
};
use tokio::time::Instant;

use super::act::Wish;
use super::line::End;
use crate::dice::Dice;
use crate::outbox::{Answered, Deed, Fate, Outbox};
use crate::person::{Person, Session, Welcomed};
use crate::room::{Fault, Holds, Need, Room, Turn};
use crate::world::World;

/// Live events dropped per thousand, to make gaps.
const SKIPPED: usize = 1;

/// What a pending request was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    Join(RoomAddress),
    Page(RoomAddress, Turn),
    Fetch(RoomAddress),
    Count(RoomAddress),
    Mark,
}

/// The state of a device.
pub struct State {
    pub(super) world: Arc<World>,
    pub(super) person: Arc<Person>,
    number: usize,
    pub(super) holds: Holds,
    pub(super) dice: Dice,
    pub(super) rooms: BTreeMap<RoomAddress, Room>,
    pub(super) outbox: Outbox,
    pub(super) act_at: Instant,
    pub(super) wish: Option<Wish>,
    offered: Option<Session>,
    /// Whether the server did not accept the last access token.
    token_refused: bool,
    me: Option<UserId>,
    welcomed: bool,
    requests: Vec<Request>,
    asked: HashMap<u64, Asked>,
    next_id: u64,
    /// Since when it has not been live in all rooms.
    away_since: Option<Instant>,
    /// Present names of people who have another one than when they wrote.
    names: HashMap<UserId, UserName>,
}

impl State {
    pub(super) fn new(
        world: Arc<World>,
        person: Arc<Person>,
        number: usize,
        holds: Holds,
        dice: Dice,
    ) -> Self {
        let rooms = world.rooms.iter().map(|room| (room.clone(), Room::unknown(holds))).collect();
        Self {
            world,
            person,
            number,
            holds,
            dice,
            rooms,
            outbox: Outbox::default(),
            act_at: Instant::now(),
            wish: None,
            offered: None,
            token_refused: false,
            me: None,
            welcomed: false,
            requests: Vec::new(),
            asked: HashMap::new(),
            next_id: 0,
            away_since: None,
            names: HashMap::new(),
        }
    }

    pub const fn rooms(&self) -> &BTreeMap<RoomAddress, Room> {
        &self.rooms
    }

    pub const fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    pub(super) const fn dice(&mut self) -> &mut Dice {
        &mut self.dice
    }

    /// Whether the current connection was welcomed.
    pub(super) const fn was_welcomed(&self) -> bool {
        self.welcomed
    }

    /// The name by which the device shows the author of a message.
    pub fn name_of<'a>(&'a self, posted: &'a Posted) -> &'a UserName {
        self.names.get(&posted.sender_id).unwrap_or(&posted.sender)
    }

    /// Why the device has not settled yet, given the last seq of each room; none once it has.
    pub fn unsettled(&self, heads: &BTreeMap<RoomAddress, Seq>) -> Option<String> {
        if self.person.is_gone() {
            return self.welcomed.then(|| "is connected, and its account is deleted".to_owned());
        }
        if !self.welcomed {
            return Some("is not connected".to_owned());
        }
        if self.outbox.waiting() > 0 {
            return Some(format!("waits for {} answers to what it wrote", self.outbox.waiting()));
        }
        if let Some(asked) = self.asked.values().next() {
            return Some(format!("waits for the answer to {asked:?}"));
        }
        self.rooms.iter().find_map(|(name, room)| {
            let head = heads.get(name).copied().unwrap_or_default();
            if !room.live {
                return Some(format!("is not back in {name}"));
            }
            if room.log.head() != head {
                return Some(format!("is at {} of {head} in {name}", room.log.head()));
            }
            room.lacks_older().map(|before| format!("has {name} from {before} on only"))
        })
    }

    /// Whether all rooms are live.
    pub fn is_everywhere(&self) -> bool {
        self.rooms.values().all(|room| room.live)
    }

    /// Whether the server did not accept the last access token; asked once.
    pub(super) const fn take_token_refused(&mut self) -> bool {
        std::mem::replace(&mut self.token_refused, false)
    }

    pub(super) fn auth(&mut self, session: Option<Session>, token: Option<String>) -> Auth {
        let rooms = self.rooms.iter();
        let rooms = rooms.map(|(room, known)| ResumeRoom { room: room.clone(), since: known.resumes_at() });
        let auth = Auth {
            username: token.is_none().then(|| self.person.name.clone()),
            protocol: Some(PROTOCOL),
            session: session.as_ref().map(|session| session.secret.clone()),
            token,
            rooms: Some(rooms.collect()),
        };
        self.offered = session;
        auth
    }

    /// Resets what belongs to the connection. Returns whether it had been welcomed.
    pub(super) fn disconnected(&mut self) -> bool {
        self.requests.clear();
        self.asked.clear();
        self.wish = None;
        for room in self.rooms.values_mut() {
            room.disconnected();
        }
        self.away_since.get_or_insert_with(Instant::now);
        std::mem::replace(&mut self.welcomed, false)
    }

    /// Restarts the absence clock after a sleep, which does not count as absence.
    pub(super) fn wakes(&mut self) {
        self.away_since = Some(Instant::now());
    }

    pub(super) fn take_requests(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.requests)
    }

    pub(super) const fn take_wish(&mut self) -> Option<Wish> {
        self.wish.take()
    }

    pub(super) fn ask(&mut self, command: Command, asked: Asked) {
        if self.welcomed {
            self.next_id += 1;
            self.asked.insert(self.next_id, asked);
            self.requests.push(Request { id: Some(RequestId::Number(self.next_id)), command });
        }
    }

    pub(super) fn is_asked(&self, asked: &Asked) -> bool {
        self.asked.values().any(|other| other == asked)
    }

    /// Whether a page of this room is pending.
    pub(super) fn turns(&self, room: &RoomAddress) -> bool {
        self.asked.values().any(|asked| matches!(asked, Asked::Page(name, _) if name == room))
    }

    pub(super) fn write(&mut self, deed: Deed) {
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.dice.number().to_le_bytes());
        random[8..].copy_from_slice(&[self.person.number as u8, self.number as u8]);
        let millis = std::time::UNIX_EPOCH.elapsed().unwrap_or_default().as_millis() as u64;
        let id = uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid();
        let command = self.outbox.write(
            shared::ClientMessageId::new(id),
            deed,
            self.welcomed,
            self.world.troubles.get(),
        );
        if self.welcomed {
            self.requests.push(Request { id: None, command });
        }
    }

    /// Moves the read mark of a room forward to `seq` or, if `unread`, back to before it.
    pub fn mark(&mut self, room: &RoomAddress, seq: Seq, unread: bool) {
        let room = room.clone();
        let command =
            if unread { Command::MarkUnread { room, seq } } else { Command::MarkRead { room, seq } };
        self.ask(command, Asked::Mark);
    }

    /// Handles one frame.
    pub(super) fn receive(&mut self, frame: ServerFrame) -> Result<(), End> {
        match frame {
            ServerFrame::Welcome(welcome) => return self.welcome(&welcome),
            ServerFrame::Joined(joined) => {
                self.forget(joined.id.as_ref());
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
            for room in self.rooms.values_mut() {
                *room = Room::unknown(self.holds);
            }
            return Err(End::Lost);
        }
        self.welcomed = true;
        let (commands, again) = self.outbox.again();
        self.world.numbers.sent_again.add_many(again);
        self.requests.extend(commands.into_iter().map(|command| Request { id: None, command }));
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
        if !self.welcomed && matches!(failure.code, ErrorCode::NotAuthenticated | ErrorCode::TokenExpired) {
            // The clock leapt, or the session has ended.
            self.token_refused = true;
            return Err(End::Lost);
        }
        if let Some(id) = failure.client_message_id {
            self.answered(id, Fate::Refused(failure.code));
            return Ok(());
        }
        let asked = self.forget(failure.id.as_ref());
        self.complain(&format!("was refused {asked:?}: {failure}"));
        Err(End::Lost)
    }

    fn forget(&mut self, id: Option<&RequestId>) -> Option<Asked> {
        match id? {
            RequestId::Number(number) => self.asked.remove(number),
            RequestId::Text(_) => None,
        }
    }

    fn note_return(&mut self) {
        if self.rooms.values().all(|room| room.live)
            && let Some(since) = self.away_since.take()
        {
            self.world.numbers.back_after(since.elapsed());
        }
    }

    fn complain(&self, what: &str) {
        self.world.complaints.add(format!("device {} of {} {what}", self.number, self.person.name));
    }
}
