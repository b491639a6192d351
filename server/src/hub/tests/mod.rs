//! Tests of a hub whose clock the tests control.

mod accounts;
mod behaviour;
mod direct;
mod doors;
mod fault;
mod indexes;
mod presence;
mod read_marks;
mod readers;
mod room_directory;

use std::io;
use std::sync::{Arc, Mutex};

use shared::{
    Change, Changed, Epoch, Mentions, MessageId, MessageText, Posted, PresenceStatus, RoomAddress, RoomEvent,
    RoomKind, RoomName, RoomRole, Seq, ServerFrame, SessionId, Timestamp, UserId, UserName,
};
use uuid::Uuid;

use super::state::State;
use super::{Committed, Identity, RestoredMember, UserKind};
use crate::delivery::{ConnectionHandle, Outbox, TryWrite};
use crate::room::{RoomId, RoomInfo};

/// A socket that accepts everything, or as many bytes as it was told to, and records them.
#[derive(Clone)]
struct Socket(Arc<Mutex<(Vec<u8>, usize)>>);

impl Default for Socket {
    fn default() -> Self {
        Self(Arc::new(Mutex::new((Vec::new(), usize::MAX))))
    }
}

impl TryWrite for Socket {
    fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let (received, room) = &mut *self.0.lock().unwrap();
        let count = bytes.len().min(*room);
        if count == 0 {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        *room -= count;
        received.extend_from_slice(&bytes[..count]);
        Ok(count)
    }
}

impl Socket {
    /// From now on accepts only `bytes` bytes.
    fn take_only(&self, bytes: usize) {
        self.0.lock().unwrap().1 = bytes;
    }

    /// Returns the frames since the last call: texts as frames, control frames by opcode and payload.
    fn take(&self) -> (Vec<ServerFrame>, Vec<(u8, Vec<u8>)>) {
        let bytes = std::mem::take(&mut self.0.lock().unwrap().0);
        let (mut texts, mut controls, mut rest) = (Vec::new(), Vec::new(), &bytes[..]);
        while let [first, short, after @ ..] = rest {
            let (length, payload) = match short {
                126 => (usize::from(u16::from_be_bytes([after[0], after[1]])), &after[2..]),
                127 => panic!("no test sends that much"),
                short => (usize::from(*short), after),
            };
            match first & 0x0F {
                1 => texts.push(serde_json::from_slice(&payload[..length]).unwrap()),
                opcode => controls.push((opcode, payload[..length].to_vec())),
            }
            rest = &payload[length..];
        }
        (texts, controls)
    }
}

struct Person {
    connection: usize,
    id: UserId,
    socket: Socket,
    handle: Arc<ConnectionHandle>,
}

impl Person {
    fn texts(&self) -> Vec<ServerFrame> {
        self.socket.take().0
    }
}

/// Stands for the answer to a sign-in.
fn welcome() -> ServerFrame {
    ServerFrame::Done { id: None }
}

/// A hub whose clock the test advances.
struct World {
    state: State,
    now: u64,
    next_id: u128,
}

impl World {
    fn new() -> Self {
        Self { state: State::new(0, Timestamp::from_millis(0)), now: 0, next_id: 1 }
    }

    /// Advances time in steps of 250 ms, as the hub's task does.
    fn pass(&mut self, millis: u64) {
        let end = self.now + millis;
        while self.now < end {
            self.now += 250;
            self.state.set_clocks(self.now, Timestamp::from_millis(self.now as i64));
            self.state.tick();
            if self.now.is_multiple_of(1_000) {
                self.state.tick_second();
            }
            self.state.finish_turn();
        }
    }

    fn attach(&mut self, id: UserId, name: &str, kind: UserKind) -> Person {
        let person = self.attach_without_welcome(id, name, kind);
        person.handle.welcome(&welcome());
        let _ = person.texts();
        person
    }

    fn attach_without_welcome(&mut self, id: UserId, name: &str, kind: UserKind) -> Person {
        let socket = Socket::default();
        let handle = Arc::new(ConnectionHandle::new(Outbox::new(Box::new(socket.clone())), None, self.now));
        if kind != UserKind::Demo {
            handle.set_protocol_1();
        }
        let session = (kind == UserKind::Account).then(|| session(id));
        let identity = Identity { user: id, wanted: UserName::new(name).unwrap(), kind, session };
        let (connection, _) = self.state.attach(&identity, handle.clone()).unwrap();
        Person { connection, id, socket, handle }
    }

