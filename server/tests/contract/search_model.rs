//! Property test: whatever is written by whomever, and whoever comes and goes, a search finds what a look at everything
//! would.

use std::sync::Arc;

use hiroba::room::RoomInfo;
use hiroba::store::{MembershipChange, Outcome};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use shared::search::Query;
use shared::{Action, Seq};

use crate::place::{Adapter, Place, one, open_room, said};
use crate::private_search::{
    NAMES, REMOVED, change, edited, membership, opened, pages, person, post, private_room,
};
use crate::search::catch_up;

#[derive(Debug, Clone)]
enum Step {
    Post(usize, usize, String),
    /// Edits one of the latest messages, or deletes it.
    Change(usize, Option<String>),
    Member(usize, usize, bool),
    Index,
    Search(usize, String),
}

const ROOMS: usize = 16;

fn step() -> impl Strategy<Value = Step> {
    let who = || 0..NAMES.len();
    let text = || {
        prop::sample::select(vec![
            "a",
            "b",
            "a b",
            "b c",
            "東京",
            "京都 a",
            "c https://example.org",
            "京 b c",
        ])
    };
    let query = prop_oneof![
        prop::sample::select(vec![
            "a",
            "b",
            "c",
            "a b",
            "\"b c\"",
            "京",
            "東京",
            "a -b",
            "-a has:link",
            "before:2000-01-01",
            "from:alice",
            "from:bob a",
            "has:link",
            "zzz",
            "ex*",
        ])
        .prop_map(str::to_owned),
        (0..ROOMS, prop::sample::select(vec!["", " a", " 京", " before:2000-01-01"]))
            .prop_map(|(room, rest)| format!("in:{}{rest}", address(room))),
        (0..ROOMS).prop_map(|room| format!("b -in:{}", address(room))),
    ];
    prop_oneof![
        8 => (0..ROOMS, who(), text()).prop_map(|(room, who, text)| Step::Post(room, who, text.to_owned())),
        3 => (0usize..40, prop::option::of(text()))
            .prop_map(|(message, text)| Step::Change(message, text.map(str::to_owned))),
        4 => (0..ROOMS, who(), prop::bool::weighted(0.3)).prop_map(|(room, who, is_in)| Step::Member(room, who, is_in)),
        9 => Just(Step::Index),
        8 => (who(), query).prop_map(|(who, query)| Step::Search(who, query)),
    ]
}

/// The rooms 0 and 1 are public.
fn address(room: usize) -> String {
    if room < 2 { format!("room{room}") } else { format!("~room{room}") }
}

/// Who is always in a private room.
fn founder(room: usize) -> usize {
    room % NAMES.len()
}

/// A message of the model.
struct Message {
    room: usize,
    who: usize,
    seq: Seq,
    text: Option<String>,
}

/// Everything that was written, and who is where: what search should find, without an index.
struct Model {
    rooms: Vec<Arc<RoomInfo>>,
    members: Vec<Vec<usize>>,
    log: Vec<Message>,
}

impl Model {
    /// Writes what a step says, if it can be.
    async fn write(&mut self, store: &dyn Adapter, step: &Step) {
        match step {
            Step::Post(room, who, text) => {
                let outcome = one(store, post(&self.rooms[*room], *who, text)).await;
                let may = self.may_read(*who, *room);
                match outcome {
                    Outcome::Posted(posted) if may => {
                        let (room, who, text) = (*room, *who, Some(text.clone()));
                        self.log.push(Message { room, who, seq: posted.seq, text });
                    }
                    outcome => assert!(!may && matches!(outcome, Outcome::Refused(_)), "{outcome:?}"),
                }
            }
            Step::Change(message, text) => {
                let newest = self.log.len().saturating_sub(40);
                let Some(Message { room, who, seq, text: Some(_) }) = self.log.get(newest + message) else {
                    return;
                };
                if self.may_read(*who, *room) {
                    let action = text.as_deref().map_or(Action::DeleteMessage, edited);
                    one(store, change(&self.rooms[*room], *who, *seq, action)).await;
                    self.log[newest + message].text.clone_from(text);
                }
            }
            Step::Member(room, who, is_in) => {
                if self.rooms[*room].is_private() && *who != founder(*room) {
                    let change = if *is_in { MembershipChange::Added } else { REMOVED };
                    one(store, membership(&self.rooms[*room], founder(*room), *who, change)).await;
                    self.members[*room].retain(|member| member != who);
                    self.members[*room].extend(is_in.then_some(*who));
                }
            }
            Step::Index | Step::Search(..) => {}
        }
    }

    fn may_read(&self, who: usize, room: usize) -> bool {
        !self.rooms[room].is_private() || self.members[room].contains(&who)
    }

    /// Returns what a search should find, newest first.
    fn found(&self, who: usize, raw: &str) -> Vec<String> {
        let query = Query::parse(raw).unwrap();
        let hits = self.log.iter().rev().filter_map(|message| {
            let text = message.text.as_ref()?;
            let room = &self.rooms[message.room].address;
            let is_hit = self.may_read(who, message.room)
                && query.matches(text)
                && query.filter().admits(&person(message.who).user, room);
            is_hit.then(|| format!("{room} {} {text}", message.seq))
        });
        hits.collect()
    }
}

pub async fn a_search_finds_what_a_look_at_everything_would(place: &Place) {
    let store = opened(place).await;
    let (mut rooms, mut members) = (Vec::new(), Vec::new());
    for room in 0..ROOMS {
        let name = address(room);
        rooms.push(match name.strip_prefix('~') {
            Some(name) => private_room(&*store, name, &[founder(room)]).await,
            None => open_room(&*store, &name, 1, false).await,
        });
        members.push(vec![founder(room)]);
    }
    let mut model = Model { rooms, members, log: Vec::new() };
    let steps = prop::collection::vec(step(), 2_500);
    let steps = steps.new_tree(&mut TestRunner::deterministic()).unwrap().current();
    let (mut is_indexed, mut compared, mut found_some) = (true, 0, 0);
    for (number, step) in steps.iter().enumerate() {
        model.write(&*store, step).await;
        match step {
            Step::Index => {
                catch_up(&*store).await;
                is_indexed = true;
            }
            Step::Search(who, query) => {
                let (hits, _) = pages(&*store, *who, query).await;
                let found = hits.iter().map(|hit| format!("{} {} {}", hit.room, hit.seq, said(hit)));
                let (found, expected) = (found.collect::<Vec<_>>(), model.found(*who, query));
                if is_indexed {
                    assert_eq!(found, expected, "step {number}: {query} of {}", NAMES[*who]);
                    (compared, found_some) = (compared + 1, found_some + usize::from(!found.is_empty()));
                } else {
                    let mut expected = expected.iter();
                    let is_part = found.iter().all(|hit| expected.any(|other| other == hit));
                    assert!(is_part, "step {number}: {query} of {}: {found:?}", NAMES[*who]);
                }
            }
            _ => is_indexed = false,
        }
    }
    assert!(compared > 200 && found_some > 100 && found_some < compared, "{compared}, {found_some}");
}
