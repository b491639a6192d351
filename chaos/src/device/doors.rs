//! Private rooms at a device: making them, letting people in and out, and what the server says about them.

use std::time::UNIX_EPOCH;

use shared::limits::TOPIC_CHARS;
use shared::{
    ClientMessageId, Command, DetailsChange, ErrorCode, Failure, Joined, NewRoom, Request, RestrictionKind,
    RoomAddress, RoomDetails, RoomEvent, RoomKind, RoomRole, Seq, ServerFrame, ShortText, UserId, Whom,
};

use super::state::{Asked, State};
use crate::doors::{DoorRequest, Outcome};
use crate::room::Room;

/// Actions of a hundred that are about private rooms, at a device that shows one, and elsewhere.
const SHARE: usize = 25;
const SHARE_OUTSIDE: usize = 6;
/// Other actions of a hundred that happen in a private room, if the device knows one.
const INSIDE: usize = 35;
/// Every so many people make rooms; those with an account.
const MAKERS: usize = 4;
/// Words that messages have.
const SEARCHED: [&str; 4] = ["good morning", "会議", "lunch", "テスト"];

impl State {
    /// Does something about private rooms now and then. Returns whether it did.
    pub(super) fn acts_at_doors(&mut self) -> bool {
        let maker = self.person.account().is_some() && self.person.number % MAKERS == 2;
        if maker && self.number == 0 && self.door_requests.is_empty() && self.makes_room() {
            return true;
        }
        let own = self.own_room();
        if !self.door_dice.percent(if own.is_some() { SHARE } else { SHARE_OUTSIDE }) {
            return false;
        }
        let draw = self.door_dice.below(100);
        match own {
            _ if maker && draw < 12 && self.makes_room() => {}
            _ if draw < 20 => self.look_around(),
            None => self.knock(),
            Some(room) => self.act_in(room, draw),
        }
        true
    }

    /// Picks a private room for something that is done in rooms of all kinds.
    pub(super) fn room_with_doors(&mut self) -> Option<RoomAddress> {
        if self.door_dice.percent(INSIDE) { self.own_room() } else { None }
    }

    fn own_room(&mut self) -> Option<RoomAddress> {
        let rooms = self.rooms.iter().filter(|(name, room)| name.is_private() && room.live);
        let rooms: Vec<&RoomAddress> = rooms.map(|(name, _)| name).collect();
        self.door_dice.pick(&rooms).map(|&room| room.clone())
    }

    fn act_in(&mut self, room: RoomAddress, draw: usize) {
        let moderates = self.sightings.role(&room) == RoomRole::Moderator;
        let (account, tries) = (self.person.account().is_some(), self.door_dice.percent(6));
        match draw {
            20..45 if account || tries => self.invite(room),
            45..65 if moderates || tries => self.remove(room),
            65..70 if moderates || tries => self.lift(room),
            70..80 if moderates || tries => self.set_role(room),
            80..90 if account || tries => self.set_topic(room),
            90..94 => self.ask_door(Command::LeaveRoom { room }),
            _ => self.say_typing(room),
        }
    }

    /// Makes a room if there are not enough yet, with the observer and perhaps others.
    fn makes_room(&mut self) -> bool {
        let minutes = self.world.settings.time.as_secs() / 60;
        let Some((observer, number)) = self.world.doors.observer().zip(self.world.doors.another(minutes))
        else {
            return false;
        };
        let mut user_ids = vec![observer];
        for _ in 0..self.door_dice.below(10) {
            user_ids.extend(self.somebody());
        }
        user_ids.dedup();
        let details = RoomDetails { title: line(&format!("Den {number}")), ..RoomDetails::default() };
        let client_message_id = Some(self.door_id());
        self.ask_door(Command::CreateRoom(NewRoom {
            kind: RoomKind::Private,
            details,
            user_ids,
            usernames: Vec::new(),
            client_message_id,
        }));
        true
    }

