//! What a room tells of itself, and what the user is and may do in it.

use std::sync::Arc;

use shared::{
    Change, Joined, Member, Muted, Privilege, RoomDetails, RoomKind, RoomRole, ShortText, Timestamp,
};

/// What is known of a room beside its log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doors {
    pub kind: RoomKind,
    pub details: Arc<RoomDetails>,
    /// Whose conversation it is.
    pub people: Arc<[Member]>,
    /// What the user is in the room.
    pub role: RoomRole,
    may: Vec<Privilege>,
    muted: Option<Mute>,
    /// How many reports are open, for those who see them.
    pub reports: Option<u32>,
    /// When the user last wrote there, for slow mode.
    wrote: Option<Timestamp>,
}

/// The user's own mute.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mute {
    /// `None`: until somebody lifts it.
    until: Option<Timestamp>,
    reason: Option<ShortText>,
}

impl Mute {
    fn new(muted: Muted, now: Timestamp) -> Self {
        let until =
            muted.left_ms.map(|left| Timestamp::from_millis(now.millis().saturating_add_unsigned(left)));
        Self { until, reason: muted.reason }
    }
}

/// Why the user cannot write in a room at present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Barrier {
    /// It can only be read.
    Archived,
    /// For so many more seconds, or until somebody lifts it.
    Muted(Option<u64>, Option<ShortText>),
    /// Slow mode, for so many more seconds.
    Slow(u64),
}

impl Doors {
    /// What the answer to a join tells.
    pub(super) fn of(joined: &Joined, now: Timestamp) -> Self {
        Self {
            kind: joined.kind,
            details: Arc::new(joined.details.clone()),
            people: joined.people.clone().into(),
            role: joined.role,
            may: joined.may.clone(),
            muted: joined.muted.clone().map(|muted| Mute::new(muted, now)),
            reports: joined.reports,
            wrote: None,
        }
    }

    /// The answer to another join.
    pub(super) fn joined(&mut self, doors: Self) {
        *self = Self { wrote: self.wrote, ..doors };
    }

    /// The user is, and may do, this from now on.
    pub fn stand(
        &mut self,
        role: RoomRole,
        may: Vec<Privilege>,
        (muted, reports): (Option<Muted>, Option<u32>),
        now: Timestamp,
    ) {
        self.role = role;
        self.may = may;
        self.muted = muted.map(|muted| Mute::new(muted, now));
        self.reports = reports;
    }

    /// Applies an event of the log.
    pub(super) fn follow(&mut self, change: &Change) {
        if let Change::DetailsChanged(details) = change {
            self.details = Arc::new(details.clone());
        }
    }

    /// The user wrote in the room.
    pub const fn wrote(&mut self, now: Timestamp) {
        self.wrote = Some(now);
    }

    /// The server wants the user to wait until then.
    pub fn wait(&mut self, until: Timestamp) {
        self.wrote = Some(Timestamp::from_millis(until.millis() - self.slow_millis()));
    }

    /// Whether the user may do this in the room.
    pub fn may(&self, privilege: Privilege) -> bool {
        self.may.contains(&privilege)
    }

    /// Why the user cannot write at present.
    pub fn barrier(&self, now: Timestamp) -> Option<Barrier> {
        if self.details.archived {
            return Some(Barrier::Archived);
        }
        let left = |until: Timestamp| {
            let left = u64::try_from(until.millis() - now.millis()).unwrap_or(0);
            Some(left.div_ceil(1_000)).filter(|seconds| *seconds > 0)
        };
        if let Some(Mute { until, reason }) = &self.muted {
            let seconds = until.map(left);
            if seconds != Some(None) {
                return Some(Barrier::Muted(seconds.flatten(), reason.clone()));
            }
        }
        // Whoever sets the pace does not wait.
        if self.slow_millis() == 0 || self.may(Privilege::SlowMode) {
            return None;
        }
        let until = Timestamp::from_millis(self.wrote?.millis() + self.slow_millis());
        left(until).map(Barrier::Slow)
    }

    fn slow_millis(&self) -> i64 {
        i64::from(self.details.slow_seconds) * 1_000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn doors(slow_seconds: u32) -> Doors {
        Doors {
            details: Arc::new(RoomDetails { slow_seconds, ..RoomDetails::default() }),
            ..Doors::default()
        }
    }

    #[test]
    fn who_is_muted_may_write_again_when_the_time_is_over() {
        let mut doors = doors(0);
        let reason = ShortText::new("spam").ok();
        let muted = |left_ms| Some(Muted { left_ms, reason: reason.clone() });
        doors.stand(RoomRole::Member, Vec::new(), (muted(Some(9_500)), None), at(100));
        assert_eq!(doors.barrier(at(100)), Some(Barrier::Muted(Some(10), reason.clone())));
        assert_eq!(doors.barrier(at(109)), Some(Barrier::Muted(Some(1), reason.clone())));
        assert_eq!(doors.barrier(at(110)), None);
        doors.stand(RoomRole::Member, Vec::new(), (muted(None), None), at(100));
        assert_eq!(doors.barrier(at(9_999)), Some(Barrier::Muted(None, reason)));
        doors.stand(RoomRole::Member, Vec::new(), (None, None), at(100));
        assert_eq!(doors.barrier(at(100)), None);
    }

    #[test]
    fn in_slow_mode_members_wait_after_each_message() {
        let mut doors = doors(30);
        assert_eq!(doors.barrier(at(100)), None);
        doors.wrote(at(100));
        assert_eq!(doors.barrier(at(112)), Some(Barrier::Slow(18)));
        assert_eq!(doors.barrier(at(130)), None);
        doors.wait(at(140));
        assert_eq!(doors.barrier(at(130)), Some(Barrier::Slow(10)));
        let faster = RoomDetails { slow_seconds: 5, ..RoomDetails::default() };
        doors.follow(&Change::DetailsChanged(faster));
        assert_eq!(doors.barrier(at(130)), None, "from now on the pause is shorter");
        doors.wrote(at(130));
        doors.stand(RoomRole::Moderator, vec![Privilege::SlowMode], (None, None), at(130));
        assert_eq!(doors.barrier(at(130)), None);
    }
}
