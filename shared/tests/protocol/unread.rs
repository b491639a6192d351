//! The unread count of a device equals a recount.

use std::collections::VecDeque;

use prop::sample::Index;
use proptest::collection::vec;
use proptest::prelude::*;
use shared::limits::SNAPSHOT_EVENTS;
use shared::{RoomEvent, Seq, Unread, UnreadCount, UserId};

use crate::model::{Act, Model, act, person};

const ME: u8 = 0;

fn me() -> UserId {
    person(ME)
}

/// A step of the test.
#[derive(Debug, Clone)]
enum Turn {
    /// A user acts in the room.
    Act(Act),
    /// Another device of the user marks everything up to here as read.
    MarkRead(Index),
    MarkUnread(Index),
    /// Another device requests the count.
    Count,
    /// The device receives this many events.
    Follow(usize),
    /// The device reconnects and receives what it lacks.
    Return {
        counted: Index,
        fresh: bool,
    },
    /// The device receives this many reports from the server. One that counted later may come first.
    Hear {
        count: usize,
        later_first: bool,
    },
}

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        8 => act().prop_map(Turn::Act),
        1 => any::<Index>().prop_map(Turn::MarkRead),
        1 => any::<Index>().prop_map(Turn::MarkUnread),
        1 => Just(Turn::Count),
        5 => (1..9_usize).prop_map(Turn::Follow),
        1 => (any::<Index>(), any::<bool>()).prop_map(|(counted, fresh)| Turn::Return { counted, fresh }),
        4 => (1..4_usize, any::<bool>()).prop_map(|(count, later_first)| Turn::Hear { count, later_first }),
    ]
}

/// A report in transit: the read mark, and the position up to which it counts.
#[derive(Debug, Clone, Copy)]
struct Word {
    read: Seq,
    end: Seq,
    /// The head at which the messages were counted; may be after `end`.
    head: Seq,
}

struct Room {
    model: Model,
    read: Seq,
    words: VecDeque<Word>,
    /// The head when another device last moved the mark.
    moved: Seq,
    /// The highest `end` of the reports that the device received.
    heard: Seq,
    device: Unread,
    followed: usize,
    asks: bool,
}

impl Room {
    fn new(before: Model, read: Index) -> Self {
        let head = before.head();
        let read = Seq(read.index(head.0 as usize + 1) as u64);
        let mut device = Unread::default();
        device.reset(read, before.unread(me(), read, head, head));
        let followed = before.events.len();
        Self {
            model: before,
            read,
            words: VecDeque::new(),
            moved: head,
            heard: head,
            device,
            followed,
            asks: false,
        }
    }

    fn turn(&mut self, turn: &Turn) {
        match turn {
            Turn::Act(act) => {
                let before = self.model.events.len();
                self.model.act(act);
                for event in &self.model.events[before..] {
                    if let RoomEvent::Posted(posted) = event
                        && posted.sender_id == me()
                    {
                        self.read = self.read.max(posted.seq);
                    }
                }
            }
            Turn::MarkRead(index) => {
                self.read = self.read.max(Seq(index.index(self.model.events.len() + 1) as u64));
                self.moved = self.model.head();
                self.say();
            }
            Turn::MarkUnread(index) => {
                let target = Seq(index.index(self.model.events.len() + 1) as u64);
                self.read = target.before();
                self.moved = self.model.head();
                self.say();
            }
            Turn::Count => self.say(),
            Turn::Follow(count) => self.follow(*count),
            Turn::Return { counted, fresh } => self.come_back(*counted, *fresh),
            Turn::Hear { count, later_first } => {
                for _ in 0..*count {
                    self.hear(*later_first);
                }
            }
        }
    }

    fn say(&mut self) {
        let end = self.model.head();
        self.words.push_back(Word { read: self.read, end, head: end });
    }

    fn follow(&mut self, count: usize) {
        for event in self.model.events.iter().skip(self.followed).take(count) {
            self.asks |= self.device.follow(event, me());
        }
        self.followed = self.followed.saturating_add(count).min(self.model.events.len());
    }

    /// Drops everything in transit and reconnects. The server has counted up to some position of what it sends; a
    /// snapshot has the latest messages in their current state, a resume all events.
    fn come_back(&mut self, counted: Index, fresh: bool) {
        self.words.clear();
        let head = self.model.head();
        let position = Seq(self.followed as u64);
        let resume = self.model.resume(position, head).filter(|_| !fresh);
        let snapshot = self.model.older(head, head, SNAPSHOT_EVENTS.into());
        let start = if resume.is_some() { position } else { snapshot.start };
        // The count never falls behind an earlier one, and the mark is never newer than the count.
        let least = start.max(self.heard).max(self.moved);
        let end = Seq(least.0 + counted.index((head.0 - least.0) as usize + 1) as u64);
        self.followed = self.model.events.len();
        if let Some(events) = resume {
            self.told(Word { read: self.read, end, head });
            for event in &events {
                self.asks |= self.device.follow(event, me());
            }
        } else {
            self.heard = end;
            self.asks = false;
            let counted = self.model.unread(me(), self.read, end, head);
            self.device.restart(self.read, counted, &snapshot.events, me());
        }
    }

