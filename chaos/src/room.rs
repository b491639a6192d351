//! A room as a device sees it, folded as in the web client.

use shared::reduce::Applied;
use shared::{
    Epoch, History, Joined, Messages, Position, RoomEvent, RoomLog, Seq, Unread, UnreadCount, UserId,
};

/// Messages kept by a device that does not hold the whole room.
pub const WINDOW: usize = 60;

/// What a device keeps of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Everything, back to the beginning.
    All,
    /// The newest messages.
    Newest,
    /// A window that moves back and forth.
    Window,
}

/// Where a requested page of history goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Before the window.
    Older,
    /// After the window.
    Newer,
    /// Replaces the window.
    Elsewhere,
}

/// What to request after something was received.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Need {
    /// The position after which events are missing.
    pub rejoin: Option<Position>,
    /// Only the server knows the unread count: request it.
    pub count: bool,
}

/// A mistake of the server, if there was one.
pub type Fault = Option<String>;

/// A room as a device sees it.
#[derive(Debug, Clone)]
pub struct Room {
    pub log: RoomLog,
    pub unread: Unread,
    /// Whether live events are received.
    pub live: bool,
    /// Messages kept outside the window.
    pub asides: Vec<Seq>,
    holds: Holds,
    loaded: bool,
    /// An event was dropped, so a gap is about to show.
    skipped: bool,
}

impl Room {
    /// Creates a room of which nothing is known.
    pub fn unknown(holds: Holds) -> Self {
        Self {
            log: RoomLog::empty(Epoch::from_random(0), Seq::ZERO),
            unread: Unread::default(),
            live: false,
            asides: Vec::new(),
            holds,
            loaded: false,
            skipped: false,
        }
    }

    /// Marks the room as not live.
    pub const fn disconnected(&mut self) {
        self.live = false;
        self.skipped = false;
    }

    /// Drops an event, as if it had never arrived.
    pub const fn skip(&mut self) {
        self.skipped = true;
    }

    /// Whether an event was dropped and the gap has not shown yet.
    pub const fn lacks_unknowingly(&self) -> bool {
        self.skipped && self.live
    }

    /// Where a new connection goes on; `None` if the room was never joined.
    pub fn resumes_at(&self) -> Option<Position> {
        self.loaded.then(|| self.log.position())
    }

    /// Applies the answer to a join.
    pub fn joined(&mut self, joined: &Joined, me: UserId) -> (Need, Fault) {
        let known = self.resumes_at();
        self.live = true;
        self.skipped = false;
        if !joined.snapshot {
            let count = self.unread.told(joined.read_seq, joined.unread);
            let (need, fault) = self.events(joined.epoch, &joined.events, me);
            let at = self.log.position();
            let short = (!joined.more && (joined.epoch, joined.seq) != (at.epoch, at.seq))
                .then(|| format!("a resume to {} led to {at:?}", joined.seq));
            return (Need { count: count || need.count, ..need }, fault.or(short));
        }
        let at = Position { epoch: joined.epoch, seq: joined.seq };
        self.log = RoomLog::from_snapshot(at, joined.start, &joined.events);
        self.unread.restart(joined.read_seq, joined.unread, &joined.events, me);
        self.asides.clear();
        self.loaded = true;
        let fault = match known {
            Some(known) if known.epoch != at.epoch => {
                Some(format!("the log {:?} became {:?}", known.epoch, at.epoch))
            }
            Some(known) if known.seq > at.seq => {
                Some(format!("{} was known, a snapshot goes to {}", known.seq, at.seq))
            }
            _ => None,
        };
        (Need::default(), fault)
    }

    /// Applies further events after a join.
    pub fn events(&mut self, epoch: Epoch, events: &[RoomEvent], me: UserId) -> (Need, Fault) {
        if epoch != self.log.position().epoch {
            return (Need::default(), Some(format!("events of another log, {epoch:?}")));
        }
        let mut all = Need::default();
        for event in events {
            let (need, fault) = self.event(event, me);
            all.count |= need.count;
            if need.rejoin.is_some() || fault.is_some() {
                return (Need { rejoin: need.rejoin, ..all }, fault);
            }
        }
        (all, None)
    }

