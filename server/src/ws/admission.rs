//! Admission control: limits connections, HTTP and WebSocket together, in total and per address. A few spare slots
//! beyond the limit serve health checks and tell other clients that the server is full.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio_util::sync::CancellationToken;

use crate::error::Error;
use crate::network::{is_own, network_of};

/// Slots beyond the limit. When all are taken, a new connection evicts the oldest one.
pub const SPARE: usize = 16;
/// Concurrent connections per address, and how many of them may be WebSockets.
const PER_ADDRESS: usize = 400;
const SOCKETS_PER_ADDRESS: usize = 200;
/// Sign-ins of guests per address: rate per minute and burst.
const GUESTS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(60).expect("not zero");
const GUESTS_BURST: NonZeroU32 = NonZeroU32::new(100).expect("not zero");
/// Passwords tried for a name from an address, per minute.
const PASSWORDS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(5).expect("not zero");
/// Passwords tried for a name from anywhere, per minute. An attack by many cannot keep the owner out for long.
const PASSWORDS_OF_ALL: NonZeroU32 = NonZeroU32::new(60).expect("not zero");
/// Accounts created from an address: one in this time, and so many at once.
const SIGN_UP_EVERY: Duration = Duration::from_mins(5);
const SIGN_UPS_BURST: NonZeroU32 = NonZeroU32::new(30).expect("not zero");
/// Requests of an address for a forgotten password: one in this time, and so many at once.
const FORGOTTEN_EVERY: Duration = Duration::from_mins(1);
const FORGOTTEN_BURST: NonZeroU32 = NonZeroU32::new(10).expect("not zero");
/// HTTP requests per address that read the log: rate per second and burst.
const READS_PER_SECOND: NonZeroU32 = NonZeroU32::new(20).expect("not zero");
const READS_BURST: NonZeroU32 = NonZeroU32::new(100).expect("not zero");

/// Counts the connections of this node.
pub struct Admission {
    most: usize,
    per_address: bool,
    counts: Mutex<Counts>,
    guests: DefaultKeyedRateLimiter<IpAddr>,
    reads: DefaultKeyedRateLimiter<IpAddr>,
    passwords: DefaultKeyedRateLimiter<(IpAddr, String)>,
    passwords_of_all: DefaultKeyedRateLimiter<String>,
    sign_ups: DefaultKeyedRateLimiter<IpAddr>,
    forgotten: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
}

#[derive(Default)]
struct Counts {
    all: usize,
    addresses: HashMap<IpAddr, Count>,
    /// Holders of spare slots, oldest first.
    spare: VecDeque<(u64, CancellationToken)>,
    /// Number of spare slots given so far.
    given: u64,
}

#[derive(Default)]
struct Count {
    connections: usize,
    sockets: usize,
}

/// A connection's slot; dropped with the connection.
pub enum Slot {
    /// A slot within the limit.
    Regular(Permit),
    /// A slot beyond the limit, for a single short answer.
    Spare(Spare),
}

/// A regular slot.
pub struct Permit {
    admission: Arc<Admission>,
    /// What the connection is counted under; `None` if it is not counted.
    connection: Option<IpAddr>,
    /// Where the client of its WebSocket comes from: behind a proxy another address.
    pub(super) client: Option<IpAddr>,
    /// Whether the WebSocket is counted under that.
    is_counted: bool,
}

/// A spare slot.
pub struct Spare {
    admission: Arc<Admission>,
    number: u64,
    /// Cancelled when another connection needs the slot.
    pub leave: CancellationToken,
}

impl Admission {
    /// Allows at most `most` connections; limits addresses only if `rate_limits` is on.
    pub fn new(most: usize, rate_limits: bool) -> Self {
        Self {
            most,
            per_address: rate_limits,
            counts: Mutex::default(),
            guests: RateLimiter::keyed(Quota::per_minute(GUESTS_PER_MINUTE).allow_burst(GUESTS_BURST)),
            passwords: RateLimiter::keyed(Quota::per_minute(PASSWORDS_PER_MINUTE)),
            passwords_of_all: RateLimiter::keyed(Quota::per_minute(PASSWORDS_OF_ALL)),
            sign_ups: RateLimiter::keyed(one_every(SIGN_UP_EVERY).allow_burst(SIGN_UPS_BURST)),
            forgotten: RateLimiter::keyed(one_every(FORGOTTEN_EVERY).allow_burst(FORGOTTEN_BURST)),
            reads: RateLimiter::keyed(Quota::per_second(READS_PER_SECOND).allow_burst(READS_BURST)),
            clock: DefaultClock::default(),
        }
    }

