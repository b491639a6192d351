//! The room list: a watcher's copy stays correct, and many changes at once are sent bit by bit.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use shared::limits::{PAGE_BYTES, ROOMS_PER_PERSON};
use shared::{RoomAddress, ServerFrame};

use super::{Person, World, room};
use crate::room::RoomInfo;

/// A watcher's copy of the list.
#[derive(Default)]
struct List(BTreeMap<RoomAddress, u64>);

impl List {
    fn hear(&mut self, frames: Vec<ServerFrame>) -> usize {
        let mut bytes = 0;
        for frame in frames {
            bytes += serde_json::to_string(&frame).unwrap().len();
            match frame {
                ServerFrame::RoomChanged(summary) => drop(self.0.insert(summary.room, summary.member_count)),
                ServerFrame::RoomRemoved { room } => drop(self.0.remove(&room)),
                _ => {}
            }
        }
        bytes
    }

    fn of(world: &World) -> Self {
        let (page, more) = world.state.directory.page(None, usize::MAX);
        assert!(!more);
        Self(page.into_iter().map(|summary| (summary.room, summary.member_count)).collect())
    }
}

fn watcher(world: &mut World) -> Person {
    let watcher = world.guest("watcher");
    world.state.watch_directory(watcher.connection);
    watcher
}

fn long(number: usize) -> Arc<RoomInfo> {
    room(number as u32, &format!("{number:04}{}", "部".repeat(60)))
}

#[test]
fn many_rooms_that_come_and_go_at_once_are_told_little_by_little() {
    const GUESTS: usize = 10;
    let mut world = World::new();
    let watcher = watcher(&mut world);
    let mut list = List::default();
    let mut most = 0;
    let mut settle = |world: &mut World, list: &mut List| {
        for _ in 0..30 {
            world.pass(1_000);
            watcher.handle.set_heard(world.now);
            most = most.max(list.hear(watcher.texts()));
        }
    };
    let guests: Vec<_> = (0..GUESTS).map(|number| world.guest(&format!("guest {number}"))).collect();
    for (number, guest) in guests.iter().enumerate() {
        for place in 0..ROOMS_PER_PERSON {
            world.state.subscribe(guest.connection, &long(number * ROOMS_PER_PERSON + place), false).unwrap();
        }
    }
    world.state.finish_turn();
    for guest in &guests {
        guest.handle.set_heard(world.now + 30_000);
    }
    settle(&mut world, &mut list);
    assert_eq!(list.0.len(), GUESTS * ROOMS_PER_PERSON);
    for guest in guests {
        world.state.detach(guest.connection, true);
    }
    world.state.finish_turn();
    settle(&mut world, &mut list);
    assert_eq!(list.0.len(), 0);
    assert!(!watcher.handle.outbox.is_closing());
    // The frames sent immediately, then the first second's page.
    assert!(most < 2 * PAGE_BYTES + 1_000, "{most} bytes in a second");
}

proptest! {
    /// Whatever happens and whenever a connection starts to watch: a page plus the later changes equal the list.
    #[test]
    fn whoever_watches_knows_the_list(
        steps in prop::collection::vec((0usize..6, 1u32..5, any::<bool>(), 0u64..3), 1..60), begins in 0usize..60,
    ) {
        let mut world = World::new();
        let guests: Vec<_> = (0..6).map(|number| world.guest(&format!("guest {number}"))).collect();
        let late = world.guest("late");
        let mut list = None;
        for (turn, (guest, number, joins, quarters)) in steps.iter().enumerate() {
            if turn == begins.min(steps.len() - 1) {
                world.state.watch_directory(late.connection);
                list = Some(List::of(&world));
            }
            let room = room(*number, &format!("room {number}"));
            if *joins {
                world.join(&guests[*guest], &room);
            } else {
                world.state.leave(guests[*guest].connection, room.id);
            }
            world.pass(quarters * 250);
        }
        world.pass(1_000);
        let mut list = list.unwrap();
        list.hear(late.texts());
        prop_assert_eq!(list.0, List::of(&world).0);
    }
}
