//! The laws of the fold from events to a room's state.

use proptest::prelude::*;
use shared::reduce::Applied;
use shared::{Epoch, Position, RoomEvent, RoomLog, Seq};

use crate::strategies::{at, event, log};

const EPOCH: Epoch = Epoch::from_random(7);

fn fold(events: &[RoomEvent]) -> RoomLog {
    let mut log = RoomLog::empty(EPOCH, Seq::ZERO);
    for event in events {
        assert_eq!(log.apply(event), Applied::Advanced);
    }
    log
}

fn snapshot(events: &[RoomEvent], latest: usize) -> RoomLog {
    let seq = Seq(events.len() as u64);
    RoomLog::from_snapshot(Position { epoch: EPOCH, seq }, &events[events.len().saturating_sub(latest)..])
}

/// A log and a place in it.
fn cut_log() -> impl Strategy<Value = (Vec<RoomEvent>, usize)> {
    log(16).prop_flat_map(|events| {
        let places = 0..=events.len();
        (Just(events), places)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_snapshot_and_what_follows_are_the_whole((events, cut) in cut_log()) {
        let mut log = snapshot(&events[..cut], cut);
        for event in &events[cut..] {
            prop_assert_eq!(log.apply(event), Applied::Advanced);
        }
        prop_assert_eq!(log, fold(&events));
    }

    #[test]
    fn a_snapshot_of_the_latest_and_what_follows_are_a_later_snapshot(
        (events, cut) in cut_log(), latest in 0_usize..16,
    ) {
        let mut early = snapshot(&events[..cut], latest);
        for event in &events[cut..] {
            early.apply(event);
        }
        prop_assert_eq!(&early, &snapshot(&events, events.len() - cut + latest.min(cut)));
        prop_assert_eq!(early.position(), Position { epoch: EPOCH, seq: Seq(events.len() as u64) });
    }

    #[test]
    fn twice_is_once(events in log(16), again in any::<prop::sample::Index>()) {
        let mut log = fold(&events);
        if !events.is_empty() {
            prop_assert_eq!(log.apply(again.get(&events)), Applied::Duplicate);
        }
        prop_assert_eq!(log, fold(&events));
    }

    #[test]
    fn duplicates_between_the_events_change_nothing(
        events in log(16), repeats in proptest::collection::vec(any::<prop::sample::Index>(), 16),
    ) {
        let mut log = RoomLog::empty(EPOCH, Seq::ZERO);
        for (place, event) in events.iter().enumerate() {
            prop_assert_eq!(log.apply(event), Applied::Advanced);
            let repeated = &events[repeats[place].index(place + 1)];
            prop_assert_eq!(log.apply(repeated), Applied::Duplicate);
        }
        prop_assert_eq!(log, fold(&events));
    }

    #[test]
    fn any_order_gives_the_whole_when_holes_are_healed_by_asking(
        events in log(16), order in proptest::collection::vec(any::<prop::sample::Index>(), 0..40),
    ) {
        let mut log = RoomLog::empty(EPOCH, Seq::ZERO);
        if !events.is_empty() {
            for place in order {
                if let Applied::Hole { head } = log.apply(place.get(&events)) {
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
    fn an_event_behind_a_hole_changes_nothing(events in log(16), late in event(), gap in 2..u64::from(u32::MAX)) {
        let mut log = fold(&events);
        let head = log.head();
        prop_assert_eq!(log.apply(&at(late, Seq(head.0 + gap))), Applied::Hole { head });
        prop_assert_eq!(log, fold(&events));
    }

    #[test]
    fn pages_of_history_complete_the_window((events, cut) in cut_log(), size in 1_usize..6) {
        let mut log = RoomLog::empty(EPOCH, Seq(cut as u64));
        for event in &events[cut..] {
            log.apply(event);
        }
        for page in events[..cut].rchunks(size) {
            prop_assert!(log.prepend(page));
        }
        prop_assert_eq!(log.start(), Seq::ZERO);
        prop_assert_eq!(log, fold(&events));
    }

    #[test]
    fn a_page_that_does_not_fit_changes_nothing((events, cut) in cut_log(), off in 1_usize..5) {
        let before = snapshot(&events, events.len() - cut);
        let mut log = before.clone();
        if cut > off {
            prop_assert!(!log.prepend(&events[..cut - off]), "ends too early");
        }
        if cut > 0 && cut < events.len() {
            prop_assert!(!log.prepend(&events[..=cut]), "overlaps");
        }
        if cut > 2 {
            let mut with_hole = events[..cut].to_vec();
            with_hole.remove(cut - 2);
            prop_assert!(!log.prepend(&with_hole), "has a hole");
        }
        prop_assert_eq!(log, before);
    }

    #[test]
    fn unknown_events_keep_their_place_and_show_nothing(events in log(16)) {
        let log = fold(&events);
        prop_assert_eq!(log.head(), Seq(events.len() as u64));
        let shown: Vec<Seq> = log.messages().map(|message| message.seq).collect();
        let posted = |event: &&RoomEvent| matches!(event, RoomEvent::Posted(_));
        let expected: Vec<Seq> = events.iter().filter(posted).map(RoomEvent::seq).collect();
        prop_assert_eq!(log.len(), expected.len());
        prop_assert_eq!(log.is_empty(), expected.is_empty());
        prop_assert_eq!(shown, expected);
        for event in &events {
            prop_assert_eq!(log.message(event.seq()).is_some(), posted(&event));
        }
    }
}