    fn guest(&mut self, name: &str) -> Person {
        let id = self.id();
        self.attach(id, name, UserKind::Guest)
    }

    /// Creates an account and connects it.
    fn account(&mut self, name: &str) -> Person {
        let id = self.id();
        self.state.reserve_name(id, &UserName::new(name).unwrap());
        self.attach(id, name, UserKind::Account)
    }

    fn demo(&mut self, name: &str) -> Person {
        let id = self.id();
        self.attach(id, name, UserKind::Demo)
    }

    fn id(&mut self) -> UserId {
        self.next_id += 1;
        UserId::new(Uuid::from_u128(self.next_id))
    }

    fn join(&mut self, person: &Person, room: &Arc<RoomInfo>) {
        self.state.subscribe(person.connection, room, false).unwrap();
        self.state.finish_turn();
    }

    fn post(&mut self, author: &Person, room: &Arc<RoomInfo>, seq: u64) {
        self.deliver(room, vec![posted(author, room, seq)]);
    }

    /// Delivers events that were committed together.
    fn deliver(&mut self, room: &Arc<RoomInfo>, events: Vec<RoomEvent>) {
        let committed = |event| Committed { room: room.clone(), event: Some(event), ack: None };
        self.state.deliver(events.into_iter().map(committed).collect());
        self.state.finish_turn();
    }
}

/// The session of an account in these tests.
fn session(id: UserId) -> SessionId {
    SessionId::new(id.uuid())
}

fn member(id: UserId, name: &str, kind: UserKind, read: Option<Seq>) -> RestoredMember {
    let (name, role) = (UserName::new(name).unwrap(), RoomRole::Member);
    RestoredMember { id, name, kind, read, role, closed: false }
}

fn posted(author: &Person, room: &Arc<RoomInfo>, seq: u64) -> RoomEvent {
    RoomEvent::Posted(Posted {
        room: room.address.clone(),
        sender: UserName::new("author").unwrap(),
        sender_id: author.id,
        content: MessageText::new("こんにちは").ok(),
        timestamp: Timestamp::from_millis(0),
        seq: Seq(seq),
        message_id: MessageId::new(Uuid::from_u128(u128::from(seq))),
        client_message_id: None,
        reply_to: None,
        mentions: Mentions::default(),
        changed_seq: None,
        edited_at: None,
        deleted: false,
        pinned: false,
        reactions: Vec::new(),
    })
}

fn pinned(by: &Person, room: &Arc<RoomInfo>, seq: u64) -> RoomEvent {
    RoomEvent::Changed(Changed {
        room: room.address.clone(),
        seq: Seq(seq),
        target: Seq(1),
        by: Some(shared::Person { user_id: by.id, user: UserName::new("somebody").unwrap() }),
        timestamp: Timestamp::from_millis(0),
        client_message_id: None,
        change: Change::Pinned,
    })
}

fn room(id: u32, name: &str) -> Arc<RoomInfo> {
    let address = RoomName::new(name).unwrap().into();
    let (kind, details) = (RoomKind::Public, Arc::default());
    Arc::new(RoomInfo {
        id: RoomId(id),
        address,
        kind,
        people: Arc::default(),
        epoch: Epoch::from_random(7),
        permanent: false,
        details,
    })
}

fn private_room(id: u32) -> Arc<RoomInfo> {
    let address = RoomAddress::new(&format!("~{id}")).unwrap();
    Arc::new(RoomInfo { kind: RoomKind::Private, address, ..(*room(id, "x")).clone() })
}

fn statuses(frames: &[ServerFrame]) -> Vec<PresenceStatus> {
    let status = |frame: &ServerFrame| match frame {
        ServerFrame::Presence { status, .. } => Some(*status),
        _ => None,
    };
    frames.iter().filter_map(status).collect()
}

fn left(frames: &[ServerFrame]) -> usize {
    frames.iter().filter(|frame| matches!(frame, ServerFrame::UserLeft { .. })).count()
}
