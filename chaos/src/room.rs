//! One room as a device sees it, folded as the web client does.

use shared::reduce::Applied;
use shared::{
    Epoch, History, Joined, Messages, Position, RoomEvent, RoomLog, Seq, Unread, UnreadCount, UserId,
};

/// Messages in a window that does not hold the whole room.
pub const WINDOW: usize = 60;

/// What a device keeps of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Everything, back to the beginning.
    All,
    /// The newest messages.
    Newest,
    /// A window that goes to and fro.
    Window,
}

/// A page of history that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// To put before the window.
    Older,
    /// To put behind it.
    Newer,
    /// To show instead.
    Elsewhere,
}

/// What has to be asked after something came in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Need {
    /// Events after this position are missing.
    pub rejoin: Option<Position>,
    /// Only the server can tell what is unread.
    pub count: bool,
}

/// What the server did that it must not do.
pub type Fault = Option<String>;

/// One room as a device sees it.
#[derive(Debug, Clone)]
pub struct Room {
    /// The messages.
    pub log: RoomLog,
    /// What is unread.
    pub unread: Unread,
    /// Whether events come in.
    pub live: bool,
    /// Messages outside of the window that were kept.
    pub asides: Vec<Seq>,
    holds: Holds,
    loaded: bool,
    /// An event was thrown away, so that a hole is about to show.
    skipped: bool,
}

impl Room {
    /// A room of which nothing is known.
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

    /// The connection is gone.
    pub const fn disconnected(&mut self) {
        self.live = false;
        self.skipped = false;
    }

    /// Throws an event away, as if it had never come.
    pub const fn skip(&mut self) {
        self.skipped = true;
    }

    /// Whether an event was thrown away and nobody noticed yet.
    pub const fn lacks_unknowingly(&self) -> bool {
        self.skipped && self.live
    }

    /// The answer to a join.
    pub fn joined(&mut self, joined: &Joined, me: UserId) -> (Need, Fault) {
        let known = self.loaded.then(|| self.log.position());
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

    /// Further events after a join.
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

    /// An event, live or not. After a hole further ones are left to the answer that fills it.
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

    /// The server said what is unread. True: ask it again.
    #[must_use]
    pub fn read(&mut self, seq: Seq, unread: UnreadCount) -> bool {
        self.unread.told(seq, unread)
    }

    /// A page of history came.
    pub fn page(&mut self, history: &History, turn: Turn) {
        if history.epoch != self.log.position().epoch {
            return;
        }
        let page = history.page();
        match turn {
            Turn::Older => {
                // It does not fit when the window went elsewhere meanwhile.
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

    /// Single messages came.
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

    /// What is missing to the whole room, if this device holds that.
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
