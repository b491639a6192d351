//! Presence when many users change at once.

use std::collections::BTreeSet;

use shared::{PresenceStatus, ServerFrame};

use super::{World, left, member, room, statuses};
use crate::hub::UserKind;
use crate::hub::user::LEAVES_AFTER;

#[test]
fn everybody_who_goes_away_at_once_is_shown_away_to_all_the_others() {
    const ROOMS: u32 = 20;
    const PEOPLE: usize = 50;
    let mut world = World::new();
    let rooms: Vec<_> = (1..=ROOMS).map(|number| room(number, &format!("room {number}"))).collect();
    let people: Vec<_> = (0..PEOPLE).map(|number| world.guest(&format!("guest {number}"))).collect();
    for person in &people {
        for room in &rooms {
            world.join(person, room);
        }
    }
    for person in &people {
        person.texts();
        world.state.set_away(person.connection, true);
    }
    world.pass(1_000);
    for person in &people {
        let told: BTreeSet<_> = person
            .texts()
            .into_iter()
            .map(|frame| match frame {
                ServerFrame::Presence { room, user_id, status: PresenceStatus::Away, .. } => (room, user_id),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(told.len(), (PEOPLE - 1) * ROOMS as usize, "each of the others, in each room, once");
        assert!(told.iter().all(|(_, user)| *user != person.id));
    }
}

#[test]
fn after_a_restart_those_who_do_not_come_back_leave_little_by_little() {
    const ROOMS: u32 = 20;
    const MEMBERS: usize = 150;
    let mut world = World::new();
    let rooms: Vec<_> = (1..=ROOMS).map(|number| room(number, &format!("room {number}"))).collect();
    let members: Vec<_> = (0..MEMBERS)
        .map(|number| member(world.id(), &format!("guest {number}"), UserKind::Guest, None))
        .collect();
    for room in &rooms {
        world.state.restore(room, &members);
    }
    let alice = world.guest("alice");
    for room in &rooms {
        world.join(&alice, room);
    }
    while world.now < LEAVES_AFTER - 250 {
        world.pass(250);
        alice.handle.set_heard(world.now);
    }
    let before = alice.texts();
    assert_eq!((left(&before), statuses(&before)), (0, Vec::new()));
    let mut gone = 0;
    for _ in 0..20 {
        world.pass(250);
        let now = left(&alice.texts());
        assert!(now < 1_000, "{now} were told at once");
        gone += now;
    }
    assert_eq!(gone, ROOMS as usize * MEMBERS);
    assert!(!alice.handle.outbox.is_closing());
    assert_eq!(world.state.statistics().users, 1);
}
