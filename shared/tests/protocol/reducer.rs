//! Properties of the reducer from events to a room's state.

use std::collections::{BTreeMap, BTreeSet};

use prop::sample::Index;
use proptest::collection::vec;
use proptest::prelude::*;
use shared::reduce::Applied;
use shared::{Emoji, Epoch, Position, Posted, Reaction, RoomEvent, RoomLog, Seq};

use crate::model::{Act, Model, OwnedPage, model};
use crate::strategies::{at, event};

const EPOCH: Epoch = Epoch::from_random(7);
const WHOLE: usize = usize::MAX;

fn fold(events: &[RoomEvent]) -> RoomLog {
    let mut log = RoomLog::empty(EPOCH, Seq::ZERO);
    for event in events {
        assert_eq!(log.apply(event), Applied::Advanced);
    }
    log
}

fn snapshot(model: &Model, head: Seq, latest: usize) -> RoomLog {
    let page = model.older(head, head, latest);
    RoomLog::from_snapshot(Position { epoch: EPOCH, seq: head }, page.start, &page.events)
}

fn shown(log: &RoomLog) -> BTreeMap<Seq, Posted> {
    log.messages().map(|message| (message.seq, message.clone())).collect()
}

/// Returns the positions at which a window differs from the model: it must show everything between its ends in the
/// state at its head.
fn wrong(model: &Model, log: &RoomLog) -> Vec<Seq> {
    let (mut truth, shown) = (model.messages(log.head()), shown(log));
    truth.retain(|&seq, _| log.start() < seq && seq <= log.end());
    let places: BTreeSet<Seq> = truth.keys().chain(shown.keys()).copied().collect();
    places.into_iter().filter(|seq| truth.get(seq) != shown.get(seq)).collect()
}

fn place(model: &Model, index: Index) -> Seq {
    Seq(index.index(model.events.len() + 1) as u64)
}

/// A client's operation on its window while the room goes on.
#[derive(Debug, Clone)]
enum Step {
    /// Live events arrive.
    Live(usize),
    /// A page before the window arrives, read at another time.
    Prepend {
        lag: i64,
        limit: usize,
    },
    /// A page after the window arrives.
    Append {
        lag: i64,
        limit: usize,
    },
    /// A page arrives that may overlap the window.
    Across {
        lag: i64,
        middle: Index,
        limit: usize,
        before: bool,
    },
    /// Another part of the room is shown.
    Show {
        lag: i64,
        middle: Index,
        limit: usize,
    },
    TrimOld(usize),
    TrimNew(usize),
    /// A message outside the window is kept.
    PutAside {
        lag: i64,
        which: Index,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let lag = || -8..8_i64;
    prop_oneof![
        4 => (1..12_usize).prop_map(Step::Live),
        2 => (lag(), 1..9_usize).prop_map(|(lag, limit)| Step::Prepend { lag, limit }),
        2 => (lag(), 1..9_usize).prop_map(|(lag, limit)| Step::Append { lag, limit }),
        1 => (lag(), any::<Index>(), 2..20_usize, any::<bool>())
            .prop_map(|(lag, middle, limit, before)| Step::Across { lag, middle, limit, before }),
        1 => (lag(), any::<Index>(), 2..20_usize)
            .prop_map(|(lag, middle, limit)| Step::Show { lag, middle, limit }),
        1 => (0..12_usize).prop_map(Step::TrimOld),
        1 => (0..12_usize).prop_map(Step::TrimNew),
        3 => (-8..2_i64, any::<Index>()).prop_map(|(lag, which)| Step::PutAside { lag, which }),
    ]
}

/// A client that shows a part of a room; `told` is the latest head at which any of its pages was read.
struct Reader<'m> {
    model: &'m Model,
    log: RoomLog,
    /// The position at which it began to follow; every page is read later.
    joined: Seq,
    told: Seq,
    asides: Vec<Seq>,
}

