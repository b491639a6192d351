use std::sync::Arc;

use shared::{RequestId, RoomEvent, Seq, ServerFrame, UnreadCount};

use super::{Person, World, pinned, posted, room};
use crate::hub::user::LEAVES_AFTER;
use crate::hub::{Mark, Marked, NotTold, UserKind};
use crate::room::RoomInfo;

fn mark(world: &mut World, person: &Person, room: &Arc<RoomInfo>, to: Mark) -> Option<(u64, bool)> {
    let marked = world.state.move_mark(person.connection, room.id, to);
    marked.map(|Marked { read, moved, .. }| (read.0, moved))
}

fn reads(frames: &[ServerFrame]) -> Vec<(u64, u32, Option<RequestId>)> {
    let read = |frame: &ServerFrame| match frame {
        ServerFrame::Read { seq, unread, id, .. } => Some((seq.0, unread.messages, id.clone())),
        _ => None,
    };
    frames.iter().filter_map(read).collect()
}

fn places(frames: &[ServerFrame]) -> Vec<u64> {
    let place = |frame: &ServerFrame| match frame {
        ServerFrame::Event(event) => Some(event.seq().0),
        _ => None,
    };
    frames.iter().filter_map(place).collect()
}

#[test]
fn a_mark_goes_forward_or_back_but_not_beyond_what_there_is() {
    let (mut world, room) = (World::new(), room(1, "a"));
    let (alice, bob) = (world.guest("alice"), world.guest("bob"));
    assert_eq!(mark(&mut world, &alice, &room, Mark::Stay), None, "not in the room");
    world.join(&alice, &room);
    world.join(&bob, &room);
    for seq in 1..=5 {
        world.post(&bob, &room, seq);
    }
    for (to, expected) in [
        (Mark::Unless(Seq(1)), (1, true)),
        (Mark::Unless(Seq(4)), (1, false)),
        (Mark::Forward(Seq(3)), (3, true)),
        (Mark::Forward(Seq(2)), (3, false)),
        (Mark::Stay, (3, false)),
        (Mark::To(Seq(1)), (1, true)),
        (Mark::Forward(Seq(99)), (5, true)),
        (Mark::To(Seq(99)), (5, false)),
    ] {
        assert_eq!(mark(&mut world, &alice, &room, to), Some(expected), "{to:?}");
    }
    assert_eq!(world.state.changes.reads.get(&(room.id, alice.id)), Some(&Seq(5)), "to be written down");
    world.post(&alice, &room, 6);
    assert_eq!(mark(&mut world, &alice, &room, Mark::Stay), Some((6, false)), "who writes has read");
    world.state.check_invariants();
}

#[test]
fn all_devices_of_the_person_are_told_and_nobody_else() {
    let (mut world, room) = (World::new(), room(1, "a"));
    let (alice, bob) = (world.guest("alice"), world.guest("bob"));
    let phone = world.attach(alice.id, "alice", UserKind::Guest);
    let elsewhere = world.attach(alice.id, "alice", UserKind::Guest);
    for person in [&alice, &bob, &phone] {
        world.join(person, &room);
    }
    world.post(&bob, &room, 1);
    world.post(&bob, &room, 2);
    mark(&mut world, &alice, &room, Mark::To(Seq(1)));
    for person in [&alice, &bob, &phone, &elsewhere] {
        person.texts();
    }
    let unread = UnreadCount { messages: 1, mentions: 0, counted_seq: Seq(2) };
    let request = Some(RequestId::Number(7));
    let told = world.state.tell_read(alice.connection, room.id, Seq(1), unread, request.clone());
    world.state.finish_turn();
    assert_eq!(told, Ok(()));
    assert_eq!(reads(&alice.texts()), [(1, 1, request)]);
    assert_eq!(reads(&phone.texts()), [(1, 1, None)]);
    assert_eq!(
        (bob.texts(), elsewhere.texts()),
        (vec![], vec![]),
        "not in the room with that device, or another"
    );

    // The mark moved meanwhile: the count is outdated and not sent.
    mark(&mut world, &phone, &room, Mark::Forward(Seq(2)));
    let told = world.state.tell_read(alice.connection, room.id, Seq(1), unread, None);
    world.state.finish_turn();
    assert_eq!(told, Err(NotTold::Moved(Seq(2))));
    assert_eq!((alice.texts(), phone.texts()), (vec![], vec![]));
}

