//! What is not allowed in rooms at present: bans, mutes, slow mode, archived rooms. The store keeps it; this is what
//! every message is checked against, without asking the hub or the store.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use shared::{Epoch, Muted, Restriction, RestrictionKind, RoomDetails, Timestamp, UserId};
use tokio::time::Instant;

use crate::room::{RoomId, RoomInfo};

/// Members of a room in slow mode who wrote lately, above which those whose pause is over are forgotten.
const PAUSES_KEPT: usize = 1_024;

/// Why somebody may not write, or not come in; with how much longer, if it ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restricted {
    Banned(Option<Duration>),
    Muted(Option<Duration>),
    Archived,
}

/// What is not allowed in one room.
struct Rules {
    /// The room's log: once that is purged, another room may have its id.
    epoch: Epoch,
    archived: bool,
    /// The pause between two messages of a member; zero: none.
    slow: Duration,
    people: HashMap<(UserId, RestrictionKind), Restriction>,
    /// In slow mode: when somebody wrote last.
    written: HashMap<UserId, Instant>,
}

impl Rules {
    fn of(epoch: Epoch) -> Self {
        Self { epoch, archived: false, slow: Duration::ZERO, people: HashMap::new(), written: HashMap::new() }
    }

    fn is_empty(&self) -> bool {
        !self.archived && self.slow.is_zero() && self.people.is_empty()
    }

    fn held(&self, user: UserId, kind: RestrictionKind, at: Timestamp) -> Option<&Restriction> {
        self.people.get(&(user, kind)).filter(|one| one.until.is_none_or(|until| until > at))
    }
}

#[derive(Default)]
struct Inner {
    rooms: RwLock<HashMap<RoomId, Rules>>,
    /// The number of rooms with rules: most installations have none.
    count: AtomicUsize,
}

/// The rules of all rooms, shared by everybody who asks.
#[derive(Clone, Default)]
pub struct Restrictions(Arc<Inner>);

impl Restrictions {
    /// A restriction begins; it replaces one of the same kind.
    pub fn begin(&self, room: &RoomInfo, restriction: Restriction) {
        let key = (restriction.user_id, restriction.kind);
        self.change(room, |rules| drop(rules.people.insert(key, restriction)));
    }

    /// A restriction ends.
    pub fn lift(&self, room: &RoomInfo, user: UserId, kind: RestrictionKind) {
        self.change(room, |rules| drop(rules.people.remove(&(user, kind))));
    }

    /// Somebody comes in at `at`: a ban that has ended by then is over for good, also if the clock is set back later.
    pub fn forget_ended_ban(&self, room: &RoomInfo, user: UserId, at: Timestamp) {
        let key = (user, RestrictionKind::Ban);
        let has_one = self.read().is_some_and(|rooms| {
            of(&rooms, room).is_some_and(|rules| {
                rules.people.contains_key(&key) && rules.held(user, RestrictionKind::Ban, at).is_none()
            })
        });
        if has_one {
            self.lift(room, user, RestrictionKind::Ban);
        }
    }

    /// Takes over how a room is used.
    pub fn follow(&self, room: &RoomInfo, details: &RoomDetails) {
        let slow = Duration::from_secs(details.slow_seconds.into());
        if self.is_empty() && slow.is_zero() && !details.archived {
            return;
        }
        self.change(room, |rules| {
            rules.archived = details.archived;
            if rules.slow != slow {
                rules.slow = slow;
                rules.written.clear();
            }
        });
    }

    /// Drops what has ended.
    pub fn tidy(&self, at: Timestamp) {
        if self.is_empty() {
            return;
        }
        let mut rooms = self.write();
        rooms.retain(|_, rules| {
            rules.people.retain(|_, one| one.until.is_none_or(|until| until > at));
            !rules.is_empty()
        });
        self.0.count.store(rooms.len(), Ordering::Release);
    }

    /// Returns why somebody may not be in a room.
    pub fn banned(&self, room: &RoomInfo, user: UserId, at: Timestamp) -> Option<Restricted> {
        let rooms = self.read()?;
        let ban = of(&rooms, room)?.held(user, RestrictionKind::Ban, at)?;
        Some(Restricted::Banned(left(ban, at)))
    }

    /// Returns why somebody may not write in a room.
    pub fn silenced(&self, room: &RoomInfo, user: UserId, at: Timestamp) -> Option<Restricted> {
        let rooms = self.read()?;
        let rules = of(&rooms, room)?;
        if rules.archived {
            return Some(Restricted::Archived);
        }
        let mute = rules.held(user, RestrictionKind::Mute, at)?;
        Some(Restricted::Muted(left(mute, at)))
    }

    /// Returns a user's own mute, as it is told to them.
    pub fn muted(&self, room: &RoomInfo, user: UserId, at: Timestamp) -> Option<Muted> {
        let rooms = self.read()?;
        let mute = of(&rooms, room)?.held(user, RestrictionKind::Mute, at)?;
        let left_ms = left(mute, at).map(|left| left.as_millis() as u64);
        Some(Muted { left_ms, reason: mute.reason.clone() })
    }

    /// Whether members of a room wait between two messages.
    pub fn is_slow(&self, room: &RoomInfo) -> bool {
        self.read().and_then(|rooms| Some(!of(&rooms, room)?.slow.is_zero())).unwrap_or_default()
    }

