//! The reader's place in a room: the part of the log in the window, where the view should go, what is unread.
//!
//! The window moves over the log in both directions; messages far from the reader are dropped from it.

use shared::{History, Posted, RoomEvent, Seq, UnreadCount, UserId};

use super::Room;

/// Maximum number of messages in the window.
pub const WINDOW: usize = 300;
/// Number of messages that a room keeps while it is not open.
const KEPT: usize = 100;

/// A navigation goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// The newest message.
    Latest,
    /// The first unread message.
    Unread,
    /// This message.
    Message(Seq),
}

/// A goal that the window contains by now, for the view to scroll to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aim {
    /// Counts up: the same goal may be aimed at twice.
    pub number: u32,
    pub goal: Goal,
}

/// A page of history to request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// The latest messages.
    Latest,
    /// The messages before this seq.
    Before(Seq),
    /// The messages after this seq.
    After(Seq),
    /// The messages on both sides of this seq.
    Around(Seq),
}

/// Loading state beyond one end of the window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Edge {
    /// No request is pending.
    #[default]
    Idle,
    /// Requested.
    Loading,
    /// The server could not answer.
    Failed,
}

/// The result of a page that came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is in the window, or no longer wanted.
    Done,
    /// The message that was looked for does not exist.
    NoSuchMessage,
}

/// A reader's place in a room.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Viewport {
    goal: Option<Goal>,
    /// The page requested to reach the goal.
    asked: Option<Page>,
    arrived: bool,
    aim: Option<Aim>,
    aims: u32,
    /// Messages after this seq were unread when the visit began.
    divider: Option<Seq>,
    /// Marked as unread by hand: viewing the messages does not mark them as read.
    held: bool,
    /// The message being read; `None` for the newest.
    reader: Option<Seq>,
    /// Loading state before the window.
    older: Edge,
    /// Loading state after the window.
    newer: Edge,
}

impl Viewport {
    /// The room's messages were replaced by the latest ones, possibly of `another` log.
    pub fn replaced(&mut self, another: bool) {
        *self = Self {
            // A message of the old log no longer exists.
            goal: self.goal.filter(|goal| !another && matches!(goal, Goal::Message(_))),
            aims: self.aims,
            ..Self::default()
        };
    }

    /// The connection is gone, and with it the answers to pending requests.
    pub fn disconnected(&mut self) {
        self.asked = None;
        self.older = Edge::Idle;
        self.newer = Edge::Idle;
    }
}

impl Room {
    /// Starts a visit: goes to the first unread message, or to the newest. Returns the page to request.
    pub fn visit(&mut self) -> Option<Page> {
        self.viewport.held = false;
        self.viewport.arrived = false;
        let new = self.unread.messages() > 0;
        self.viewport.divider = (self.is_loaded() && new).then_some(self.unread.read());
        let otherwise = if new { Goal::Unread } else { Goal::Latest };
        self.seek(self.viewport.goal.unwrap_or(otherwise))
    }

    /// Ends a visit.
    pub fn end_visit(&mut self) {
        self.viewport = Viewport {
            aims: self.viewport.aims,
            older: self.viewport.older,
            newer: self.viewport.newer,
            ..Viewport::default()
        };
        if self.log.is_at_head() {
            self.log.trim_old(KEPT);
        }
    }

    /// Goes to `goal`. Returns the page to request first.
    pub fn seek(&mut self, goal: Goal) -> Option<Page> {
        self.viewport.goal = Some(goal);
        self.viewport.asked = None;
        if !self.is_loaded() {
            return None;
        }
        if self.shows(goal) {
            self.arrive(goal);
            return None;
        }
        if !self.is_live() {
            // Show what is loaded; the rest follows when the connection is back.
            self.arrive(Goal::Latest);
            self.viewport.goal = (goal != Goal::Unread).then_some(goal);
            return None;
        }
        let page = match goal {
            Goal::Latest => Page::Latest,
            Goal::Unread => Page::Around(self.unread.read().next()),
            Goal::Message(seq) => Page::Around(seq),
        };
        self.viewport.asked = Some(page);
        Some(page)
    }

