//! Who may connect: a bound on connections, HTTP and WebSocket together, in all and per address. Beyond it a few spare
//! places are left for who asks after the server's health, and for telling the others that it is full.

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio_util::sync::CancellationToken;

use crate::error::Error;

/// Places beyond the bound. Who needs one when they are taken gets that of whoever has had it longest.
pub const SPARE: usize = 16;
/// Connections of one address at once, and how many of them may be sockets.
const PER_ADDRESS: usize = 400;
const SOCKETS_PER_ADDRESS: usize = 200;
/// Guests of one address, a minute and at once.
const GUESTS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(60).expect("not zero");
const GUESTS_BURST: NonZeroU32 = NonZeroU32::new(100).expect("not zero");
/// HTTP requests of one address that read the log, a second and at once.
const READS_PER_SECOND: NonZeroU32 = NonZeroU32::new(20).expect("not zero");
const READS_BURST: NonZeroU32 = NonZeroU32::new(100).expect("not zero");

/// Counts the connections of this node.
pub struct Admission {
    most: usize,
    per_address: bool,
    counts: Mutex<Counts>,
    guests: DefaultKeyedRateLimiter<IpAddr>,
    reads: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
}

#[derive(Default)]
struct Counts {
    all: usize,
    addresses: HashMap<IpAddr, Count>,
    /// Who has a spare place, in the order of coming.
    spare: VecDeque<(u64, CancellationToken)>,
    /// How many spare places were given so far.
    given: u64,
}

#[derive(Default)]
struct Count {
    all: usize,
    sockets: usize,
}

/// A connection's place; dropped with the connection.
pub enum Place {
    /// One of those that are counted.
    Regular(Permit),
    /// One beyond them: for a single short answer.
    Spare(Spare),
}

/// A regular place.
pub struct Permit {
    admission: Arc<Admission>,
    /// None: the address is not counted.
    key: Option<IpAddr>,
    is_socket: bool,
}

/// A spare place.
pub struct Spare {
    admission: Arc<Admission>,
    number: u64,
    /// Cancelled when somebody else needs the place.
    pub leave: CancellationToken,
}

impl Admission {
    /// At most `most` connections; per address only with rate limits on.
    pub fn new(most: usize, rate_limits: bool) -> Self {
        Self {
            most,
            per_address: rate_limits,
            counts: Mutex::default(),
            guests: RateLimiter::keyed(Quota::per_minute(GUESTS_PER_MINUTE).allow_burst(GUESTS_BURST)),
            reads: RateLimiter::keyed(Quota::per_second(READS_PER_SECOND).allow_burst(READS_BURST)),
            clock: DefaultClock::default(),
        }
    }

    /// A place for a connection from `address`.
    pub fn admit(self: &Arc<Self>, address: IpAddr) -> Place {
        let key = self.counted(address);
        let mut counts = self.counts();
        if counts.all < self.most && key.is_none_or(|key| counts.count(key).all < PER_ADDRESS) {
            counts.all += 1;
            if let Some(key) = key {
                counts.count(key).all += 1;
            }
            return Place::Regular(Permit { admission: self.clone(), key, is_socket: false });
        }
        if counts.spare.len() >= SPARE
            && let Some((_, oldest)) = counts.spare.pop_front()
        {
            oldest.cancel();
        }
        counts.given += 1;
        let (number, leave) = (counts.given, CancellationToken::new());
        counts.spare.push_back((number, leave.clone()));
        Place::Spare(Spare { admission: self.clone(), number, leave })
    }

    /// Somebody at `address` says who they are.
    pub fn sign_in(&self, address: IpAddr) -> Result<(), Error> {
        self.counted(address).map_or(Ok(()), |key| self.check(&self.guests, &key))
    }

    /// Somebody at `address` asks over HTTP for what has to be read from the log.
    pub fn read(&self, address: IpAddr) -> Result<(), Error> {
        self.counted(address).map_or(Ok(()), |key| self.check(&self.reads, &key))
    }

    fn check(&self, bucket: &DefaultKeyedRateLimiter<IpAddr>, key: &IpAddr) -> Result<(), Error> {
        let checked = bucket.check_key(key);
        checked.map_err(|not_until| Error::rate_limited(not_until.wait_time_from(self.clock.now())))
    }

    /// What an address counts as; none: it does not.
    fn counted(&self, address: IpAddr) -> Option<IpAddr> {
        (self.per_address && !address.to_canonical().is_loopback()).then(|| key(address))
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets addresses that were quiet for a while.
    pub fn tidy(&self) {
        self.guests.retain_recent();
        self.reads.retain_recent();
    }
}

impl Counts {
    fn count(&mut self, key: IpAddr) -> &mut Count {
        self.addresses.entry(key).or_default()
    }
}

impl Place {
    /// The place of a connection that becomes a WebSocket, unless there are as many as there may be.
    pub(super) fn for_socket(self) -> Result<Permit, Self> {
        match self {
            Self::Regular(mut permit) => {
                if permit.become_socket() {
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
    /// False: its address has as many sockets as it may.
    fn become_socket(&mut self) -> bool {
        if let Some(key) = self.key {
            let mut counts = self.admission.counts();
            let count = counts.count(key);
            if count.sockets >= SOCKETS_PER_ADDRESS {
                return false;
            }
            count.sockets += 1;
        }
        self.is_socket = true;
        true
    }

    /// One guest of this address signs in.
    pub(super) fn sign_in(&self) -> Result<(), Error> {
        self.key.as_ref().map_or(Ok(()), |key| self.admission.check(&self.admission.guests, key))
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut counts = self.admission.counts();
        counts.all -= 1;
        if let Some(key) = self.key {
            let count = counts.count(key);
            count.all -= 1;
            count.sockets -= usize::from(self.is_socket);
            if count.all == 0 {
                counts.addresses.remove(&key);
            }
        }
    }
}

impl Drop for Spare {
    fn drop(&mut self) {
        self.admission.counts().spare.retain(|(number, _)| *number != self.number);
    }
}

/// An IPv6 customer has a whole /64, so that counts as one address.
fn key(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn regular(admission: &Arc<Admission>, from: &str) -> Option<Permit> {
        match admission.admit(address(from)) {
            Place::Regular(permit) => Some(permit),
            Place::Spare(_) => None,
        }
    }

    fn spare(admission: &Arc<Admission>, from: &str) -> Spare {
        match admission.admit(address(from)) {
            Place::Regular(_) => panic!("there is a regular place"),
            Place::Spare(spare) => spare,
        }
    }

    #[test]
    fn an_address_is_bounded_and_a_place_comes_back() {
        let admission = Arc::new(Admission::new(1_000, true));
        let mut permits: Vec<_> =
            (0..PER_ADDRESS).map(|_| regular(&admission, "2001:db8::1").unwrap()).collect();
        assert!(regular(&admission, "2001:db8::2").is_none(), "one /64 is one address");
        assert!(regular(&admission, "127.0.0.1").is_some(), "loopback is not counted");
        let sockets = permits.iter_mut().filter_map(|permit| permit.become_socket().then_some(())).count();
        assert_eq!(sockets, SOCKETS_PER_ADDRESS, "half of them may be WebSockets");
        drop(permits);
        assert!(regular(&admission, "2001:db8::2").unwrap().become_socket());
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