    /// Returns a slot for a connection from `address`; `None` is a trusted proxy, whose connections are not counted.
    pub fn admit(self: &Arc<Self>, address: Option<IpAddr>) -> Slot {
        let connection = self.counted(address);
        let mut counts = self.counts();
        if counts.all < self.most && connection.is_none_or(|key| counts.connections(key) < PER_ADDRESS) {
            counts.all += 1;
            if let Some(key) = connection {
                counts.addresses.entry(key).or_default().connections += 1;
            }
            return Slot::Regular(Permit {
                admission: self.clone(),
                connection,
                client: None,
                is_counted: false,
            });
        }
        if counts.spare.len() >= SPARE
            && let Some((_, oldest)) = counts.spare.pop_front()
        {
            oldest.cancel();
        }
        counts.given += 1;
        let (number, leave) = (counts.given, CancellationToken::new());
        counts.spare.push_back((number, leave.clone()));
        Slot::Spare(Spare { admission: self.clone(), number, leave })
    }

    /// Takes a token for a sign-in from `address`.
    pub fn sign_in(&self, address: Option<IpAddr>) -> Result<(), Error> {
        self.counted(address).map_or(Ok(()), |key| self.check(&self.guests, &key))
    }

    /// Takes a token for an HTTP request from `address` that reads the log.
    pub fn read(&self, address: Option<IpAddr>) -> Result<(), Error> {
        self.counted(address).map_or(Ok(()), |key| self.check(&self.reads, &key))
    }

    /// Takes a token for creating an account from `address`.
    pub fn sign_up(&self, address: Option<IpAddr>) -> Result<(), Error> {
        self.counted(address).map_or(Ok(()), |key| self.check(&self.sign_ups, &key))
    }

    /// Takes a token for asking for a forgotten password from `address`.
    pub fn forgotten(&self, address: Option<IpAddr>) -> Result<(), Error> {
        self.counted(address).map_or(Ok(()), |key| self.check(&self.forgotten, &key))
    }

    /// Takes a token for trying a password for a name from `address`.
    pub fn try_password(&self, address: Option<IpAddr>, name: &str) -> Result<(), Error> {
        if let Some(address) = self.counted(address) {
            self.check(&self.passwords, &(address, name.to_owned()))?;
        }
        if self.per_address { self.check(&self.passwords_of_all, &name.to_owned()) } else { Ok(()) }
    }

