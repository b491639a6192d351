//! Private rooms as all people of a run know them together, and what one device asks about them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, OnceLock};

use shared::{Change, Changed, ClientMessageId, Command, ErrorCode, RoomAddress, Seq, UserId};

use crate::world::{Count, lock};

/// Rooms that are made in any run, and further ones for each minute.
const ROOMS: u64 = 6;
const ROOMS_A_MINUTE: u64 = 2;

/// Private rooms that somebody was told of. Used to choose what to do, never to judge what the server did.
#[derive(Debug, Default)]
pub struct Doors {
    /// Who is invited to every room when it is made, and reads it at the end.
    observer: OnceLock<UserId>,
    rooms: Mutex<BTreeMap<RoomAddress, Known>>,
    wished: Count,
}

/// Who is in a room, as far as events of it were seen.
#[derive(Debug, Default)]
struct Known {
    head: Seq,
    members: BTreeSet<UserId>,
}

impl Doors {
    /// Sets who is invited to every room.
    pub fn set_observer(&self, user: UserId) {
        // There is one observer.
        let _ = self.observer.set(user);
    }

    pub fn observer(&self) -> Option<UserId> {
        self.observer.get().copied()
    }

    /// Returns the number of a room that may be made; `None` if there are enough.
    pub fn another(&self, minutes: u64) -> Option<u64> {
        let number = self.wished.get();
        (number < ROOMS + ROOMS_A_MINUTE * minutes).then(|| {
            self.wished.add();
            number
        })
    }

    /// Records that there is a room.
    pub fn note(&self, room: &RoomAddress) {
        let mut rooms = lock(&self.rooms);
        if !rooms.contains_key(room) {
            rooms.insert(room.clone(), Known::default());
        }
    }

    /// Records who is in a room after an event of it.
    pub fn follow(&self, changed: &Changed) {
        let mut rooms = lock(&self.rooms);
        let known = rooms.entry(changed.room.clone()).or_default();
        if changed.seq <= known.head {
            return;
        }
        match &changed.change {
            Change::MemberAdded { member, .. } => drop(known.members.insert(member.user_id)),
            Change::MemberRemoved { member, .. } => drop(known.members.remove(&member.user_id)),
            _ => return,
        }
        known.head = changed.seq;
    }

    /// Records some members of a room.
    pub fn add(&self, room: &RoomAddress, members: impl Iterator<Item = UserId>) {
        lock(&self.rooms).entry(room.clone()).or_default().members.extend(members);
    }

    /// All rooms.
    pub fn rooms(&self) -> Vec<RoomAddress> {
        lock(&self.rooms).keys().cloned().collect()
    }

    /// Who is probably in a room.
    pub fn members(&self, room: &RoomAddress) -> BTreeSet<UserId> {
        lock(&self.rooms).get(room).map(|known| known.members.clone()).unwrap_or_default()
    }
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// No answer yet.
    Pending,
    Done,
    /// The room that was made.
    Made(RoomAddress),
    Refused(ErrorCode),
}

/// Something that a device asked about a private room. It is asked again until it is answered.
#[derive(Debug, Clone)]
pub struct DoorRequest {
    pub command: Command,
    /// How far the device followed the room when it decided this.
    pub from: Seq,
    /// How many times it was sent.
    pub sent: u32,
    pub outcome: Outcome,
}

impl DoorRequest {
    /// The room; `None` of a request for a new one.
    pub const fn room(&self) -> Option<&RoomAddress> {
        match &self.command {
            Command::Invite { room, .. }
            | Command::RemoveMember { room, .. }
            | Command::Restrict { room, .. }
            | Command::LiftRestriction { room, .. }
            | Command::SetRoomRole { room, .. }
            | Command::EditRoom { room, .. }
            | Command::LeaveRoom { room } => Some(room),
            _ => None,
        }
    }

    /// The device's id for the room that is to be made.
    pub const fn client_id(&self) -> Option<ClientMessageId> {
        match &self.command {
            Command::CreateRoom(new) => new.client_message_id,
            _ => None,
        }
    }
}
