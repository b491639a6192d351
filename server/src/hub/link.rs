//! One connection as hub and edge share it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use shared::{RoomAddress, ServerFrame};

use super::outbox::{Kind, Outbox, Pushed};
use super::wire;
use crate::room::{RoomId, RoomInfo};

/// The part of a connection that its own task and the hub both hold.
pub struct Link {
    /// What waits to be written.
    pub outbox: Outbox,
    /// Whether the client said `"protocol": 1`; others get the demo's frame types only.
    protocol1: AtomicBool,
    /// When the peer last said anything, in milliseconds of the hub's clock. The end of time: it is not listened to.
    heard: AtomicU64,
    /// The rooms this connection is subscribed to: written by the hub, read when its task posts.
    rooms: Mutex<Vec<Arc<RoomInfo>>>,
}

impl Link {
    /// A connection that just came in.
    pub fn new(outbox: Outbox, now: u64) -> Self {
        Self {
            outbox,
            protocol1: AtomicBool::new(false),
            heard: AtomicU64::new(now),
            rooms: Mutex::default(),
        }
    }

    /// Whether the client said `"protocol": 1`.
    pub fn protocol1(&self) -> bool {
        self.protocol1.load(Ordering::Relaxed)
    }

    /// Said once, while signing in.
    pub fn speak_protocol1(&self) {
        self.protocol1.store(true, Ordering::Relaxed);
    }

    /// The peer gave a sign of life.
    pub fn hear(&self, now: u64) {
        self.heard.store(now, Ordering::Relaxed);
    }

    /// Nothing is read from the peer until [`Self::hear`], because what it said is being carried out. However long that
    /// takes, the silence is ours.
    pub fn stop_listening(&self) {
        self.heard.store(u64::MAX, Ordering::Relaxed);
    }

    /// When the peer last gave one.
    pub fn heard(&self) -> u64 {
        self.heard.load(Ordering::Relaxed)
    }

    /// Answers a request of this connection.
    pub fn answer(&self, frame: &ServerFrame) -> Pushed {
        self.outbox.send(wire::text(frame), Kind::Answer)
    }

    /// The room of that name, if this connection is in it.
    pub fn room(&self, address: &RoomAddress) -> Option<Arc<RoomInfo>> {
        let rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.iter().find(|room| room.address == *address).cloned()
    }

    /// How many rooms this connection is in.
    pub fn room_count(&self) -> usize {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    pub(super) fn enter(&self, room: &Arc<RoomInfo>) {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        if !rooms.iter().any(|known| known.id == room.id) {
            rooms.push(room.clone());
        }
    }

    pub(super) fn exit(&self, room: RoomId) {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner).retain(|known| known.id != room);
    }
}
