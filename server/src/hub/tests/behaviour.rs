use shared::limits::ROOMS_PER_PERSON;
use shared::{PresenceStatus, RoomEvent, Seq, ServerFrame};

use super::{Person, World, left, member, posted, room, statuses};
use crate::hub::user::LEAVES_AFTER;
use crate::hub::{Ack, Committed, NotReleased, NotSubscribed, Requester, UserKind};
use crate::room::RoomId;

#[test]
fn who_is_acked_has_the_message() {
    let (mut world, room) = (World::new(), room(1, "a"));
    let alice = world.guest("alice");
    world.join(&alice, &room);
    alice.texts();
    let RoomEvent::Posted(posted) = posted(&alice, &room, 1) else { panic!("a message was posted") };
    let ack = Ack {
        requester: Requester { handle: alice.handle.clone(), id: None, since: tokio::time::Instant::now() },
        message_id: posted.message_id,
        seq: posted.seq,
        timestamp: posted.timestamp,
        client_message_id: None,
    };
    let event = Some(RoomEvent::Posted(posted));
    world.state.deliver(vec![Committed { room, event, ack: Some(ack) }]);
    world.state.finish_turn();
    let told = alice.texts();
    assert!(matches!(told[..], [ServerFrame::Event(_), ServerFrame::Ack { .. }]), "{told:?}");
}

#[test]
fn a_blip_is_not_an_absence() {
    let (mut world, room) = (World::new(), room(1, "a"));
    let (alice, bob) = (world.guest("alice"), world.guest("bob"));
    world.join(&alice, &room);
    world.join(&bob, &room);
    alice.texts();
    world.state.detach(bob.connection, false);
    world.pass(2_750);
    let bob = world.attach(bob.id, "bob", UserKind::Guest);
    world.join(&bob, &room);
    world.pass(5_000);
    assert_eq!(alice.texts(), []);
}

#[test]
fn an_absence_is_told_after_three_seconds_and_ends_the_membership_after_a_minute() {
    let (mut world, room) = (World::new(), room(1, "a"));
    let (alice, bob) = (world.guest("alice"), world.guest("bob"));
    world.join(&alice, &room);
    world.join(&bob, &room);
    alice.texts();
    world.state.detach(bob.connection, false);
    world.pass(5_000);
    assert_eq!(statuses(&alice.texts()), [PresenceStatus::Offline]);
    alice.handle.set_heard(world.now);
    world.pass(30_000);
    alice.handle.set_heard(world.now);
    world.pass(LEAVES_AFTER - 35_000 - 250);
    assert_eq!(left(&alice.texts()), 0);
    world.pass(500);
    assert_eq!(left(&alice.texts()), 1);
    assert_eq!(world.guest("bob").handle.room_count(), 0);
}

#[test]
fn a_person_with_two_connections_is_there_until_the_last_one_goes() {
    let (mut world, room) = (World::new(), room(1, "a"));
    let (alice, bob) = (world.guest("alice"), world.guest("bob"));
    let again = world.attach(bob.id, "bob", UserKind::Guest);
    for person in [&alice, &bob, &again] {
        world.join(person, &room);
    }
    let joins = alice.texts();
    assert_eq!(joins.len(), 1, "two connections are one member: {joins:?}");
    world.state.detach(bob.connection, true);
    world.pass(10_000);
    assert_eq!(alice.texts(), []);
    world.state.detach(again.connection, true);
    world.state.finish_turn();
    assert_eq!(left(&alice.texts()), 1, "a clean goodbye is told at once");
}

#[test]
fn an_away_person_is_away_only_with_all_connections() {
    let (mut world, room) = (World::new(), room(1, "a"));
    let (alice, bob) = (world.guest("alice"), world.guest("bob"));
    let again = world.attach(bob.id, "bob", UserKind::Guest);
    for person in [&alice, &bob, &again] {
        world.join(person, &room);
    }
    alice.texts();
    world.state.set_away(bob.connection, true);
    world.pass(1_000);
    assert_eq!(statuses(&alice.texts()), []);
    world.state.set_away(again.connection, true);
    world.pass(1_000);
    assert_eq!(statuses(&alice.texts()), [PresenceStatus::Away]);
}

#[test]
fn members_from_before_a_restart_have_a_minute_to_come_back() {
    let (mut world, room) = (World::new(), room(1, "a"));
    let bob = world.id();
    world.state.restore(&room, &[member(bob, "bob", UserKind::Guest, Some(Seq(5)))]);
    world.pass(LEAVES_AFTER - 250);
    assert_eq!(world.state.directory.page(None, 10).0.len(), 1);
    world.pass(500);
    assert_eq!(world.state.directory.page(None, 10).0, []);
    assert_eq!(world.state.changes.rooms.get(&room.id), Some(&false));
    assert_eq!(world.state.changes.memberships.get(&(room.id, bob)), Some(&false));
}