impl Reader<'_> {
    /// Returns the head at which a page is read: `lag` events after the reader's own head, or before it if negative.
    fn read_at(&mut self, lag: i64) -> Seq {
        let head = Seq(self.log.head().0.saturating_add_signed(lag)).max(self.joined).min(self.model.head());
        self.told = self.told.max(head);
        head
    }

    fn step(&mut self, step: &Step) {
        match *step {
            Step::Live(count) => self.live(count),
            Step::Prepend { lag, limit } => {
                let page = self.model.older(self.read_at(lag), self.log.start(), limit);
                self.log.prepend(&page.page());
            }
            Step::Append { lag, limit } => {
                let page = self.model.newer(self.read_at(lag), self.log.end(), limit);
                self.log.append(&page.page());
            }
            Step::Across { lag, middle, limit, before } => {
                let page = self.around(lag, middle, limit);
                if before {
                    self.log.prepend(&page.page())
                } else {
                    self.log.append(&page.page())
                };
            }
            Step::Show { lag, middle, limit } => {
                let page = self.around(lag, middle, limit);
                self.log.show(&page.page());
            }
            Step::TrimOld(keep) => self.log.trim_old(keep),
            Step::TrimNew(keep) => self.log.trim_new(keep),
            Step::PutAside { lag, which } => {
                let messages: Vec<Posted> = self.model.messages(self.read_at(lag)).into_values().collect();
                if !messages.is_empty() {
                    let message = which.get(&messages);
                    self.log.put_aside(message);
                    self.asides.push(message.seq);
                }
            }
        }
    }

    fn around(&mut self, lag: i64, middle: Index, limit: usize) -> OwnedPage {
        let middle = place(self.model, middle);
        self.model.around(self.read_at(lag), middle, limit)
    }

    fn live(&mut self, count: usize) {
        for event in self.model.events.iter().skip(self.log.head().0 as usize).take(count) {
            assert_eq!(self.log.apply(event), Applied::Advanced);
        }
    }

    /// A page may contain changes that the reader has not received yet. Once it has received them, everything must
    /// match.
    fn check(&self) {
        if self.log.head() < self.told {
            return;
        }
        assert_eq!(wrong(self.model, &self.log), []);
        assert!(self.log.end() <= self.log.head(), "nothing is shown of what is not known");
        let messages = self.model.messages(self.log.head());
        for &aside in &self.asides {
            assert_eq!(self.log.message(aside), messages.get(&aside));
        }
        let start = self.log.start();
        assert!(start == Seq::ZERO || start > self.model.horizon(self.log.head()), "before it is nothing");
        if let Some((&first, _)) = messages.first_key_value() {
            let whole = self.log.start() < first || self.log.end() < first;
            assert!(self.log.start() > Seq::ZERO || whole, "0 says that there is none before");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn all_events_give_the_messages_of_the_store(model in model(40)) {
        let log = fold(&model.events);
        prop_assert_eq!(wrong(&model, &log), []);
        prop_assert_eq!((log.start(), log.end()), (Seq::ZERO, model.head()));
        prop_assert_eq!(log.head(), model.head());
        prop_assert_eq!(log.len(), model.messages(model.head()).len());
        prop_assert_eq!(log.is_empty(), log.messages().next().is_none());
    }

    #[test]
    fn a_snapshot_and_what_follows_are_a_later_snapshot(
        model in model(40), cut in any::<Index>(), latest in 0_usize..60,
    ) {
        let mut early = snapshot(&model, place(&model, cut), latest);
        for event in &model.events[early.head().0 as usize..] {
            prop_assert_eq!(early.apply(event), Applied::Advanced);
        }
        prop_assert_eq!(wrong(&model, &early), []);
        prop_assert_eq!(early.position(), Position { epoch: EPOCH, seq: model.head() });
        prop_assert!(early.is_at_head());
        prop_assert_eq!(shown(&snapshot(&model, model.head(), early.len())), shown(&early));
    }

    #[test]
    fn a_page_that_is_ahead_of_its_reader_and_what_follows_are_the_whole(
        model in model(40), behind in any::<Index>(), ahead in any::<Index>(),
    ) {
        let (behind, ahead) = (place(&model, behind), place(&model, ahead));
        let mut log = fold(&model.events[..behind.min(ahead).0 as usize]);
        log.show(&model.older(behind.max(ahead), behind.max(ahead), WHOLE).page());
        for event in &model.events[log.head().0 as usize..] {
            prop_assert_eq!(log.apply(event), Applied::Advanced);
            prop_assert!(log.end() >= behind.max(ahead), "what was shown stays in the window");
        }
        prop_assert_eq!(wrong(&model, &log), []);
        prop_assert_eq!((log.start(), log.end()), (Seq::ZERO, model.head()));
    }

    #[test]
    fn a_resume_without_deleted_texts_gives_what_the_live_events_gave(
        model in model(40), first in any::<Index>(), second in any::<Index>(),
    ) {
        let (a, b) = (place(&model, first), place(&model, second));
        let (left, back) = (a.min(b), a.max(b));
        let Some(events) = model.resume(left, back) else { return Ok(()) };
        let mut log = fold(&model.events[..left.0 as usize]);
        for event in events.iter().chain(&model.events[back.0 as usize..]) {
            prop_assert_eq!(log.apply(event), Applied::Advanced);
        }
        prop_assert_eq!(wrong(&model, &log), []);
        prop_assert_eq!((log.start(), log.end()), (Seq::ZERO, model.head()));
    }

    #[test]
    fn a_window_shows_its_part_of_the_room_wherever_its_pages_come_from(
        model in model(60), steps in vec(step(), 0..24), latest in 0_usize..20, from in any::<Index>(),
    ) {
        let from = Seq(from.index(model.events.len() / 2 + 1) as u64);
        let log = snapshot(&model, from, latest);
        let mut reader = Reader { model: &model, log, joined: from, told: from, asides: Vec::new() };
        for step in &steps {
            reader.step(step);
            reader.check();
        }
        reader.live(WHOLE);
        reader.check();
    }

    #[test]
    fn whoever_pages_back_and_forth_has_the_whole(
        model in model(60), middle in any::<Index>(), limit in 2_usize..9,
    ) {
        let head = model.head();
        let mut log = fold(&model.events);
        log.show(&model.around(head, place(&model, middle), limit).page());
        while log.start() > Seq::ZERO {
            prop_assert!(log.prepend(&model.older(head, log.start(), limit).page()));
        }
        while !log.is_at_head() {
            prop_assert!(log.append(&model.newer(head, log.end(), limit).page()));
        }
        prop_assert_eq!(wrong(&model, &log), []);
        prop_assert_eq!((log.start(), log.end()), (Seq::ZERO, head));
    }

    #[test]
    fn a_page_that_does_not_reach_the_window_changes_nothing(
        model in model(60), middle in any::<Index>(), off in 1_u64..5,
    ) {
        let head = model.head();
        let mut log = fold(&model.events);
        log.show(&model.around(head, place(&model, middle), 4).page());
        let before = log.clone();
        if log.start().0 > off {
            let page = model.older(head, Seq(log.start().0 - off), 3);
            prop_assert!(!log.prepend(&page.page()), "ends too early");
            prop_assert!(!log.append(&page.page()), "is before the window");
        }
        if log.end().0 + off < head.0 {
            let page = model.newer(head, Seq(log.end().0 + off), 3);
            prop_assert!(!log.append(&page.page()), "begins too late");
            prop_assert!(!log.prepend(&page.page()), "is behind the window");
        }
        prop_assert_eq!(log, before);
    }

    #[test]
    fn duplicates_between_the_events_change_nothing(model in model(20), repeats in vec(any::<Index>(), 64)) {
        let mut log = RoomLog::empty(EPOCH, Seq::ZERO);
        for (place, event) in model.events.iter().enumerate() {
            prop_assert_eq!(log.apply(event), Applied::Advanced);
            let repeated = &model.events[repeats[place % repeats.len()].index(place + 1)];
            prop_assert_eq!(log.apply(repeated), Applied::Duplicate);
        }
        prop_assert_eq!(log, fold(&model.events));
    }

    #[test]
    fn any_order_gives_the_whole_when_holes_are_healed_by_asking(
        model in model(20), order in vec(any::<Index>(), 0..40),
    ) {
        let events = &model.events;
        let mut log = RoomLog::empty(EPOCH, Seq::ZERO);
        if !events.is_empty() {
            for place in order {
                if let Applied::Hole { head } = log.apply(place.get(events)) {
                    for event in &events[head.0 as usize..=place.index(events.len())] {
                        prop_assert_eq!(log.apply(event), Applied::Advanced);
                    }
                }
            }
        }
        let head = log.head().0 as usize;
        prop_assert_eq!(log, fold(&events[..head]));
    }

    #[test]
    fn an_event_behind_a_hole_changes_nothing(model in model(20), late in event(), gap in 2..u64::from(u32::MAX)) {
        let mut log = fold(&model.events);
        let head = log.head();
        prop_assert_eq!(log.apply(&at(late, Seq(head.0 + gap))), Applied::Hole { head });
        prop_assert_eq!(log, fold(&model.events));
    }
}

/// A page can be read before events that reach the reader first.
#[test]
fn a_page_of_the_past_brings_nothing_back() {
    let mut model = Model::default();
    model.act(&Act::Post { who: 0, calls: 0, times: 6 });
    let then = model.head();
    model.act(&Act::Delete { target: 0 });
    model.act(&Act::Delete { target: 5 });
    let mut log = fold(&model.events);
    log.trim_old(2);
    assert!(log.prepend(&model.older(then, log.start(), 50).page()));
    assert_eq!(wrong(&model, &log), []);
    log.show(&model.around(then, Seq(3), 2).page());
    log.put_aside(&model.messages(then)[&Seq(6)]);
    assert!(log.message(Seq(6)).is_some_and(|message| message.deleted));

    let page = model.older(then, Seq(3), 2);
    let aside = model.messages(then)[&Seq(3)].clone();
    model.trim(Seq(3));
    assert_eq!(log.apply(&model.events[8]), Applied::Advanced);
    log.show(&page.page());
    log.put_aside(&aside);
    assert_eq!((log.start(), log.len()), (Seq::ZERO, 0), "before it is nothing any more");
    assert_eq!(log.message(Seq(3)), None);
}

/// A snapshot lists only the first of more than 50 users who react with the same emoji; counts stay correct
/// nevertheless.
#[test]
fn of_many_who_react_the_number_is_right() {
    let mut model = Model::default();
    model.act(&Act::Post { who: 0, calls: 0, times: 1 });
    for who in 0..120 {
        model.act(&Act::React { who, target: 0, emoji: 0 });
    }
    let mut page = model.older(model.head(), model.head(), 50);
    let RoomEvent::Posted(posted) = &mut page.events[0] else { panic!("a message") };
    posted.reactions[0].users.truncate(50);
    let mut log =
        RoomLog::from_snapshot(Position { epoch: EPOCH, seq: model.head() }, page.start, &page.events);
    let known = model.head();
    for who in 40..80 {
        model.act(&Act::Unreact { who, target: 0, emoji: 0 });
    }
    for event in &model.events[known.0 as usize..] {
        assert_eq!(log.apply(event), Applied::Advanced);
    }
    let Reaction { emoji, count, users } = &log.message(Seq(1)).expect("the message").reactions[0];
    assert_eq!((emoji, *count, users.len()), (&Emoji::new("👍").unwrap(), 80, 40));
}
