//! The state of a device, without I/O.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use shared::frame::PROTOCOL;
use shared::{Auth, Command, Posted, Request, RequestId, ResumeRoom, RoomAddress, Seq, UserId, UserName};
use tokio::time::Instant;

use super::DEVICES;
use super::act::Wish;
use crate::dice::Dice;
use crate::doors::DoorRequest;
use crate::outbox::{Deed, Outbox};
use crate::person::{Person, Session};
use crate::room::{Holds, Room, Turn};
use crate::sightings::Sightings;
use crate::world::World;

/// Keeps the random sequences of what is done about private rooms apart from those of devices.
const DOORS_PART: u64 = 1 << 35;

/// What a pending request was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    Join(RoomAddress),
    Page(RoomAddress, Turn),
    Fetch(RoomAddress),
    Count(RoomAddress),
    Mark,
    /// A request about a private room, by its place among them.
    Door(usize),
    /// Something of which only the answer counts.
    Other,
}

/// The state of a device.
pub struct State {
    pub(super) world: Arc<World>,
    pub(super) person: Arc<Person>,
    pub(super) number: usize,
    pub(super) holds: Holds,
    pub(super) dice: Dice,
    pub(super) rooms: BTreeMap<RoomAddress, Room>,
    pub(super) outbox: Outbox,
    pub(super) act_at: Instant,
    pub(super) wish: Option<Wish>,
    pub(super) offered: Option<Session>,
    /// Whether the server did not accept the last access token.
    pub(super) token_refused: bool,
    pub(super) me: Option<UserId>,
    pub(super) welcomed: bool,
    pub(super) requests: Vec<Request>,
    pub(super) asked: HashMap<u64, Asked>,
    next_id: u64,
    /// Since when it has not been live in all rooms.
    away_since: Option<Instant>,
    /// Present names of people who have another one than when they wrote.
    pub(super) names: HashMap<UserId, UserName>,
    /// Decides what is done about private rooms.
    pub(super) door_dice: Dice,
    pub(super) door_requests: Vec<DoorRequest>,
    pub(super) sightings: Sightings,
    /// Private rooms that it asked for on this connection, to see whether they are open to it.
    pub(super) knocked: BTreeSet<RoomAddress>,
}

impl State {
    pub(super) fn new(
        world: Arc<World>,
        person: Arc<Person>,
        number: usize,
        holds: Holds,
        dice: Dice,
    ) -> Self {
        let door_dice =
            Dice::new(world.settings.seed, DOORS_PART + (person.number * DEVICES + number) as u64);
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
            door_dice,
            door_requests: Vec::new(),
            sightings: Sightings::default(),
            knocked: BTreeSet::new(),
        }
    }

    pub const fn rooms(&self) -> &BTreeMap<RoomAddress, Room> {
        &self.rooms
    }

    /// What it asked about private rooms.
    pub fn door_requests(&self) -> &[DoorRequest] {
        &self.door_requests
    }

    /// What it was sent of private rooms.
    pub const fn sightings(&self) -> &Sightings {
        &self.sightings
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
        if let Some(why) = self.unsettled_doors() {
            return Some(why);
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
        self.sightings.disconnected();
        self.knocked.clear();
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
        let (from, troubles) = (self.head(deed.room()), self.world.troubles.get());
        let command =
            self.outbox.write(shared::ClientMessageId::new(id), deed, self.welcomed, from, troubles);
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

    pub(super) fn forget(&mut self, id: Option<&RequestId>) -> Option<Asked> {
        match id? {
            RequestId::Number(number) => self.asked.remove(number),
            RequestId::Text(_) => None,
        }
    }

    pub(super) fn note_return(&mut self) {
        if self.rooms.values().all(|room| room.live)
            && let Some(since) = self.away_since.take()
        {
            self.world.numbers.back_after(since.elapsed());
        }
    }

    pub(super) fn complain(&self, what: &str) {
        self.world.complaints.add(format!("device {} of {} {what}", self.number, self.person.name));
    }
}
