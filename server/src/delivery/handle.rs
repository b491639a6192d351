//! A connection as shared by hub and edge.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use shared::{RoomAddress, ServerFrame, UserName};

use super::encode;
use super::outbox::{Outbox, Priority, Pushed};
use crate::room::{RoomId, RoomInfo};

/// Frames that are kept until a connection is welcome.
const MOST_EARLY: usize = 256;

/// The part of a connection that both its own task and the hub hold.
pub struct ConnectionHandle {
    /// Unique within this process.
    pub id: u64,
    pub outbox: Outbox,
    /// Where the client connects from, if that is known.
    pub address: Option<IpAddr>,
    /// See [`Self::is_demo`].
    demo: AtomicBool,
    /// When the peer last sent something, in milliseconds of the hub's clock; `u64::MAX` while the idle timeout is
    /// paused.
    last_heard: AtomicU64,
    /// What the connection was told before its `welcome`; `None` once that is sent.
    early: Mutex<Option<Vec<Bytes>>>,
    /// The user's present name: written by the hub, read by the connection's task when it posts.
    name: Mutex<Option<UserName>>,
    /// The rooms this connection is subscribed to: written by the hub, read by the connection's task when it posts.
    rooms: Mutex<Vec<Arc<RoomInfo>>>,
}

impl ConnectionHandle {
    /// Creates the handle of a new connection, a demo client until it says otherwise.
    pub fn new(outbox: Outbox, address: Option<IpAddr>, now: u64) -> Self {
        static NEXT_ID: AtomicU64 = AtomicU64::new(0);
        Self {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            outbox,
            address,
            demo: AtomicBool::new(true),
            last_heard: AtomicU64::new(now),
            early: Mutex::new(Some(Vec::new())),
            name: Mutex::default(),
            rooms: Mutex::default(),
        }
    }

    /// Whether the client did not send `"protocol": 1`. It gets only the demo's frame types, has no session, and its
    /// membership ends with its connection.
    pub fn is_demo(&self) -> bool {
        self.demo.load(Ordering::Relaxed)
    }

    /// Records that the client sent `"protocol": 1` while signing in.
    pub fn set_protocol_1(&self) {
        self.demo.store(false, Ordering::Relaxed);
    }

    /// Records that the peer sent something.
    pub fn set_heard(&self, now: u64) {
        self.last_heard.store(now, Ordering::Relaxed);
    }

    /// Pauses the idle timeout until [`Self::set_heard`]: nothing is read from the peer while its requests are carried
    /// out, however long that takes.
    pub fn pause_silence(&self) {
        self.last_heard.store(u64::MAX, Ordering::Relaxed);
    }

    /// Returns when the peer last sent something.
    pub fn last_heard(&self) -> u64 {
        self.last_heard.load(Ordering::Relaxed)
    }

    /// Answers the sign-in. It is the first frame of the connection; what the hub told it meanwhile follows.
    pub fn welcome(&self, frame: &ServerFrame) {
        let mut early = self.early.lock().unwrap_or_else(PoisonError::into_inner);
        self.answer(frame);
        for bytes in early.take().into_iter().flatten() {
            self.outbox.send(bytes, Priority::Live);
        }
    }

    /// Whether `welcome` was sent; else `bytes` are kept until it is. A connection that was told more than
    /// [`MOST_EARLY`] frames by then is closed and may come again.
    pub(crate) fn is_welcome_or_keep(&self, bytes: &Bytes) -> bool {
        let mut early = self.early.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(kept) = early.as_mut() else { return true };
        if kept.len() < MOST_EARLY {
            kept.push(bytes.clone());
        } else {
            self.outbox.cut_off();
        }
        false
    }

    /// Answers a request of this connection.
    pub fn answer(&self, frame: &ServerFrame) -> Pushed {
        self.outbox.send(encode::text(frame), Priority::Answer)
    }

    /// Answers a request about a room, unless the connection is not in it any more: whoever is removed gets nothing
    /// after that. Returns whether the connection is in it.
    pub fn answer_in(&self, room: &RoomInfo, frame: &ServerFrame) -> bool {
        let bytes = encode::text(frame);
        let rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let is_in = rooms.iter().any(|known| **known == *room);
        if is_in {
            self.outbox.send(bytes, Priority::Answer);
        }
        is_in
    }

    /// Returns the user's present name; `None` before the hub has given one.
    pub fn name(&self) -> Option<UserName> {
        self.name.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sets the user's present name; called by the hub.
    pub(crate) fn set_name(&self, name: &UserName) {
        *self.name.lock().unwrap_or_else(PoisonError::into_inner) = Some(name.clone());
    }

    /// Returns the room at that address, if this connection is in it.
    pub fn room(&self, address: &RoomAddress) -> Option<Arc<RoomInfo>> {
        let rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.iter().find(|room| room.address == *address).cloned()
    }

    pub fn room_count(&self) -> usize {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Adds `room` to the subscriptions; called by the hub.
    pub(crate) fn enter(&self, room: &Arc<RoomInfo>) {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        if !rooms.iter().any(|known| known.id == room.id) {
            rooms.push(room.clone());
        }
    }

    /// Removes `room` from the subscriptions; called by the hub.
    pub(crate) fn exit(&self, room: RoomId) {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner).retain(|known| known.id != room);
    }
}