#[test]
fn an_empty_room_vanishes_from_the_list_at_once() {
    let (mut world, room) = (World::new(), room(1, "a"));
    let (alice, watcher) = (world.guest("alice"), world.guest("watcher"));
    world.state.watch_directory(watcher.connection);
    world.join(&alice, &room);
    world.pass(1_000);
    assert!(matches!(&watcher.texts()[..], [ServerFrame::RoomChanged(summary)] if summary.member_count == 1));
    world.state.leave(alice.connection, room.id);
    world.state.finish_turn();
    assert_eq!(watcher.texts(), [ServerFrame::RoomRemoved { room: room.address.clone() }]);
    assert!(alice.handle.room(&room.address).is_none());
}

#[test]
fn who_is_silent_is_asked_and_then_given_up() {
    let mut world = World::new();
    let alice = world.guest("alice");
    world.pass(26_000);
    let (_, controls) = alice.socket.take();
    assert_eq!(controls, [(9, Vec::new())], "one ping within 25 s");
    world.pass(10_000);
    let (_, controls) = alice.socket.take();
    assert!(matches!(&controls[..], [(8, payload)] if payload[..2] == 4009u16.to_be_bytes()), "{controls:?}");
}

#[test]
fn who_answers_pings_stays() {
    let mut world = World::new();
    let alice = world.guest("alice");
    for _ in 0..10 {
        world.pass(20_000);
        alice.handle.set_heard(world.now);
    }
    assert!(!alice.handle.outbox.is_closing());
}

#[test]
fn whoever_is_not_listened_to_is_not_silent() {
    let mut world = World::new();
    let alice = world.guest("alice");
    alice.handle.pause_silence();
    world.pass(120_000);
    assert_eq!(alice.socket.take(), (Vec::new(), Vec::new()), "no ping, for nobody would read the pong");
    assert!(!alice.handle.outbox.is_closing());
    alice.handle.set_heard(world.now);
    world.pass(36_000);
    assert!(alice.handle.outbox.is_closing(), "from then on it counts again");
}

#[test]
fn typing_is_told_to_the_others_and_ends_with_the_message() {
    let (mut world, room) = (World::new(), room(1, "a"));
    let (alice, bob) = (world.guest("alice"), world.guest("bob"));
    world.join(&alice, &room);
    world.join(&bob, &room);
    bob.texts();
    alice.texts();
    world.state.set_typing(alice.connection, room.id, true);
    world.post(&alice, &room, 1);
    let heard = bob.texts();
    let states: Vec<Option<bool>> = heard
        .iter()
        .map(|frame| match frame {
            ServerFrame::Typing { is_typing, .. } => Some(*is_typing),
            _ => None,
        })
        .collect();
    assert_eq!(states, [Some(true), Some(false), None]);
    assert_eq!(alice.texts().len(), 1, "the typist sees only the message");
}

#[test]
fn a_big_room_is_told_in_numbers() {
    let (mut world, room) = (World::new(), room(1, "a"));
    let (alice, demo) = (world.guest("alice"), world.demo("demo"));
    world.join(&alice, &room);
    world.join(&demo, &room);
    let crowd: Vec<Person> = (0..300).map(|n| world.guest(&format!("guest {n}"))).collect();
    for person in &crowd[..250] {
        world.join(person, &room);
    }
    world.pass(1_000);
    alice.texts();
    demo.texts();
    for person in &crowd[250..] {
        world.join(person, &room);
    }
    world.state.watch_members(alice.connection, room.id, [crowd[7].id].into());
    world.state.detach(crowd[7].connection, true);
    for person in &crowd[8..30] {
        world.state.detach(person.connection, true);
    }
    world.pass(1_000);
    let heard = alice.texts();
    assert_eq!(left(&heard), 1, "only the member on screen is told by name");
    let counts = heard.iter().find_map(|frame| match frame {
        ServerFrame::MemberCounts { member_count, online_count, .. } => Some((*member_count, *online_count)),
        _ => None,
    });
    assert_eq!(counts, Some((279, 279)));
    assert_eq!(demo.texts().len(), shared::limits::DEMO_CHANGES_PER_SECOND);
}

#[test]
fn a_connection_that_is_being_told_the_past_gets_the_present_after_it() {
    let (mut world, room) = (World::new(), room(1, "a"));
    let (alice, bob) = (world.guest("alice"), world.guest("bob"));
    world.join(&alice, &room);
    world.post(&alice, &room, 1);
    world.state.subscribe(bob.connection, &room, true).unwrap();
    world.post(&alice, &room, 2);
    world.post(&alice, &room, 3);
    assert_eq!(bob.texts(), [], "held back");
    let mut answer = ServerFrame::Done { id: None };
    // The read reached 2, so only 3 is still to come.
    world.state.release(bob.connection, room.id, Seq(2), &mut answer).unwrap();
    world.post(&alice, &room, 4);
    let heard = bob.texts();
    let seqs: Vec<u64> = heard
        .iter()
        .filter_map(|frame| match frame {
            ServerFrame::Event(RoomEvent::Posted(posted)) => Some(posted.seq.0),
            _ => None,
        })
        .collect();
    assert_eq!((&heard[0], seqs), (&answer, vec![3, 4]));
}

