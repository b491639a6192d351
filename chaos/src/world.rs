//! What all parts of a run share.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use shared::{RoomAddress, UserName};
use tokio::sync::watch;
use tokio::time::timeout;

/// Complaints that are told in full.
const TOLD: usize = 30;

/// How a run is made.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Decides what is done; when it happens is up to the machine.
    pub seed: u64,
    /// How many people there are.
    pub people: usize,
    /// What they write and change, all together, in a second.
    pub rate: f64,
    /// The server lives no longer, in seconds.
    pub lifetime: u64,
}

/// Where a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Everything goes on at once.
    Storm,
    /// Nothing new is done and nothing breaks; what is under way comes to its end.
    Calm,
    /// Everybody goes home.
    End,
}

/// What all parts of a run share.
pub struct World {
    /// How the run is made.
    pub settings: Settings,
    /// The rooms, the busiest first.
    pub rooms: Vec<RoomAddress>,
    /// Where the run is.
    pub phase: watch::Sender<Phase>,
    /// What is counted.
    pub numbers: Numbers,
    /// What went wrong.
    pub complaints: Complaints,
    /// How often it began or ended that nothing can be stored: odd while that is so.
    pub troubles: Count,
    names: Mutex<BTreeSet<UserName>>,
}

impl World {
    /// A run that begins.
    pub fn new(settings: Settings, rooms: Vec<RoomAddress>) -> Self {
        Self {
            settings,
            rooms,
            phase: watch::Sender::new(Phase::Storm),
            numbers: Numbers::default(),
            complaints: Complaints::default(),
            troubles: Count::default(),
            names: Mutex::default(),
        }
    }

    /// Whether things break and people act.
    pub fn is_storm(&self) -> bool {
        *self.phase.borrow() == Phase::Storm
    }

    /// Somebody got this name.
    pub fn add_name(&self, name: &UserName) {
        lock(&self.names).insert(name.clone());
    }

    /// The names there are.
    pub fn names(&self) -> Vec<UserName> {
        lock(&self.names).iter().cloned().collect()
    }
}

/// Waits. False: the storm is over.
pub async fn storms_for(phase: &mut watch::Receiver<Phase>, time: Duration) -> bool {
    // Time is up, or the world is gone with its phase.
    timeout(time, phase.wait_for(|phase| *phase > Phase::Storm)).await.is_err()
}

/// A part that panicked has said so; its data can still be looked at.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What went wrong, the first cases in full and each once.
#[derive(Debug, Default)]
pub struct Complaints {
    told: Mutex<Vec<String>>,
    count: Count,
}

impl Complaints {
    /// Something is not as it was promised.
    pub fn add(&self, what: impl fmt::Display) {
        self.count.add();
        let (mut told, what) = (lock(&self.told), what.to_string());
        if told.len() < TOLD && !told.contains(&what) {
            told.push(what);
        }
    }

    /// How many there were.
    pub fn count(&self) -> u64 {
        self.count.get()
    }

    /// The first ones.
    pub fn told(&self) -> Vec<String> {
        lock(&self.told).clone()
    }
}

/// A number that goes up.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    /// One more.
    pub fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Some more.
    pub fn add_many(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    /// At least this.
    pub fn raise(&self, to: u64) {
        self.0.fetch_max(to, Ordering::Relaxed);
    }

    /// The number.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What is counted in a run.
#[derive(Debug, Default)]
#[allow(missing_docs, reason = "each is a line of the report, which has the words")]
pub struct Numbers {
    pub kills: Count,
    pub stops: Count,
    pub full_disks: Count,
    pub held_locks: Count,
    pub clock_leaps: Count,
    pub explained: Count,
    pub cut: Count,
    pub reset: Count,
    pub cut_midway: Count,
    pub cut_before_ack: Count,
    pub silenced: Count,
    pub dropped_by_client: Count,
    pub stalls: Count,
    pub connections: Count,
    pub acked_messages: Count,
    pub acked_changes: Count,
    pub refused: Count,
    pub sent_again: Count,
    pub resumes: Count,
    pub snapshots: Count,
    pub holes: Count,
    pub events: Count,
    pub pages: Count,
    pub counts_asked: Count,
    pub marks_set_back: Count,
    pub longest_absence: Count,
    pub longest_restart: Count,
}

impl Numbers {
    /// A connection was away for this long and is back in all rooms.
    pub fn back_after(&self, time: Duration) {
        self.longest_absence.raise(time.as_millis() as u64);
    }
}