    /// Resumes the navigation after the connection is back.
    pub fn pursue(&mut self) -> Option<Page> {
        self.seek(self.viewport.goal?)
    }

    /// Handles a page of history.
    pub fn page(&mut self, asked: Page, history: &History) -> Taken {
        let fits = history.epoch == self.epoch();
        match asked {
            Page::Before(_) => {
                self.viewport.older = Edge::Idle;
                if fits && self.log.prepend(&history.page()) {
                    self.trim();
                }
            }
            Page::After(_) => {
                self.viewport.newer = Edge::Idle;
                if fits && self.log.append(&history.page()) {
                    self.trim();
                }
            }
            Page::Latest | Page::Around(_) if fits && self.seeks(asked) => {
                return self.show(history);
            }
            Page::Latest | Page::Around(_) => {}
        }
        Taken::Done
    }

    fn show(&mut self, history: &History) -> Taken {
        let Some(goal) = self.viewport.goal else { return Taken::Done };
        if let Goal::Message(seq) = goal
            && !history.events.iter().any(|event| event.seq() == seq)
        {
            self.viewport.goal = None;
            self.viewport.asked = None;
            return Taken::NoSuchMessage;
        }
        self.log.show(&history.page());
        self.viewport.older = Edge::Idle;
        self.viewport.newer = Edge::Idle;
        self.arrive(goal);
        Taken::Done
    }

    /// Whether the reader waits for this page to reach a goal.
    pub fn seeks(&self, page: Page) -> bool {
        self.viewport.asked == Some(page)
    }

    /// Handles a failed request for a page.
    pub fn page_failed(&mut self, asked: Page) {
        match asked {
            Page::Before(_) => self.viewport.older = Edge::Failed,
            Page::After(_) => self.viewport.newer = Edge::Failed,
            Page::Latest | Page::Around(_) if self.seeks(asked) => self.arrive(Goal::Latest),
            Page::Latest | Page::Around(_) => {}
        }
    }

    /// Whether there are messages before the window that were not requested.
    pub fn lacks_older(&self) -> bool {
        self.may_ask(self.viewport.older) && self.has_older()
    }

    /// Whether there are messages after the window that were not requested.
    pub fn lacks_newer(&self) -> bool {
        self.may_ask(self.viewport.newer) && !self.log.is_at_head()
    }

    /// The page to request when the upper end of the window is near.
    pub fn ask_older(&mut self) -> Option<Page> {
        self.lacks_older().then(|| {
            self.viewport.older = Edge::Loading;
            Page::Before(self.log.start().next())
        })
    }

    /// The page to request when the lower end of the window is near.
    pub fn ask_newer(&mut self) -> Option<Page> {
        self.lacks_newer().then(|| {
            self.viewport.newer = Edge::Loading;
            Page::After(self.log.end())
        })
    }

    /// Whether there are messages before the window.
    pub fn has_older(&self) -> bool {
        self.is_loaded() && !self.log.start().is_zero()
    }

    /// Loading state before the window.
    pub const fn older(&self) -> Edge {
        self.viewport.older
    }

    /// Loading state after the window.
    pub const fn newer(&self) -> Edge {
        self.viewport.newer
    }

    /// Where the view should scroll to.
    pub const fn aim(&self) -> Option<Aim> {
        self.viewport.aim
    }

    /// Whether the window contains the reader's goal.
    pub const fn has_arrived(&self) -> bool {
        self.viewport.arrived
    }

    /// Messages after this seq were unread when the visit began.
    pub const fn divider(&self) -> Option<Seq> {
        self.viewport.divider
    }

    /// Whether pending messages are shown below the window.
    pub fn ends_with_pending(&self) -> bool {
        self.log.is_at_head() || self.viewport.goal == Some(Goal::Latest)
    }

    /// Records the message being read; `None` for the newest. Needs no notification of subscribers.
    pub const fn reads_at(&mut self, seq: Option<Seq>) {
        self.viewport.reader = seq;
    }