    /// Records that a member writes in a room in slow mode.
    ///
    /// # Errors
    /// How much longer they have to wait first.
    pub fn pause(&self, room: &RoomInfo, user: UserId, now: Instant) -> Result<(), Duration> {
        if self.is_empty() {
            return Ok(());
        }
        let mut rooms = self.write();
        let rules =
            rooms.get_mut(&room.id).filter(|rules| rules.epoch == room.epoch && !rules.slow.is_zero());
        let Some(rules) = rules else { return Ok(()) };
        let over = |written: &Instant| *written + rules.slow;
        if let Some(over) = rules.written.get(&user).map(over).filter(|over| *over > now) {
            return Err(over - now);
        }
        if rules.written.len() >= PAUSES_KEPT {
            let slow = rules.slow;
            rules.written.retain(|_, written| *written + slow > now);
        }
        rules.written.insert(user, now);
        Ok(())
    }

    /// Returns the restrictions of a room that are in force, the newest first.
    pub fn list(&self, room: &RoomInfo, at: Timestamp) -> Vec<Restriction> {
        let Some(rooms) = self.read() else { return Vec::new() };
        let people = of(&rooms, room).into_iter().flat_map(|rules| rules.people.values());
        let mut list: Vec<_> =
            people.filter(|one| one.until.is_none_or(|until| until > at)).cloned().collect();
        list.sort_by_key(|one| (std::cmp::Reverse(one.timestamp), one.user_id));
        list
    }

    fn change(&self, room: &RoomInfo, change: impl FnOnce(&mut Rules)) {
        let mut rooms = self.write();
        let rules = rooms.entry(room.id).or_insert_with(|| Rules::of(room.epoch));
        if rules.epoch != room.epoch {
            *rules = Rules::of(room.epoch);
        }
        change(rules);
        if rules.is_empty() {
            rooms.remove(&room.id);
        }
        self.0.count.store(rooms.len(), Ordering::Release);
    }

    fn is_empty(&self) -> bool {
        self.0.count.load(Ordering::Acquire) == 0
    }

    /// `None` if there are no rules at all.
    fn read(&self) -> Option<RwLockReadGuard<'_, HashMap<RoomId, Rules>>> {
        (!self.is_empty()).then(|| self.0.rooms.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<RoomId, Rules>> {
        self.0.rooms.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn of<'a>(rooms: &'a HashMap<RoomId, Rules>, room: &RoomInfo) -> Option<&'a Rules> {
    rooms.get(&room.id).filter(|rules| rules.epoch == room.epoch)
}

/// How much longer a restriction lasts; `None`: until it is lifted.
fn left(restriction: &Restriction, at: Timestamp) -> Option<Duration> {
    let millis = restriction.until?.millis().saturating_sub(at.millis());
    Some(Duration::from_millis(u64::try_from(millis).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use shared::{Person, RoomAddress, RoomKind, UserName};
    use uuid::Uuid;

    use super::*;

    const AT: Timestamp = Timestamp::from_millis(1_000_000);

    fn room(epoch: u64) -> RoomInfo {
        RoomInfo {
            id: RoomId(7),
            address: RoomAddress::new("tea").unwrap(),
            kind: RoomKind::Public,
            epoch: Epoch::from_random(epoch),
            permanent: false,
            people: Arc::default(),
            details: Arc::default(),
        }
    }

    fn user(number: u128) -> UserId {
        UserId::new(Uuid::from_u128(number))
    }

    fn restriction(kind: RestrictionKind, until: Option<i64>) -> Restriction {
        let name = UserName::new("Mallory").unwrap();
        let by = Person { user_id: user(9), user: name.clone() };
        let until = until.map(|more| Timestamp::from_millis(AT.millis() + more));
        Restriction { user_id: user(1), user: name, kind, until, by, reason: None, timestamp: AT }
    }

    #[test]
    fn a_restriction_holds_until_it_ends_or_is_lifted() {
        let (rules, room, next) = (Restrictions::default(), &room(1), &room(2));
        assert_eq!(rules.silenced(room, user(1), AT), None);
        rules.begin(room, restriction(RestrictionKind::Mute, Some(500)));
        rules.begin(room, restriction(RestrictionKind::Ban, None));
        let muted = Restricted::Muted(Some(Duration::from_millis(500)));
        assert_eq!(rules.silenced(room, user(1), AT), Some(muted));
        assert_eq!(rules.silenced(room, user(2), AT), None, "somebody else");
        let later = Timestamp::from_millis(AT.millis() + 500);
        assert_eq!(rules.silenced(room, user(1), later), None, "it has ended");
        assert_eq!(rules.banned(room, user(1), later), Some(Restricted::Banned(None)));
        assert_eq!(rules.list(room, later).len(), 1);
        assert_eq!(rules.banned(next, user(1), AT), None, "another room with the same id");
        rules.lift(room, user(1), RestrictionKind::Ban);
        assert_eq!(rules.banned(room, user(1), later), None);
        rules.tidy(later);
        assert!(rules.is_empty(), "nothing is left in memory");
    }

    #[test]
    fn members_wait_between_two_messages_in_slow_mode() {
        let (rules, room) = (Restrictions::default(), &room(1));
        let (start, pause) = (Instant::now(), Duration::from_secs(30));
        assert_eq!(rules.pause(room, user(1), start), Ok(()));
        rules.follow(room, &RoomDetails { slow_seconds: 30, ..RoomDetails::default() });
        assert_eq!(rules.pause(room, user(1), start), Ok(()), "the first one goes at once");
        let soon = start + Duration::from_secs(10);
        assert_eq!(rules.pause(room, user(1), soon), Err(Duration::from_secs(20)));
        assert_eq!(rules.pause(room, user(2), soon), Ok(()));
        assert_eq!(rules.pause(room, user(1), start + pause), Ok(()));
        rules.follow(room, &RoomDetails::default());
        assert_eq!(rules.pause(room, user(1), start + pause), Ok(()));
        assert!(rules.is_empty());
    }
}
