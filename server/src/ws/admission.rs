//! Who may connect: a bound on connections, in all and per address.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::error::Error;

/// Connections of one address at once.
const PER_ADDRESS: usize = 200;
/// Guests of one address, a minute and at once.
const GUESTS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(60).expect("not zero");
const GUESTS_BURST: NonZeroU32 = NonZeroU32::new(100).expect("not zero");

/// Counts the connections of this node.
pub struct Admission {
    most: usize,
    per_address: bool,
    counts: Mutex<Counts>,
    guests: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
}

#[derive(Default)]
struct Counts {
    all: usize,
    addresses: HashMap<IpAddr, usize>,
}

/// A connection's place; dropped with the connection.
pub struct Permit {
    admission: Arc<Admission>,
    /// None: the address is not counted.
    key: Option<IpAddr>,
}

impl Admission {
    /// At most `most` connections; per address only with rate limits on.
    pub fn new(most: usize, rate_limits: bool) -> Self {
        Self {
            most,
            per_address: rate_limits,
            counts: Mutex::default(),
            guests: RateLimiter::keyed(Quota::per_minute(GUESTS_PER_MINUTE).allow_burst(GUESTS_BURST)),
            clock: DefaultClock::default(),
        }
    }

    /// A place for a connection from `address`; none: there are too many.
    pub fn admit(self: &Arc<Self>, address: IpAddr) -> Option<Permit> {
        let key = self.counted(address);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.all >= self.most {
            return None;
        }
        if let Some(key) = key {
            let count = counts.addresses.entry(key).or_default();
            if *count >= PER_ADDRESS {
                return None;
            }
            *count += 1;
        }
        counts.all += 1;
        Some(Permit { admission: self.clone(), key })
    }

    /// Somebody at `address` says who they are.
    pub fn sign_in(&self, address: IpAddr) -> Result<(), Error> {
        self.counted(address).map_or(Ok(()), |key| self.check(&key))
    }

    fn check(&self, key: &IpAddr) -> Result<(), Error> {
        let checked = self.guests.check_key(key);
        checked.map_err(|not_until| Error::rate_limited(not_until.wait_time_from(self.clock.now())))
    }

    /// What an address counts as; none: it does not.
    fn counted(&self, address: IpAddr) -> Option<IpAddr> {
        (self.per_address && !address.to_canonical().is_loopback()).then(|| key(address))
    }

    /// Forgets addresses that were quiet for a while.
    pub fn tidy(&self) {
        self.guests.retain_recent();
    }
}

impl Permit {
    /// One guest of this address signs in.
    pub(super) fn sign_in(&self) -> Result<(), Error> {
        self.key.as_ref().map_or(Ok(()), |key| self.admission.check(key))
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut counts = self.admission.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.all -= 1;
        if let Some(key) = self.key
            && let Some(count) = counts.addresses.get_mut(&key)
        {
            *count -= 1;
            if *count == 0 {
                counts.addresses.remove(&key);
            }
        }
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

    #[test]
    fn an_address_is_bounded_and_a_place_comes_back() {
        let admission = Arc::new(Admission::new(1_000, true));
        let address: IpAddr = "2001:db8::1".parse().unwrap();
        let neighbour: IpAddr = "2001:db8::2".parse().unwrap();
        let mut permits: Vec<_> = (0..PER_ADDRESS).map(|_| admission.admit(address).unwrap()).collect();
        assert!(admission.admit(neighbour).is_none(), "one /64 is one address");
        assert!(admission.admit("127.0.0.1".parse().unwrap()).is_some(), "loopback is not counted");
        permits.pop();
        assert!(admission.admit(neighbour).is_some());
    }
}
