//! Property test: for any sequence of writes, clients that follow the log and clients that read pages see the same
//! state.

use std::sync::Arc;

use hiroba::room::RoomInfo;
use hiroba::store::{Outcome, PageAt, Store, Write};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use shared::reduce::Applied;
use shared::{Action, Mentions, Posted, RoomEvent, RoomLog, Seq};

use crate::place::{
    Place, at, call, change, commit, edit, events, id, open_room, post, react, reply, these, tick, time,
    unreact, user,
};

#[derive(Debug, Clone)]
enum Step {
    Post(u128, String),
    Call(u128, u128),
    Reply(u128, u64),
    Change(u128, u64, Action),
    /// Everything stored by the end of that batch of the case.
    Trim(i64),
    /// Repeats the write of this many steps ago, under its id.
    Again(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let who = || 1u128..4;
    let target = || 1u64..30;
    let emoji = || prop::sample::select(vec!["👍", "❤️", "🎉"]);
    let action = prop_oneof![
        3 => "[a-z]{1,3}".prop_map(|text| edit(&text)),
        1 => Just(Action::DeleteMessage),
        6 => emoji().prop_map(react),
        3 => emoji().prop_map(unreact),
        2 => Just(Action::PinMessage),
        1 => Just(Action::UnpinMessage),
    ];
    prop_oneof![
        8 => (who(), "[a-z]{1,8}").prop_map(|(who, text)| Step::Post(who, text)),
        2 => (who(), 0..4u128).prop_map(|(who, whom)| Step::Call(who, whom)),
        2 => (who(), target()).prop_map(|(who, to)| Step::Reply(who, to)),
        14 => (who(), target(), action).prop_map(|(who, target, action)| Step::Change(who, target, action)),
        1 => (0i64..15).prop_map(Step::Trim),
        3 => (1usize..6).prop_map(Step::Again),
    ]
}

/// `number` determines the ids of this write.
fn write(room: &Arc<RoomInfo>, step: &Step, number: u128, start: i64) -> Option<Write> {
    Some(match step {
        Step::Post(who, text) => post(room, *who, id(number), text),
        Step::Call(who, 0) => call(room, *who, Mentions { users: Vec::new(), room: true }, "@room"),
        Step::Call(who, whom) => call(room, *who, these([*whom]), "@somebody"),
        Step::Reply(who, to) => reply(room, *who, *to, "yes"),
        Step::Change(who, target, action) => change(room, *who, id(number), *target, action.clone()),
        Step::Trim(batch) => Write::Trim { room: room.clone(), before: time(start + batch), at: at(9) },
        Step::Again(_) => return None,
    })
}

pub async fn the_fold_of_the_log_is_what_pages_tell(place: &Place) {
    let store = place.open().await;
    let mut runner = TestRunner::deterministic();
    for case in 0..40u128 {
        let steps = prop::collection::vec(prop::collection::vec(step(), 1..8), 1..15);
        let batches = steps.new_tree(&mut runner).unwrap().current();
        let room = open_room(&*store, &format!("room {case}"), case as u64, false).await;
        follow(&*store, &room, &batches, case * 1_000).await;
    }
}

async fn follow(store: &dyn Store, room: &Arc<RoomInfo>, batches: &[Vec<Step>], ids: u128) {
    let (mut live, start) = (RoomLog::empty(room.epoch, Seq::ZERO), ids as i64);
    let (mut written, mut number, mut positions): (Vec<Write>, u128, Vec<RoomLog>) =
        (Vec::new(), ids, Vec::new());
    for (steps, end) in batches.iter().zip(start..) {
        let mut batch = Vec::new();
        for step in steps {
            number += 1;
            let again = |back: usize| written.len().checked_sub(back).map(|place| written[place].clone());
            let write = match step {
                Step::Again(back) => again(*back),
                step => write(room, step, number, start),
            };
            batch.extend(write.clone());
            written.extend(write);
        }
        batch.push(tick(end));
        for outcome in commit(store, batch).await {
            let event = match outcome {
                Outcome::Posted(posted) => RoomEvent::Posted(posted),
                Outcome::Changed(changed, _) => RoomEvent::Changed(changed),
                Outcome::Removed(removed) => match removed.trimmed {
                    Some(changed) => RoomEvent::Changed(changed),
                    None => continue,
                },
                _ => continue,
            };
            assert_eq!(live.apply(&event), Applied::Advanced, "1, 2, 3 …: {batches:#?}");
        }
        positions.push(live.clone());
    }
    let now = store.page(room, PageAt::After(Seq::ZERO), 200, user(0)).await.unwrap();
    let told = now.messages;
    let shown = |log: &RoomLog| log.messages().cloned().collect::<Vec<Posted>>();
    assert_eq!(shown(&live), told, "who was there all the time: {batches:#?}");

    // A client that was away since any of these positions reads the log in its present state, from which much has been
    // removed.
    let horizon = store.extent(room.id).await.unwrap().horizon;
    positions.push(RoomLog::empty(room.epoch, horizon));
    for mut log in positions.into_iter().filter(|log| log.head() >= horizon) {
        let since = log.head();
        for event in events(store, room, since.0).await {
            assert_eq!(log.apply(&event), Applied::Advanced);
        }
        assert_eq!(shown(&log), told, "who was away since {since}: {batches:#?}");
        assert_eq!(log.head(), live.head());
    }
    // A client without a position gets a page, and earlier ones later.
    let latest = store.page(room, PageAt::Latest, 5, user(0)).await.unwrap();
    let wrapped: Vec<_> = latest.messages.into_iter().map(RoomEvent::Posted).collect();
    let at = shared::Position { epoch: room.epoch, seq: latest.end };
    let mut log = RoomLog::from_snapshot(at, latest.start, &wrapped);
    while log.start() > Seq::ZERO {
        let page = store.page(room, PageAt::Before(log.start().next()), 3, user(0)).await.unwrap();
        let events: Vec<_> = page.messages.into_iter().map(RoomEvent::Posted).collect();
        assert!(log.prepend(&shared::Page { start: page.start, end: page.end, events: &events }));
    }
    assert_eq!(shown(&log), told, "who reads back page by page: {batches:#?}");
}
