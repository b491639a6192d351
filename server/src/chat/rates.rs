//! Rate limits: token buckets, announced to the client in `welcome.limits`.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use shared::UserId;
use shared::limits::Limits;

use super::Chat;
use crate::error::Error;
use crate::store::SecretHash;

/// Limit of answers that read the log, per second and connection. Separate from the other limits, so that a
/// reconnecting client is not throttled.
const READS_PER_SECOND: u32 = 20;
const READS_BURST: u32 = 100;
/// Limit of changes of a profile, per second and account: each is told to everybody in the account's rooms.
const PROFILES_PER_SECOND: u32 = 1;
const PROFILES_BURST: u32 = 10;
/// Limit of changes of what an account prefers, per second and account: each is told to all its devices.
const PREFERENCES_PER_SECOND: u32 = 2;
const PREFERENCES_BURST: u32 = 60;
/// Limit of acts of moderation, per second and user: each is stored, and told to everybody in the room.
const MODERATION_PER_SECOND: u32 = 2;
const MODERATION_BURST: u32 = 30;
/// Reports: one in this time, and so many at once.
const REPORT_EVERY: Duration = Duration::from_secs(10);
const REPORTS_BURST: NonZeroU32 = NonZeroU32::new(20).expect("not zero");
/// Downloads of what is stored about an account: one in this time, and so many at once.
const DOWNLOAD_EVERY: Duration = Duration::from_mins(12);
const DOWNLOADS_BURST: NonZeroU32 = NonZeroU32::new(5).expect("not zero");
const TIDY_EVERY: Duration = Duration::from_mins(1);

/// Token buckets per person, shared by all of the person's connections.
pub struct Rates {
    limits: Limits,
    clock: DefaultClock,
    chat: DefaultKeyedRateLimiter<UserId>,
    joins: DefaultKeyedRateLimiter<UserId>,
    profiles: DefaultKeyedRateLimiter<UserId>,
    preferences: DefaultKeyedRateLimiter<UserId>,
    moderation: DefaultKeyedRateLimiter<UserId>,
    reads: DefaultKeyedRateLimiter<SecretHash>,
    downloads: DefaultKeyedRateLimiter<UserId>,
    reports: DefaultKeyedRateLimiter<UserId>,
}

/// Token buckets of one connection.
pub struct ConnectionRates {
    enabled: bool,
    clock: DefaultClock,
    frames: DefaultDirectRateLimiter,
    reads: DefaultDirectRateLimiter,
}

impl Rates {
    /// Starts with full buckets.
    pub fn new(limits: Limits) -> Self {
        Self {
            clock: DefaultClock::default(),
            chat: RateLimiter::keyed(quota(limits.chat_per_second, limits.chat_burst)),
            joins: RateLimiter::keyed(quota(limits.joins_per_second, limits.joins_burst)),
            profiles: RateLimiter::keyed(quota(PROFILES_PER_SECOND, PROFILES_BURST)),
            preferences: RateLimiter::keyed(quota(PREFERENCES_PER_SECOND, PREFERENCES_BURST)),
            moderation: RateLimiter::keyed(quota(MODERATION_PER_SECOND, MODERATION_BURST)),
            reads: RateLimiter::keyed(quota(READS_PER_SECOND, READS_BURST)),
            downloads: RateLimiter::keyed(
                Quota::with_period(DOWNLOAD_EVERY)
                    .unwrap_or(Quota::per_hour(DOWNLOADS_BURST))
                    .allow_burst(DOWNLOADS_BURST),
            ),
            reports: RateLimiter::keyed(
                Quota::with_period(REPORT_EVERY)
                    .unwrap_or(Quota::per_minute(REPORTS_BURST))
                    .allow_burst(REPORTS_BURST),
            ),
            limits,
        }
    }

    /// The limits that the server enforces.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Returns full buckets for a connection.
    pub fn connection(&self) -> ConnectionRates {
        ConnectionRates {
            enabled: self.limits.rate_limits,
            clock: self.clock.clone(),
            frames: self.bucket(quota(self.limits.frames_per_second, self.limits.frames_burst)),
            reads: self.bucket(quota(READS_PER_SECOND, READS_BURST)),
        }
    }

    /// Reuses the existing clock: creating one executes CPUID, which is slow in a virtual machine.
    fn bucket(&self, quota: Quota) -> DefaultDirectRateLimiter {
        RateLimiter::direct_with_clock(quota, self.clock.clone())
    }

    /// Takes a token for one message.
    pub(super) fn chat(&self, user: UserId) -> Result<(), Error> {
        self.check(&self.chat, &user)
    }

    /// Takes a token for one join.
    pub(super) fn join(&self, user: UserId) -> Result<(), Error> {
        self.check(&self.joins, &user)
    }

    /// Takes a token for one change of a profile.
    pub(super) fn profile(&self, user: UserId) -> Result<(), Error> {
        self.check(&self.profiles, &user)
    }

    /// Takes a token for one change of what an account prefers.
    pub(super) fn preference(&self, user: UserId) -> Result<(), Error> {
        self.check(&self.preferences, &user)
    }

    /// Takes a token for one act of moderation.
    pub(super) fn moderate(&self, user: UserId) -> Result<(), Error> {
        self.check(&self.moderation, &user)
    }

    /// Takes a token for one report of a message.
    pub(super) fn report(&self, user: UserId) -> Result<(), Error> {
        self.check(&self.reports, &user)
    }

    /// Takes a token for one answer that reads the log, for a client without a connection. Keyed by the session, which
    /// has not been looked up yet.
    pub(super) fn read(&self, session: SecretHash) -> Result<(), Error> {
        self.check(&self.reads, &session)
    }

    /// Takes a token for a download of what is stored about an account.
    pub(super) fn download(&self, user: UserId) -> Result<(), Error> {
        self.check(&self.downloads, &user)
    }

    /// Drops full buckets, so that the tables do not grow with every person who ever connected.
    fn tidy(&self) {
        self.chat.retain_recent();
        self.joins.retain_recent();
        self.profiles.retain_recent();
        self.preferences.retain_recent();
        self.moderation.retain_recent();
        self.reads.retain_recent();
        self.downloads.retain_recent();
        self.reports.retain_recent();
    }

    fn check<K: Clone + Eq + Hash>(&self, bucket: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<(), Error> {
        if !self.limits.rate_limits {
            return Ok(());
        }
        bucket
            .check_key(key)
            .map_err(|not_until| Error::rate_limited(not_until.wait_time_from(self.clock.now())))
    }
}

impl ConnectionRates {
    /// Takes a token for one frame of any kind.
    pub fn frame(&self) -> Result<(), Error> {
        self.check(&self.frames)
    }

    /// Takes a token for one answer that reads the log.
    pub fn read(&self) -> Result<(), Error> {
        self.check(&self.reads)
    }

    fn check(&self, bucket: &DefaultDirectRateLimiter) -> Result<(), Error> {
        if !self.enabled {
            return Ok(());
        }
        bucket.check().map_err(|not_until| Error::rate_limited(not_until.wait_time_from(self.clock.now())))
    }
}

/// Drops full buckets every minute, until the server stops.
pub(super) async fn tidy(chat: Arc<Chat>) {
    let mut ticks = tokio::time::interval(TIDY_EVERY);
    loop {
        ticks.tick().await;
        chat.rates.tidy();
    }
}

fn quota(per_second: u32, burst: u32) -> Quota {
    let at_least_one = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
    Quota::per_second(at_least_one(per_second)).allow_burst(at_least_one(burst))
}