    fn door_id(&mut self) -> ClientMessageId {
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.door_dice.number().to_le_bytes());
        random[8..].copy_from_slice(&[self.person.number as u8, self.number as u8]);
        let millis = UNIX_EPOCH.elapsed().unwrap_or_default().as_millis() as u64;
        ClientMessageId::new(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// Somebody whom the server knows.
    fn somebody(&mut self) -> Option<UserId> {
        let people = &self.world.people;
        people.get(self.door_dice.below(people.len()))?.user()
    }

    /// A member other than oneself and the observer.
    fn member(&mut self, room: &RoomAddress) -> Option<UserId> {
        let (me, observer) = (self.person.user(), self.world.doors.observer());
        let members = self.world.doors.members(room).into_iter();
        let members: Vec<UserId> =
            members.filter(|&member| Some(member) != me && Some(member) != observer).collect();
        self.door_dice.pick(&members).copied()
    }

    fn invite(&mut self, room: RoomAddress) {
        let members = self.world.doors.members(&room);
        let people = &self.world.people;
        for _ in 0..6 {
            let Some(person) = people.get(self.door_dice.below(people.len())) else { return };
            let Some(id) = person.user() else { continue };
            if members.contains(&id) && !self.door_dice.percent(10) {
                continue;
            }
            let name = person.account().map(|account| account.known().name.clone());
            let whom = match name.filter(|_| self.door_dice.percent(25)) {
                Some(name) => Whom::Name(name),
                None => Whom::Id(id),
            };
            return self.ask_door(Command::Invite { room, whom });
        }
    }

    fn remove(&mut self, room: RoomAddress) {
        if let Some(user_id) = self.member(&room) {
            if self.door_dice.percent(30) {
                return self.ban(room, user_id);
            }
            let reason = self.door_dice.percent(50).then(|| line("別の部署へ")).flatten();
            self.ask_door(Command::RemoveMember { room, user_id, reason });
        }
    }

    /// Most bans end soon: otherwise hardly anybody is left to be invited.
    fn ban(&mut self, room: RoomAddress, user: UserId) {
        let seconds = (!self.door_dice.percent(20)).then(|| 1 + self.door_dice.below(10) as u32);
        let (whom, kind) = (Whom::Id(user), RestrictionKind::Ban);
        self.ask_door(Command::Restrict { room, whom, kind, seconds, reason: line("spam") });
    }

    /// Ends a ban of somebody, if there is one.
    fn lift(&mut self, room: RoomAddress) {
        if let Some(user) = self.somebody() {
            let (whom, kind) = (Whom::Id(user), RestrictionKind::Ban);
            self.ask_door(Command::LiftRestriction { room, whom, kind });
        }
    }

    fn set_role(&mut self, room: RoomAddress) {
        let role = if self.door_dice.percent(65) { RoomRole::Moderator } else { RoomRole::Member };
        if let Some(user_id) = self.member(&room) {
            self.ask_door(Command::SetRoomRole { room, user_id, role });
        }
    }

    fn set_topic(&mut self, room: RoomAddress) {
        // No other topic is the same, so that none is taken for another one.
        let topic = line(&format!("topic {:016x}", self.door_dice.number()));
        self.ask_door(Command::EditRoom {
            room,
            change: DetailsChange { topic: Some(topic), ..DetailsChange::default() },
        });
    }

    fn say_typing(&mut self, room: RoomAddress) {
        if self.was_welcomed() {
            let is_typing = self.door_dice.percent(50);
            self.requests.push(Request { id: None, command: Command::Typing { room, is_typing } });
        }
    }

    /// Asks for what must not show rooms of others: a search, and the list of rooms.
    fn look_around(&mut self) {
        if self.door_dice.percent(20) {
            return self.ask(Command::ListRooms { after: None, limit: None }, Asked::Other);
        }
        let query = self.door_dice.pick(&SEARCHED).copied().unwrap_or_default().to_owned();
        self.ask(Command::Search { query, limit: Some(50), cursor: None }, Asked::Other);
    }

    /// Asks for a room that the device may have no business with.
    fn knock(&mut self) {
        let rooms = self.world.doors.rooms();
        let Some(room) = self.door_dice.pick(&rooms).cloned() else { return };
        if self.door_dice.percent(50) {
            self.ask(Command::JoinRoom { room: room.clone(), since: None }, Asked::Join(room));
        } else {
            self.ask(Command::Members { room, after: None, limit: None }, Asked::Other);
        }
    }

    /// Once the storm is over, asks for every room that it does not show: nobody tells a guest of an invitation that came
    /// while the guest was away.
    pub(super) fn knock_everywhere(&mut self) {
        for room in self.world.doors.rooms() {
            if !self.rooms.contains_key(&room) && self.knocked.insert(room.clone()) {
                self.ask(Command::JoinRoom { room: room.clone(), since: None }, Asked::Join(room));
            }
        }
    }

    /// Asks for something until it is answered.
    fn ask_door(&mut self, command: Command) {
        let mut request = DoorRequest { command, from: Seq::ZERO, sent: 0, outcome: Outcome::Pending };
        request.from = request.room().map_or(Seq::ZERO, |room| self.head(room));
        self.door_requests.push(request);
        self.send_door(self.door_requests.len() - 1);
    }

    fn send_door(&mut self, index: usize) {
        if !self.was_welcomed() {
            return;
        }
        let Some(request) = self.door_requests.get_mut(index) else { return };
        if request.sent > 0 {
            self.world.numbers.doors_again.add();
        }
        request.sent += 1;
        let command = request.command.clone();
        self.ask(command, Asked::Door(index));
    }

    /// Asks again for everything that has no answer.
    pub(super) fn ask_doors_again(&mut self) {
        for index in 0..self.door_requests.len() {
            if self.door_requests[index].outcome == Outcome::Pending {
                self.send_door(index);
            }
        }
    }

    /// Records the answer to a request about a private room.
    pub(super) fn door_answered(&mut self, asked: Option<&Asked>, outcome: Outcome) {
        let Some(&Asked::Door(index)) = asked else { return };
        if let Some(request) = self.door_requests.get_mut(index) {
            let numbers = &self.world.numbers;
            match outcome {
                Outcome::Refused(_) => numbers.doors_refused.add(),
                _ => numbers.doors_acked.add(),
            }
            request.outcome = outcome;
        }
    }

    /// Handles a refusal that is about private rooms. Returns whether it was one.
    pub(super) fn door_refused(&mut self, failure: &Failure, asked: Option<&Asked>) -> bool {
        let room = failure.room.as_ref().filter(|room| room.is_private());
        let room = room.filter(|_| failure.code == ErrorCode::NotAMember);
        if let Some(room) = room {
            self.sightings.denied(room, self.head(room));
            if !self.sightings.is_inside(room) {
                self.world.numbers.doors_shut.add();
                self.rooms.remove(room);
            }
        }
        self.door_answered(asked, Outcome::Refused(failure.code));
        room.is_some() || matches!(asked, Some(Asked::Door(_)))
    }

    /// Records what a frame tells of private rooms, and complains of what must not be told.
    pub(super) fn sight(&mut self, frame: &ServerFrame) {
        let head = match frame {
            ServerFrame::History(history) => self.head(&history.room),
            ServerFrame::Messages(messages) => self.head(&messages.room),
            _ => Seq::ZERO,
        };
        match self.sightings.look(frame, head) {
            Ok(false) => {}
            Ok(true) => self.world.numbers.door_frames.add(),
            Err(what) => {
                self.world.numbers.trespasses.add();
                self.complain(&what);
            }
        }
        match frame {
            ServerFrame::Entered { room, .. } if room.is_private() => {
                self.world.doors.note(room);
                if !self.sightings.is_inside(room) {
                    self.ask(
                        Command::JoinRoom { room: room.clone(), since: None },
                        Asked::Join(room.clone()),
                    );
                }
            }
            ServerFrame::Joined(joined) if joined.room.is_private() => {
                self.enter(joined);
                self.follow(&joined.events);
            }
            ServerFrame::Events(events) => self.follow(&events.events),
            ServerFrame::Event(event) => self.follow(std::slice::from_ref(event)),
            ServerFrame::Left { room, id, .. } => {
                let asked = self.forget(id.as_ref());
                self.door_answered(asked.as_ref(), Outcome::Done);
                if id.is_none() && room.is_private() {
                    self.rooms.remove(room);
                }
            }
            ServerFrame::Done { id } => {
                let asked = self.forget(id.as_ref());
                self.door_answered(asked.as_ref(), Outcome::Done);
            }
            ServerFrame::SearchResults(results) => drop(self.forget(results.id.as_ref())),
            ServerFrame::Rooms { id, .. } | ServerFrame::Members { id, .. } => drop(self.forget(id.as_ref())),
            _ => {}
        }
    }

    fn enter(&mut self, joined: &Joined) {
        let doors = &self.world.doors;
        doors.note(&joined.room);
        doors.add(&joined.room, joined.members.iter().map(|member| member.user_id));
        // What goes on from an earlier position is of use only if that is still there.
        if joined.snapshot && !self.rooms.contains_key(&joined.room) {
            self.rooms.insert(joined.room.clone(), Room::unknown(self.holds));
        }
    }

    fn follow(&self, events: &[RoomEvent]) {
        for event in events {
            match event {
                RoomEvent::Changed(changed) if changed.room.is_private() => self.world.doors.follow(changed),
                _ => {}
            }
        }
    }

    pub(super) fn head(&self, room: &RoomAddress) -> Seq {
        self.rooms.get(room).map_or(Seq::ZERO, |room| room.log.head())
    }

    /// Why not everything about private rooms is settled.
    pub(super) fn unsettled_doors(&self) -> Option<String> {
        if let Some(request) = self.door_requests.iter().find(|one| one.outcome == Outcome::Pending) {
            return Some(format!("waits for the answer to {:?}", request.command));
        }
        let rooms = self.world.doors.rooms();
        let unknown =
            rooms.iter().find(|room| !self.rooms.contains_key(room) && !self.knocked.contains(room));
        unknown.map(|room| format!("has not asked for {room}"))
    }
}

fn line(text: &str) -> Option<ShortText> {
    ShortText::within(text, TOPIC_CHARS).ok()
}