    /// Whether viewing the end of the window marks it as read.
    pub fn is_readable(&self) -> bool {
        self.viewport.arrived
            && self.viewport.goal.is_none()
            && !self.viewport.held
            && self.log.is_at_head()
            && self.unread.messages() > 0
    }

    /// Marks everything as read. Returns the seq up to which.
    pub fn read(&mut self) -> Option<Seq> {
        if self.unread.messages() == 0 {
            return None;
        }
        let head = self.log.head();
        // The server's confirmation follows.
        let _ = self.unread.told(head, UnreadCount { counted_seq: head, ..UnreadCount::default() });
        Some(head)
    }

    /// Marks everything as read at the user's request, and removes the divider.
    pub fn dismiss(&mut self) -> Option<Seq> {
        self.viewport.held = false;
        self.viewport.divider = None;
        self.read()
    }

    /// Marks everything up to `seq` as read, ahead of the server.
    pub fn read_up_to(&mut self, seq: Seq, me: UserId) {
        // Outside the window only the server can count.
        if self.unread.read() < seq && self.log.start() <= seq && self.log.is_at_head() {
            let later = self.log.messages().filter(|posted| posted.seq > seq);
            let later: Vec<RoomEvent> = later.cloned().map(RoomEvent::Posted).collect();
            let counted = UnreadCount { counted_seq: seq, ..UnreadCount::default() };
            self.unread.restart(seq, counted, &later, me);
        }
    }

    /// Keeps everything from `seq` on unread, even while it is viewed.
    pub const fn hold_unread(&mut self, seq: Seq) {
        self.viewport.held = true;
        self.viewport.divider = Some(seq.before());
    }

    /// Ends a hold when the author posts: they have read the room.
    pub const fn release(&mut self) {
        self.viewport.held = false;
    }

    /// Another device moved the read mark.
    pub fn read_elsewhere(&mut self) {
        if self.unread.messages() == 0 {
            self.viewport.divider = None;
            self.viewport.held = false;
        }
    }

    /// Trims the window on the side that is far from the reader.
    pub(super) fn trim(&mut self) {
        let length = self.log.len();
        if length <= WINDOW {
            return;
        }
        let before = |seq: Seq| self.log.messages().filter(|posted: &&Posted| posted.seq <= seq).count();
        if self.viewport.reader.is_some_and(|seq| before(seq) <= length / 2) {
            self.log.trim_new(WINDOW);
        } else {
            self.log.trim_old(WINDOW);
        }
    }

    fn shows(&self, goal: Goal) -> bool {
        let (start, end) = (self.log.start(), self.log.end());
        match goal {
            Goal::Latest => self.log.is_at_head(),
            Goal::Unread => {
                let read = self.unread.read();
                start <= read && (read < end || self.log.is_at_head())
            }
            // The oldest message is hidden while there are older ones.
            Goal::Message(seq) => {
                let oldest = self.log.messages().next().is_some_and(|posted| posted.seq == seq);
                let shown = start.is_zero() || !oldest;
                shown && start < seq && seq <= end && self.log.message(seq).is_some()
            }
        }
    }

    const fn arrive(&mut self, goal: Goal) {
        let viewport = &mut self.viewport;
        viewport.goal = None;
        viewport.asked = None;
        viewport.arrived = true;
        viewport.aims += 1;
        viewport.aim = Some(Aim { number: viewport.aims, goal });
        viewport.reader = match goal {
            Goal::Latest => None,
            Goal::Unread => Some(self.unread.read().next()),
            Goal::Message(seq) => Some(seq),
        };
    }

    fn may_ask(&self, edge: Edge) -> bool {
        self.is_live() && self.is_loaded() && edge != Edge::Loading && self.viewport.goal.is_none()
    }
}

#[cfg(test)]
mod tests {
    use shared::{Epoch, RoomEvent, UserId};

    use super::super::tests::{event, resumed, snapshot, user};
    use super::*;

    fn me() -> UserId {
        user(9)
    }

