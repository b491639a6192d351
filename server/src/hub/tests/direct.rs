//! Direct conversations in the hub.

use std::sync::Arc;

use shared::{Change, RoomAddress, RoomKind, RoomRole, Seq, ServerFrame, UserName};

use super::doors::event;
use super::{Person, World, member, posted, private_room};
use crate::hub::{RestoredMember, UserKind};
use crate::room::RoomInfo;

/// A conversation of two accounts that the first one has opened.
fn world() -> (World, Arc<RoomInfo>, Person, Person) {
    let mut world = World::new();
    let (alice, bob) = (world.account("alice"), world.account("bob"));
    let people = Arc::from([alice.id, bob.id]);
    let talk = Arc::new(RoomInfo { kind: RoomKind::Direct, people, ..(*private_room(9)).clone() });
    let added = |seq, name: &str, id| {
        let member = shared::Person { user_id: id, user: UserName::new(name).unwrap() };
        event(&talk, seq, alice.id, Change::MemberAdded { member, role: RoomRole::Member })
    };
    let events = vec![added(1, "alice", alice.id), added(2, "bob", bob.id)];
    world.deliver(&talk, events);
    world.join(&alice, &talk);
    let _ = (alice.texts(), bob.texts());
    (world, talk, alice, bob)
}

fn entered(person: &Person) -> Vec<RoomAddress> {
    let frames = person.texts();
    let rooms = frames.iter().filter_map(|frame| match frame {
        ServerFrame::Entered { room, by: None } => Some(room.clone()),
        _ => None,
    });
    rooms.collect()
}

fn closed(world: &World, person: &Person) -> bool {
    !world.state.conversations(person.connection).closed.is_empty()
}

#[test]
fn a_conversation_arrives_with_its_first_message() {
    let (mut world, talk, alice, bob) = world();
    assert!(closed(&world, &bob) && !closed(&world, &alice));
    assert!(!world.state.memberships(bob.connection).contains(&talk.address));
    let message = posted(&alice, &talk, 3);
    world.deliver(&talk, vec![message]);
    assert_eq!(entered(&bob), std::slice::from_ref(&talk.address));
    assert!(!closed(&world, &bob));
    assert_eq!(world.state.changes.closed.get(&(talk.id, bob.id)), Some(&None));
    assert_eq!(world.state.people(&talk).len(), 2);
    world.state.check_invariants();
}

#[test]
fn who_closes_it_hears_nothing_until_the_next_message() {
    let (mut world, talk, alice, bob) = world();
    let message = posted(&alice, &talk, 3);
    world.deliver(&talk, vec![message]);
    world.join(&bob, &talk);
    let _ = (alice.texts(), bob.texts());
    assert!(world.state.close_conversation(bob.connection, talk.id));
    world.state.finish_turn();
    world.state.check_invariants();
    assert_eq!(world.state.changes.closed.get(&(talk.id, bob.id)), Some(&Some(Seq(3))));
    assert!(world.state.member(talk.id, bob.id).is_some(), "the membership lasts");
    let pin = super::pinned(&alice, &talk, 4);
    world.deliver(&talk, vec![pin]);
    assert!(bob.texts().is_empty());
    let message = posted(&alice, &talk, 5);
    world.deliver(&talk, vec![message]);
    assert_eq!(entered(&bob), std::slice::from_ref(&talk.address));
    let stranger = world.account("carol");
    assert!(!world.state.close_conversation(stranger.connection, talk.id));
    world.state.check_invariants();
}

#[test]
fn what_was_closed_before_a_restart_stays_closed() {
    let (before, talk, alice, bob) = world();
    let mut world = World::new();
    drop(before);
    let restored = |person: &Person, name, closed| {
        let member = member(person.id, name, UserKind::Account, None);
        RestoredMember { closed, ..member }
    };
    let members = [restored(&alice, "alice", false), restored(&bob, "bob", true)];
    world.state.restore(&talk, &members);
    let bob = world.attach(bob.id, "bob", UserKind::Account);
    assert!(closed(&world, &bob));
    world.join(&bob, &talk);
    assert!(!closed(&world, &bob), "whoever joins it has opened it");
    assert_eq!(world.state.count_rooms(bob.id), (0, 1));
}