#[test]
fn two_who_read_ahead_of_the_live_events_get_none_of_them_twice() {
    let (mut world, room) = (World::new(), room(1, "a"));
    let (alice, bob, carol) = (world.guest("alice"), world.guest("bob"), world.guest("carol"));
    world.join(&alice, &room);
    for reader in [&bob, &carol] {
        // Event 1 is committed and read from the log, but not yet handed to the hub.
        world.state.subscribe(reader.connection, &room, true).unwrap();
        let mut answer = ServerFrame::Done { id: None };
        world.state.release(reader.connection, room.id, Seq(1), &mut answer).unwrap();
    }
    world.post(&alice, &room, 1);
    world.post(&alice, &room, 2);
    for reader in [&bob, &carol] {
        let seqs: Vec<Seq> = reader
            .texts()
            .iter()
            .filter_map(|frame| match frame {
                ServerFrame::Event(RoomEvent::Posted(posted)) => Some(posted.seq),
                _ => None,
            })
            .collect();
        assert_eq!(seqs, [Seq(2)]);
    }
}

#[test]
fn an_away_person_who_joins_is_shown_away() {
    let (mut world, tea, sake) = (World::new(), room(1, "tea"), room(2, "sake"));
    let (alice, bob) = (world.guest("alice"), world.guest("bob"));
    world.join(&alice, &tea);
    world.join(&bob, &sake);
    world.state.set_away(bob.connection, true);
    world.pass(2_000);
    alice.texts();
    world.join(&bob, &tea);
    let told = alice.texts();
    assert!(matches!(told[0], ServerFrame::UserJoined { .. }), "{told:?}");
    assert_eq!(statuses(&told), [PresenceStatus::Away], "told with the join");
    let (members, _) = world.state.members(tea.id, None, 10);
    let status = members.iter().find(|member| member.user_id == bob.id).unwrap().status;
    assert_eq!(status, PresenceStatus::Away);
    world.state.set_away(bob.connection, false);
    world.pass(1_000);
    assert_eq!(statuses(&alice.texts()), [PresenceStatus::Online]);
}

#[test]
fn whoever_left_while_the_past_was_read_is_told_nothing_of_the_room() {
    let (mut world, room) = (World::new(), room(1, "a"));
    let alice = world.guest("alice");
    let again = world.attach(alice.id, "alice", UserKind::Guest);
    for stays in [false, true] {
        let bob = world.guest("bob");
        if stays {
            world.join(&bob, &room);
        }
        world.state.subscribe(alice.connection, &room, true).unwrap();
        assert!(world.state.leave(again.connection, room.id));
        let mut answer = ServerFrame::Done { id: None };
        let released = world.state.release(alice.connection, room.id, Seq(0), &mut answer);
        assert_eq!(released, Err(NotReleased::Left), "whether the room is gone or not");
    }
}

#[test]
fn a_person_is_in_so_many_rooms_with_all_their_connections() {
    let mut world = World::new();
    let alice = world.guest("alice");
    let again = world.attach(alice.id, "alice", UserKind::Guest);
    for number in 0..ROOMS_PER_PERSON {
        let person = if number % 2 == 0 { &alice } else { &again };
        world.join(person, &room(number as u32, &format!("room {number}")));
    }
    let one_more = room(9_999, "one more");
    let refused = world.state.subscribe(alice.connection, &one_more, true);
    assert_eq!(refused.unwrap_err(), NotSubscribed::TooManyRooms);
    assert_eq!(world.state.changes.rooms.get(&one_more.id), Some(&false), "nobody is in it");
    world.join(&alice, &room(1, "room 1"));
    world.state.leave(again.connection, RoomId(7));
    world.join(&alice, &one_more);
    world.state.check_invariants();
}

#[test]
fn what_concerns_a_user_comes_after_the_welcome_of_each_connection() {
    let mut world = World::new();
    let phone = world.guest("alice");
    let laptop = world.attach_without_welcome(phone.id, "alice", UserKind::Guest);
    let tea = room(3, "tea");
    world.join(&phone, &tea);
    world.state.finish_turn();
    assert_eq!(laptop.texts(), []);
    laptop.handle.welcome(&super::welcome());
    let entered = ServerFrame::Entered { room: tea.address.clone(), by: None };
    assert_eq!(laptop.texts(), [super::welcome(), entered]);
    world.state.leave(phone.connection, tea.id);
    world.state.finish_turn();
    assert!(matches!(&laptop.texts()[..], [ServerFrame::Left { .. }]));
}

#[test]
fn a_connection_that_is_told_too_much_before_its_welcome_is_closed() {
    let mut world = World::new();
    let phone = world.guest("alice");
    let laptop = world.attach_without_welcome(phone.id, "alice", UserKind::Guest);
    for _ in 0..256 {
        world.state.announce(&super::welcome());
    }
    assert!(!laptop.handle.outbox.is_closing());
    world.state.announce(&super::welcome());
    assert!(laptop.handle.outbox.is_closing());
    assert!(!phone.handle.outbox.is_closing());
}