    /// A room of `head` messages with a snapshot of the last 50.
    fn room(head: u64, read: u64) -> Room {
        let mut room = Room::unknown();
        room.joined(snapshot(head - 49..=head, read), me());
        room
    }

    /// The server's answer for a room of `head` messages.
    fn history(asked: Page, head: u64) -> History {
        let (first, last) = match asked {
            Page::Latest => (head.saturating_sub(59).max(1), head),
            Page::Before(seq) => (seq.0.saturating_sub(60).max(1), seq.0 - 1),
            Page::After(seq) => (seq.0 + 1, (seq.0 + 60).min(head)),
            Page::Around(seq) => (seq.0.saturating_sub(30).max(1), (seq.0 + 29).min(head)),
        };
        let events: Vec<RoomEvent> = (first..=last).map(event).collect();
        History {
            room: shared::RoomAddress::new("general").unwrap(),
            epoch: Epoch::from_random(5),
            start: Seq(first - 1),
            end: Seq(last),
            events,
            more: last < head,
            id: None,
        }
    }

    fn window(room: &Room) -> (u64, u64) {
        (room.log.start().0, room.log.end().0)
    }

    #[test]
    fn a_visit_begins_at_the_first_unread_message_wherever_that_is() {
        let mut near = room(1_000, 960);
        assert_eq!(near.visit(), None);
        assert_eq!(near.aim().map(|aim| aim.goal), Some(Goal::Unread));
        assert_eq!(near.divider(), Some(Seq(960)));

        let mut far = room(1_000, 700);
        let asked = far.visit().unwrap();
        assert_eq!(asked, Page::Around(Seq(701)));
        assert!(!far.has_arrived() && !far.is_readable());
        far.page(asked, &history(asked, 1_000));
        assert_eq!(window(&far), (670, 730));
        assert_eq!((far.aim().map(|aim| aim.goal), far.divider()), (Some(Goal::Unread), Some(Seq(700))));
        assert!(!far.is_readable(), "the newest is not on the page");
    }

    #[test]
    fn the_divider_stays_while_reading_and_is_gone_on_the_next_visit() {
        let mut room = room(100, 90);
        room.visit();
        assert!(room.is_readable());
        assert_eq!(room.read(), Some(Seq(100)));
        room.event(&event(101), me());
        assert_eq!((room.divider(), room.read()), (Some(Seq(90)), Some(Seq(101))));
        room.end_visit();
        room.visit();
        assert_eq!((room.divider(), room.aim().map(|aim| aim.goal)), (None, Some(Goal::Latest)));
    }

    #[test]
    fn what_is_marked_unread_stays_so_until_one_leaves_or_writes() {
        let mut room = room(100, 100);
        room.visit();
        room.hold_unread(Seq(98));
        let unread = UnreadCount { messages: 3, mentions: 0, counted_seq: Seq(100) };
        assert!(!room.unread.told(Seq(97), unread));
        assert_eq!((room.divider(), room.is_readable()), (Some(Seq(97)), false));
        room.event(&event(101), me());
        assert!(!room.is_readable());
        room.end_visit();
        room.visit();
        assert_eq!((room.divider(), room.is_readable()), (Some(Seq(97)), true));
        room.hold_unread(Seq(98));
        room.release();
        assert!(room.is_readable());
    }

    #[test]
    fn the_window_goes_up_to_the_beginning_and_down_to_the_end_and_stays_small() {
        let mut room = room(1_000, 1_000);
        room.visit();
        while let Some(asked) = room.ask_older() {
            assert_eq!(room.ask_older(), None, "asked for already");
            room.reads_at(Some(room.log.start().next()));
            room.page(asked, &history(asked, 1_000));
            assert!(room.log.len() <= WINDOW);
        }
        assert_eq!((window(&room), room.has_older()), ((0, 300), false));
        room.event(&event(1_001), me());
        assert_eq!(room.log.len(), WINDOW, "a new message does not belong into a window elsewhere");
        while let Some(asked) = room.ask_newer() {
            room.reads_at(Some(room.log.end()));
            room.page(asked, &history(asked, 1_001));
            assert!(room.log.len() <= WINDOW);
        }
        assert_eq!(window(&room), (701, 1_001));
        room.event(&event(1_002), me());
        assert_eq!(window(&room), (702, 1_002));
    }