    /// Applies an event, live or not. After a gap further events are ignored: the answer to the rejoin contains them.
    pub fn event(&mut self, event: &RoomEvent, me: UserId) -> (Need, Fault) {
        match self.log.apply(event) {
            Applied::Advanced => {
                if self.holds != Holds::All && self.log.is_at_head() {
                    self.log.trim_old(WINDOW);
                }
                (Need { rejoin: None, count: self.unread.follow(event, me) }, None)
            }
            Applied::Duplicate => (Need::default(), Some(format!("{} came again", event.seq()))),
            Applied::Hole { head } => {
                if !std::mem::replace(&mut self.live, false) {
                    return (Need::default(), None);
                }
                let made = std::mem::replace(&mut self.skipped, false);
                let fault = (!made).then(|| format!("after {head} came {}", event.seq()));
                (Need { rejoin: Some(self.log.position()), count: false }, fault)
            }
        }
    }

    /// Applies the server's read mark and unread count. Returns whether the count has to be requested again.
    #[must_use]
    pub fn read(&mut self, seq: Seq, unread: UnreadCount) -> bool {
        self.unread.told(seq, unread)
    }

    /// Applies a page of history.
    pub fn page(&mut self, history: &History, turn: Turn) {
        if history.epoch != self.log.position().epoch {
            return;
        }
        let page = history.page();
        match turn {
            Turn::Older => {
                // Does not fit if the window has moved since the request.
                if self.log.prepend(&page) && self.holds != Holds::All {
                    self.log.trim_new(WINDOW);
                }
            }
            Turn::Newer => {
                if self.log.append(&page) && self.holds != Holds::All {
                    self.log.trim_old(WINDOW);
                }
            }
            Turn::Elsewhere => self.log.show(&page),
        }
    }

    /// Applies the answer to `GetMessages`.
    pub fn messages(&mut self, messages: &Messages) {
        if messages.epoch != self.log.position().epoch {
            return;
        }
        for event in &messages.events {
            if let RoomEvent::Posted(posted) = event {
                self.log.put_aside(posted);
                self.asides.push(posted.seq);
            }
        }
    }

    /// The seq before which messages are missing, if this device holds the whole room.
    pub fn lacks_older(&self) -> Option<Seq> {
        (self.holds == Holds::All && self.loaded && !self.log.start().is_zero())
            .then(|| self.log.start().next())
    }
}

#[cfg(test)]
mod tests {
    use shared::{Change, Changed, RoomAddress, Timestamp};
    use uuid::Uuid;

    use super::*;

    fn pin(seq: u64) -> RoomEvent {
        RoomEvent::Changed(Changed {
            room: RoomAddress::new("room").unwrap(),
            seq: Seq(seq),
            target: Seq(1),
            by: None,
            timestamp: Timestamp::from_millis(0),
            client_message_id: None,
            change: Change::Pinned,
        })
    }

    fn joined(snapshot: bool, seq: u64, events: Vec<RoomEvent>) -> Joined {
        Joined {
            room: RoomAddress::new("room").unwrap(),
            kind: shared::RoomKind::Public,
            details: shared::RoomDetails::default(),
            role: shared::RoomRole::Member,
            muted: None,
            reports: None,
            people: Vec::new(),
            may: Vec::new(),
            epoch: Epoch::from_random(1),
            seq: Seq(seq),
            start: Seq::ZERO,
            read_seq: Seq::ZERO,
            unread: UnreadCount::default(),
            snapshot,
            events,
            more: false,
            member_count: 1,
            members: Vec::new(),
            id: None,
        }
    }

    #[test]
    fn a_hole_is_asked_for_once_and_only_one_of_our_own_is_in_order() {
        let me = UserId::new(Uuid::nil());
        let mut room = Room::unknown(Holds::All);
        assert_eq!(room.joined(&joined(true, 3, Vec::new()), me), (Need::default(), None));
        room.skip();
        let (need, fault) = room.event(&pin(5), me);
        assert_eq!((need.rejoin.map(|at| at.seq), fault), (Some(Seq(3)), None));
        assert_eq!(room.event(&pin(6), me), (Need::default(), None), "asked for already");
        let healed = room.joined(&joined(false, 6, vec![pin(4), pin(5), pin(6)]), me);
        assert_eq!((healed, room.log.head()), ((Need::default(), None), Seq(6)));
        assert!(room.event(&pin(6), me).1.is_some(), "nothing comes twice");
        assert!(room.event(&pin(8), me).1.is_some(), "this hole is the server's");
    }

    #[test]
    fn a_resume_that_ends_early_is_a_fault() {
        let me = UserId::new(Uuid::nil());
        let mut room = Room::unknown(Holds::All);
        room.joined(&joined(true, 3, Vec::new()), me);
        assert!(room.joined(&joined(false, 5, vec![pin(4)]), me).1.is_some());
        assert!(room.joined(&joined(true, 2, Vec::new()), me).1.is_some(), "a snapshot never goes back");
    }
}