#[test]
fn what_is_counted_comes_before_the_count() {
    let (mut world, room) = (World::new(), room(1, "a"));
    let (alice, bob) = (world.guest("alice"), world.guest("bob"));
    world.join(&alice, &room);
    world.join(&bob, &room);
    mark(&mut world, &alice, &room, Mark::To(Seq::ZERO));
    alice.texts();
    // In one turn of the hub: an event, then a count that includes it.
    let event = crate::hub::Committed { room: room.clone(), event: Some(posted(&bob, &room, 1)), ack: None };
    world.state.deliver(vec![event]);
    let unread = UnreadCount { messages: 1, mentions: 0, counted_seq: Seq(1) };
    world.state.tell_read(alice.connection, room.id, Seq::ZERO, unread, None).unwrap();
    world.state.finish_turn();
    let heard = alice.texts();
    assert!(matches!(&heard[..], [ServerFrame::Event(_), ServerFrame::Read { .. }]), "{heard:?}");
}

#[test]
fn the_mark_is_written_down_also_of_those_who_are_gone_for_good() {
    let (mut world, room) = (World::new(), room(1, "a"));
    let (alice, bob) = (world.guest("alice"), world.guest("bob"));
    world.join(&alice, &room);
    world.join(&bob, &room);
    for seq in 1..=5 {
        world.post(&alice, &room, seq);
    }
    mark(&mut world, &bob, &room, Mark::To(Seq(3)));
    world.state.detach(bob.connection, false);
    world.pass(LEAVES_AFTER + 1_000);
    assert_eq!(world.state.changes.memberships.get(&(room.id, bob.id)), Some(&false));
    assert_eq!(world.state.changes.reads.get(&(room.id, bob.id)), Some(&Seq(3)));
    // Back before the mark was stored.
    let bob = world.attach(bob.id, "bob", UserKind::Guest);
    let subscribed = world.state.subscribe(bob.connection, &room, true).unwrap();
    assert_eq!(subscribed.read, Some(Seq(3)));
    world.state.check_invariants();

    // While the mark is being stored, and after that, when the store knows it.
    world.state.leave(bob.connection, room.id);
    assert_eq!(world.state.changes.take().reads.get(&(room.id, bob.id)), Some(&Seq(3)));
    assert_eq!(world.state.subscribe(bob.connection, &room, true).unwrap().read, Some(Seq(3)));
    world.state.leave(bob.connection, room.id);
    world.state.changes.stored();
    assert_eq!(world.state.subscribe(bob.connection, &room, true).unwrap().read, None);
}

#[test]
fn a_demo_client_gets_the_messages_of_a_turn_that_has_changes() {
    let (mut world, room) = (World::new(), room(1, "a"));
    let (alice, demo) = (world.guest("alice"), world.demo("demo"));
    world.join(&alice, &room);
    world.join(&demo, &room);
    let (is_change, not): (fn(u64) -> bool, _) = (|seq| seq.is_multiple_of(3), [1, 2, 4, 5, 7, 8]);
    alice.texts();
    let event = |seq| if is_change(seq) { pinned(&alice, &room, seq) } else { posted(&alice, &room, seq) };
    let events: Vec<RoomEvent> = (1..=9).map(event).collect();
    world.deliver(&room, events);
    assert_eq!(places(&alice.texts()), (1..=9).collect::<Vec<_>>());
    assert_eq!(places(&demo.texts()), not);
    world.deliver(&room, vec![pinned(&alice, &room, 10)]);
    assert_eq!(places(&demo.texts()), [0; 0]);
    world.post(&alice, &room, 11);
    assert_eq!(places(&demo.texts()), [11]);
}
