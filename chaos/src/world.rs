//! State shared by all parts of a run.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use shared::{RoomAddress, UserName};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::doors::Doors;
use crate::person::Person;

/// Complaints that are printed in full.
const TOLD: usize = 30;

/// The parameters of a run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Determines the actions; their timing depends on the machine.
    pub seed: u64,
    pub people: usize,
    /// Actions per second, of all people together.
    pub rate: f64,
    /// Longest lifetime of a server process, in seconds.
    pub lifetime: u64,
    /// How long things break.
    pub time: Duration,
}

impl Settings {
    /// Whether there is time for what takes a minute.
    pub fn is_long(&self) -> bool {
        self.time >= Duration::from_mins(1)
    }
}

/// The phases of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// People act and faults are injected.
    Storm,
    /// No new actions and no faults; what is pending finishes.
    Calm,
    /// Devices disconnect.
    End,
}

/// State shared by all parts of a run.
pub struct World {
    pub settings: Settings,
    /// Public rooms, the busiest first.
    pub rooms: Vec<RoomAddress>,
    pub people: Vec<Arc<Person>>,
    /// Private rooms.
    pub doors: Doors,
    pub phase: watch::Sender<Phase>,
    pub numbers: Numbers,
    pub complaints: Complaints,
    /// How many times a fault that prevents storing began or ended: odd while one lasts.
    pub troubles: Count,
    names: Mutex<BTreeSet<UserName>>,
    /// Names that an account has or had, and whose they are for a month.
    owners: Mutex<BTreeMap<UserName, usize>>,
}

impl World {
    /// Creates the state of a new run.
    pub fn new(settings: Settings, rooms: Vec<RoomAddress>, people: Vec<Arc<Person>>) -> Self {
        Self {
            settings,
            rooms,
            people,
            doors: Doors::default(),
            phase: watch::Sender::new(Phase::Storm),
            numbers: Numbers::default(),
            complaints: Complaints::default(),
            troubles: Count::default(),
            names: Mutex::default(),
            owners: Mutex::default(),
        }
    }

    /// Whether faults are injected and people act.
    pub fn is_storm(&self) -> bool {
        *self.phase.borrow() == Phase::Storm
    }

    /// Records an assigned name.
    pub fn add_name(&self, name: &UserName) {
        lock(&self.names).insert(name.clone());
    }

    /// Records a name that the account of a person has.
    pub fn add_account_name(&self, name: &UserName, person: usize) {
        lock(&self.owners).entry(name.clone()).or_insert(person);
    }

    /// Whether a name is or was that of the account of somebody else.
    pub fn is_anothers(&self, name: &UserName, person: usize) -> bool {
        lock(&self.owners).get(name).is_some_and(|&owner| owner != person)
    }

    /// Whether a name is or was that of an account.
    pub fn is_of_account(&self, name: &UserName) -> bool {
        lock(&self.owners).contains_key(name)
    }

    /// Public and private rooms.
    pub fn all_rooms(&self) -> Vec<RoomAddress> {
        self.rooms.iter().cloned().chain(self.doors.rooms()).collect()
    }

    /// All assigned names.
    pub fn names(&self) -> Vec<UserName> {
        lock(&self.names).iter().cloned().collect()
    }
}

/// Waits for `time`. Returns false at once when the storm is over.
pub async fn storms_for(phase: &mut watch::Receiver<Phase>, time: Duration) -> bool {
    // `Err` means that the time is up; a dropped sender counts as the end of the storm.
    timeout(time, phase.wait_for(|phase| *phase > Phase::Storm)).await.is_err()
}

/// Locks and ignores poison: a part that panicked has reported it, and its data can still be inspected.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What went wrong; the first distinct cases are kept in full.
#[derive(Debug, Default)]
pub struct Complaints {
    told: Mutex<Vec<String>>,
    count: Count,
}

impl Complaints {
    /// Records something that is not as promised.
    pub fn add(&self, what: impl fmt::Display) {
        self.count.add();
        let (mut told, what) = (lock(&self.told), what.to_string());
        if told.len() < TOLD && !told.contains(&what) {
            told.push(what);
        }
    }

    /// Number of complaints, repeated ones included.
    pub fn count(&self) -> u64 {
        self.count.get()
    }

    /// The first distinct complaints.
    pub fn told(&self) -> Vec<String> {
        lock(&self.told).clone()
    }
}

/// A counter.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    pub fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub fn add_many(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    /// Raises the counter to at least `to`.
    pub fn raise(&self, to: u64) {
        self.0.fetch_max(to, Ordering::Relaxed);
    }

    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Counters of a run.
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
    pub refreshes: Count,
    pub signed_out: Count,
    pub renamed: Count,
    pub renames_refused: Count,
    pub passwords_changed: Count,
    pub left: Count,
    pub deleted: Count,
    pub changes_again: Count,
    pub sessions_ended: Count,
    pub doors_acked: Count,
    pub doors_refused: Count,
    pub doors_again: Count,
    pub doors_shut: Count,
    /// Frames about private rooms, of all kinds.
    pub door_frames: Count,
    /// Frames about private rooms that no log excuses.
    pub trespasses: Count,
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
    /// Records that a device was back in all rooms after this long.
    pub fn back_after(&self, time: Duration) {
        self.longest_absence.raise(time.as_millis() as u64);
    }
}