    fn check<K: Clone + Eq + Hash>(&self, bucket: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<(), Error> {
        let checked = bucket.check_key(key);
        checked.map_err(|not_until| Error::rate_limited(not_until.wait_time_from(self.clock.now())))
    }

    /// The key that an address is counted under; `None` if it is not counted.
    fn counted(&self, address: Option<IpAddr>) -> Option<IpAddr> {
        address.filter(|address| self.per_address && !is_own(*address)).map(network_of)
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Drops the full buckets of addresses that were quiet for a while.
    pub fn tidy(&self) {
        self.guests.retain_recent();
        self.reads.retain_recent();
        self.passwords.retain_recent();
        self.passwords_of_all.retain_recent();
        self.sign_ups.retain_recent();
        self.forgotten.retain_recent();
    }
}

impl Counts {
    fn connections(&self, key: IpAddr) -> usize {
        self.addresses.get(&key).map_or(0, |count| count.connections)
    }

    fn give_back(&mut self, key: IpAddr, give_back: impl FnOnce(&mut Count)) {
        if let Entry::Occupied(mut entry) = self.addresses.entry(key) {
            give_back(entry.get_mut());
            if entry.get().connections + entry.get().sockets == 0 {
                entry.remove();
            }
        }
    }
}

impl Slot {
    /// Turns the slot into one for a WebSocket of a client at `address`.
    ///
    /// # Errors
    /// Gives the slot back if it is a spare one, or the address has too many WebSockets.
    pub fn for_socket(self, address: Option<IpAddr>) -> Result<Permit, Self> {
        match self {
            Self::Regular(mut permit) => {
                if permit.become_socket(address) {
                    Ok(permit)
                } else {
                    Err(Self::Regular(permit))
                }
            }
            Self::Spare(_) => Err(self),
        }
    }
}

impl Permit {
    /// Returns false if the address has too many WebSockets.
    fn become_socket(&mut self, address: Option<IpAddr>) -> bool {
        self.client = address;
        let Some(key) = self.admission.counted(address) else { return true };
        let mut counts = self.admission.counts();
        let count = counts.addresses.entry(key).or_default();
        if count.sockets >= SOCKETS_PER_ADDRESS {
            return false;
        }
        count.sockets += 1;
        self.is_counted = true;
        true
    }

    /// Takes a token for a sign-in from the address of the WebSocket.
    pub(super) fn sign_in(&self) -> Result<(), Error> {
        self.counted().map_or(Ok(()), |key| self.admission.check(&self.admission.guests, &key))
    }

    /// What the WebSocket is counted under.
    fn counted(&self) -> Option<IpAddr> {
        self.client.filter(|_| self.is_counted).map(network_of)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut counts = self.admission.counts();
        counts.all -= 1;
        if let Some(key) = self.counted() {
            counts.give_back(key, |count| count.sockets -= 1);
        }
        if let Some(key) = self.connection {
            counts.give_back(key, |count| count.connections -= 1);
        }
    }
}

impl Drop for Spare {
    fn drop(&mut self) {
        self.admission.counts().spare.retain(|(number, _)| *number != self.number);
    }
}

/// One in this time, which is not zero.
fn one_every(time: Duration) -> Quota {
    Quota::with_period(time).unwrap_or(Quota::per_minute(PASSWORDS_PER_MINUTE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn regular(admission: &Arc<Admission>, from: &str) -> Option<Permit> {
        match admission.admit(Some(address(from))) {
            Slot::Regular(permit) => Some(permit),
            Slot::Spare(_) => None,
        }
    }

    fn spare(admission: &Arc<Admission>, from: &str) -> Spare {
        match admission.admit(Some(address(from))) {
            Slot::Regular(_) => panic!("there is a regular slot"),
            Slot::Spare(spare) => spare,
        }
    }

    #[test]
    fn an_address_is_bounded_and_a_place_comes_back() {
        let admission = Arc::new(Admission::new(1_000, true));
        let mut permits: Vec<_> =
            (0..PER_ADDRESS).map(|_| regular(&admission, "2001:db8::1").unwrap()).collect();
        assert!(regular(&admission, "2001:db8::2").is_none(), "one /64 is one address");
        assert!(regular(&admission, "127.0.0.1").is_some(), "loopback is not counted");
        let sockets = permits
            .iter_mut()
            .filter_map(|permit| permit.become_socket(Some(address("2001:db8::3"))).then_some(()))
            .count();
        assert_eq!(sockets, SOCKETS_PER_ADDRESS, "half of them may be WebSockets");
        drop(permits);
        assert!(regular(&admission, "2001:db8::2").unwrap().become_socket(Some(address("2001:db8::2"))));
        assert!(admission.counts().addresses.is_empty());
    }

    #[test]
    fn behind_a_proxy_the_clients_are_bounded_and_the_proxy_is_not() {
        let admission = Arc::new(Admission::new(10_000, true));
        let slot = || admission.admit(None);
        let one = "203.0.113.7";
        let permits: Vec<_> =
            (0..SOCKETS_PER_ADDRESS).map(|_| slot().for_socket(Some(address(one))).ok().unwrap()).collect();
        assert!(slot().for_socket(Some(address(one))).is_err());
        let more = (0..PER_ADDRESS).filter(|n| {
            let other = format!("203.0.114.{}", n % 250);
            slot().for_socket(Some(address(&other))).is_ok()
        });
        assert_eq!(more.count(), PER_ADDRESS);
        assert!((0..101).any(|_| permits[0].sign_in().is_err()), "sign-ins are of the client");
        drop(permits);
        assert!(slot().for_socket(Some(address(one))).is_ok());
        assert!(admission.counts().addresses.is_empty());
    }

    #[test]
    fn beyond_the_bound_the_newest_have_the_spare_places() {
        let admission = Arc::new(Admission::new(1, false));
        let permit = regular(&admission, "192.0.2.1").unwrap();
        let mut spares: Vec<_> = (0..SPARE).map(|_| spare(&admission, "192.0.2.1")).collect();
        assert!(spares.iter().all(|spare| !spare.leave.is_cancelled()));
        let newest = spare(&admission, "192.0.2.2");
        assert!(spares[0].leave.is_cancelled() && !spares[1].leave.is_cancelled());
        drop(spares.remove(1));
        let another = spare(&admission, "192.0.2.2");
        assert!(!spares[1].leave.is_cancelled(), "there was a free one");
        drop((permit, spares, newest, another));
        assert!(regular(&admission, "192.0.2.1").is_some());
        assert!(admission.counts().spare.is_empty());
    }
}