    fn hear(&mut self, later_first: bool) {
        // Reports of one position arrive in order.
        let place = self.words.back().map(|word| word.end).filter(|_| later_first);
        let next = place.and_then(|place| self.words.iter().position(|word| word.end == place)).unwrap_or(0);
        if let Some(mut word) = self.words.remove(next) {
            if later_first {
                word.head = self.model.head();
            }
            self.told(word);
        }
    }

    fn told(&mut self, word: Word) {
        self.heard = self.heard.max(word.end);
        let counted = self.model.unread(me(), word.read, word.end, word.head);
        self.asks |= self.device.told(word.read, counted);
    }

    /// Delivers everything and answers each request for a recount, in one order or the other.
    fn settle(&mut self, words_first: bool) {
        if words_first {
            while !self.words.is_empty() {
                self.hear(false);
            }
        }
        self.follow(usize::MAX);
        while !self.words.is_empty() {
            self.hear(false);
        }
        if std::mem::take(&mut self.asks) {
            self.say();
            self.hear(false);
        }
        assert!(!self.asks, "an answer that knows everything leads to no question");
    }

    fn check(&self) {
        let head = self.model.head();
        let recount = self.model.unread(me(), self.read, head, head);
        let shown = UnreadCount {
            messages: self.device.messages(),
            mentions: self.device.mentions(),
            counted_seq: head,
        };
        assert_eq!((self.device.read(), shown), (self.read, recount));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn unread_is_what_a_recount_gives_whatever_comes_first(
        before in crate::model::model(12), read in any::<Index>(), turns in vec(turn(), 0..60),
        words_first in any::<bool>(),
    ) {
        let mut room = Room::new(before, read);
        for turn in &turns {
            room.turn(turn);
        }
        room.settle(words_first);
        room.check();
    }

    #[test]
    fn who_follows_and_asks_at_once_is_never_wrong(
        before in crate::model::model(12), read in any::<Index>(), turns in vec(turn(), 0..60),
    ) {
        let mut room = Room::new(before, read);
        for turn in turns.iter().filter(|turn| !matches!(turn, Turn::Follow(_) | Turn::Hear { .. } | Turn::Return { .. })) {
            room.turn(turn);
            room.settle(false);
            room.check();
        }
    }

    #[test]
    fn messages_reactions_and_pins_ask_nothing(
        before in crate::model::model(12), read in any::<Index>(), acts in vec(act(), 0..60),
    ) {
        let mut room = Room::new(before, read);
        for act in acts {
            if !matches!(act, Act::Edit { .. } | Act::Delete { .. } | Act::Trim { .. }) {
                room.turn(&Turn::Act(act));
                room.follow(usize::MAX);
                prop_assert!(!room.asks);
                room.check();
            }
        }
    }
}

/// The device cannot remember very many messages individually.
#[test]
fn a_count_that_many_messages_overtook_is_asked_for_again() {
    let mut model = Model::default();
    model.act(&Act::Post { who: 1, calls: 1, times: 250 });
    let mut device = Unread::default();
    for event in &model.events {
        assert!(!device.follow(event, me()));
    }
    assert_eq!((device.messages(), device.mentions()), (100, 100));
    let count = |end| model.unread(me(), Seq::ZERO, Seq(end), model.head());
    assert!(device.told(Seq::ZERO, count(20)), "150 and more are known, which of them singly is not");
    assert!(!device.told(Seq::ZERO, count(250)));
    assert_eq!((device.messages(), device.mentions()), (100, 100));
}

fn posts(who: u8, times: u8) -> Act {
    Act::Post { who, calls: 0, times }
}

fn follow(device: &mut Unread, events: &[RoomEvent]) -> bool {
    events.iter().fold(false, |asks, event| device.follow(event, me()) | asks)
}

#[test]
fn a_deleted_message_of_a_snapshot_is_not_unread() {
    let mut model = Model::default();
    model.act(&posts(1, 3));
    model.act(&Act::Delete { target: 2 });
    let mut device = Unread::default();
    let counted = model.unread(me(), Seq::ZERO, Seq(1), model.head());
    let snapshot = model.older(model.head(), model.head(), 50);
    device.restart(Seq::ZERO, counted, &snapshot.events, me());
    assert_eq!(device.messages(), 2);
}

#[test]
fn a_message_of_ones_own_moves_the_mark_only_forward() {
    let mut model = Model::default();
    model.act(&posts(1, 2));
    model.act(&posts(ME, 1));
    model.act(&posts(1, 2));
    let mut device = Unread::default();
    device.reset(Seq(4), model.unread(me(), Seq(4), Seq(1), model.head()));
    assert!(!follow(&mut device, &model.events[1..]));
    assert_eq!((device.read(), device.messages()), (Seq(4), 1));
}

#[test]
fn what_was_counted_and_then_trimmed_is_asked_for() {
    let mut model = Model::default();
    model.act(&posts(1, 3));
    let mut device = Unread::default();
    device.reset(Seq::ZERO, model.unread(me(), Seq::ZERO, Seq(3), Seq(3)));
    model.act(&posts(1, 2));
    model.trim(Seq(4));
    assert!(follow(&mut device, &model.events[3..]), "how many of the three are left only the server knows");
    assert!(!device.told(Seq::ZERO, model.unread(me(), Seq::ZERO, model.head(), model.head())));
    assert_eq!(device.messages(), 1);
}