    #[test]
    fn a_message_far_in_the_past_is_gone_to_and_back() {
        let mut room = room(20_000, 20_000);
        room.visit();
        let asked = room.seek(Goal::Message(Seq(40))).unwrap();
        assert_eq!(asked, Page::Around(Seq(40)));
        assert_eq!(room.page(asked, &history(asked, 20_000)), Taken::Done);
        assert_eq!(window(&room), (9, 69));
        assert_eq!(room.aim().map(|aim| aim.goal), Some(Goal::Message(Seq(40))));
        let asked = room.seek(Goal::Latest).unwrap();
        room.page(asked, &history(asked, 20_000));
        assert_eq!(window(&room), (19_940, 20_000));
        let numbers = room.aim().map(|aim| aim.number);
        assert_eq!(room.seek(Goal::Latest), None, "it is there");
        assert!(room.aim().map(|aim| aim.number) > numbers, "the view goes there all the same");
    }

    #[test]
    fn a_message_that_is_not_there_leaves_the_reader_where_they_are() {
        let mut room = room(100, 100);
        room.visit();
        let asked = room.seek(Goal::Message(Seq(40))).unwrap();
        let mut page = history(asked, 100);
        page.events.retain(|event| event.seq() != Seq(40));
        assert_eq!(room.page(asked, &page), Taken::NoSuchMessage);
        assert_eq!(window(&room), (50, 100));
    }

    #[test]
    fn an_answer_to_an_earlier_wish_takes_nobody_anywhere() {
        let mut room = room(1_000, 1_000);
        room.visit();
        let first = room.seek(Goal::Message(Seq(40))).unwrap();
        let second = room.seek(Goal::Message(Seq(400))).unwrap();
        room.page(first, &history(first, 1_000));
        assert_eq!(window(&room), (950, 1_000));
        room.page(second, &history(second, 1_000));
        assert_eq!(window(&room), (369, 429));
    }

    #[test]
    fn a_journey_goes_on_after_the_connection_was_lost() {
        let mut room = room(1_000, 1_000);
        room.visit();
        room.seek(Goal::Message(Seq(40)));
        room.disconnected();
        room.joined(resumed(1_001..=1_001, 1_000), me());
        assert_eq!(room.pursue(), Some(Page::Around(Seq(40))));
        room.disconnected();
        room.joined(snapshot(5_000..=5_049, 5_049), me());
        assert_eq!(room.visit(), Some(Page::Around(Seq(40))), "a fresh snapshot does not end it");
    }

    #[test]
    fn who_writes_without_a_connection_is_taken_to_the_newest_when_it_is_back() {
        let mut room = room(1_000, 1_000);
        room.visit();
        let asked = room.seek(Goal::Message(Seq(40))).unwrap();
        room.page(asked, &history(asked, 1_000));
        assert!(!room.ends_with_pending());
        room.disconnected();
        assert_eq!(room.seek(Goal::Latest), None);
        assert!(room.ends_with_pending(), "what was written shows");
        room.joined(resumed(1_001..=1_001, 1_000), me());
        assert_eq!(room.pursue(), Some(Page::Latest));
    }

    #[test]
    fn without_a_connection_a_visit_shows_what_there_is() {
        let mut room = room(1_000, 700);
        room.disconnected();
        assert_eq!(room.visit(), None);
        assert!(room.has_arrived());
        assert_eq!(room.aim().map(|aim| aim.goal), Some(Goal::Latest));
        assert_eq!(room.ask_older(), None);
    }

    #[test]
    fn a_reader_in_the_window_is_not_moved_out_of_it_by_what_is_new() {
        let mut room = room(100, 100);
        room.visit();
        room.reads_at(Some(Seq(60)));
        for seq in 101..=600 {
            room.event(&event(seq), me());
        }
        assert_eq!(window(&room), (50, 350));
        assert_eq!(room.log.head(), Seq(600));
    }
}
