use std::io;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use shared::{
    Epoch, MessageId, MessageText, Posted, PresenceStatus, RoomName, Seq, ServerFrame, Timestamp, UserId,
    UserName,
};
use uuid::Uuid;

use super::outbox::{Outbox, Transport};
use super::state::State;
use super::user::LEAVES_AFTER;
use super::{Committed, Identity, Link};
use crate::room::{RoomId, RoomInfo};

/// A socket that takes everything and remembers it.
#[derive(Clone, Default)]
struct Socket(Arc<Mutex<Vec<u8>>>);

impl Transport for Socket {
    fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
}

impl Socket {
    /// The frames since the last call: texts as frames, control frames by opcode and payload.
    fn take(&self) -> (Vec<ServerFrame>, Vec<(u8, Vec<u8>)>) {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap());
        let (mut texts, mut controls, mut rest) = (Vec::new(), Vec::new(), &bytes[..]);
        while let [first, short, after @ ..] = rest {
            let (length, payload) = match short {
                126 => (usize::from(u16::from_be_bytes([after[0], after[1]])), &after[2..]),
                127 => panic!("no test sends that much"),
                short => (usize::from(*short), after),
            };
            match first & 0x0F {
                1 => texts.push(serde_json::from_slice(&payload[..length]).unwrap()),
                opcode => controls.push((opcode, payload[..length].to_vec())),
            }
            rest = &payload[length..];
        }
        (texts, controls)
    }
}

struct Person {
    connection: usize,
    id: UserId,
    socket: Socket,
    link: Arc<Link>,
}

impl Person {
    fn texts(&self) -> Vec<ServerFrame> {
        self.socket.take().0
    }
}

/// A hub whose clock moves when the test says so.
struct World {
    state: State,
    now: u64,
    next_id: u128,
}

impl World {
    fn new() -> Self {
        Self { state: State::new(0, Timestamp::from_millis(0)), now: 0, next_id: 1 }
    }

    /// Lets time pass in quarters of a second, as the hub's task does.
    fn pass(&mut self, millis: u64) {
        let end = self.now + millis;
        while self.now < end {
            self.now += 250;
            self.state.set_clocks(self.now, Timestamp::from_millis(self.now as i64));
            self.state.tick();
            if self.now.is_multiple_of(1_000) {
                self.state.tick_second();
            }
            self.state.finish_turn();
        }
    }

    fn attach(&mut self, id: UserId, name: &str, protocol1: bool) -> Person {
        let socket = Socket::default();
        let link = Arc::new(Link::new(Outbox::new(Box::new(socket.clone())), self.now));
        if protocol1 {
            link.speak_protocol1();
        }
        let identity = Identity { user: id, wanted: UserName::new(name).unwrap(), lingers: protocol1 };
        let (connection, _) = self.state.attach(&identity, link.clone());
        Person { connection, id, socket, link }
    }

    fn guest(&mut self, name: &str) -> Person {
        let id = self.id();
        self.attach(id, name, true)
    }

    fn demo(&mut self, name: &str) -> Person {
        let id = self.id();
        self.attach(id, name, false)
    }

    fn id(&mut self) -> UserId {
        self.next_id += 1;
        UserId::new(Uuid::from_u128(self.next_id))
    }

    fn join(&mut self, person: &Person, room: &Arc<RoomInfo>) {
        self.state.subscribe(person.connection, room, false).unwrap();
        self.state.finish_turn();
    }

    fn post(&mut self, author: &Person, room: &Arc<RoomInfo>, seq: u64) {
        let posted = Posted {
            room: room.address.clone(),
            sender: UserName::new("author").unwrap(),
            sender_id: author.id,
            content: MessageText::new("こんにちは").unwrap(),
            timestamp: Timestamp::from_millis(0),
            seq: Seq(seq),
            message_id: MessageId::new(Uuid::from_u128(u128::from(seq))),
            client_message_id: None,
        };
        self.state.deliver(vec![Committed { room: room.clone(), posted, fresh: true, origin: None }]);
        self.state.finish_turn();
    }
}

fn room(id: u32, name: &str) -> Arc<RoomInfo> {
    let address = RoomName::new(name).unwrap().into();
    Arc::new(RoomInfo { id: RoomId(id), address, epoch: Epoch::from_random(7), permanent: false })
}

fn statuses(frames: &[ServerFrame]) -> Vec<PresenceStatus> {
    let status = |frame: &ServerFrame| match frame {
        ServerFrame::Presence { status, .. } => Some(*status),
        _ => None,
    };
    frames.iter().filter_map(status).collect()
}

fn left(frames: &[ServerFrame]) -> usize {
    frames.iter().filter(|frame| matches!(frame, ServerFrame::UserLeft { .. })).count()
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
    let bob = world.attach(bob.id, "bob", true);
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
    alice.link.hear(world.now);
    world.pass(30_000);
    alice.link.hear(world.now);
    world.pass(LEAVES_AFTER - 35_000 - 250);
    assert_eq!(left(&alice.texts()), 0);
    world.pass(500);
    assert_eq!(left(&alice.texts()), 1);
    assert_eq!(world.guest("bob").link.room_count(), 0);
}

#[test]
fn a_person_with_two_connections_is_there_until_the_last_one_goes() {
    let (mut world, room) = (World::new(), room(1, "a"));
    let (alice, bob) = (world.guest("alice"), world.guest("bob"));
    let again = world.attach(bob.id, "bob", true);
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
    let again = world.attach(bob.id, "bob", true);
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
    world.state.restore(&room, &[(bob, UserName::new("bob").unwrap(), Seq(5))]);
    world.pass(LEAVES_AFTER - 250);
    assert_eq!(world.state.lobby.page(None, 10).0.len(), 1);
    world.pass(500);
    assert_eq!(world.state.lobby.page(None, 10).0, []);
    assert_eq!(world.state.changes.rooms.get(&room.id), Some(&false));
    assert_eq!(world.state.changes.memberships.get(&(room.id, bob)), Some(&None));
}

#[test]
fn an_empty_room_vanishes_from_the_list_at_once() {
    let (mut world, room) = (World::new(), room(1, "a"));
    let (alice, watcher) = (world.guest("alice"), world.guest("watcher"));
    world.state.watch_lobby(watcher.connection);
    world.join(&alice, &room);
    world.pass(1_000);
    assert!(matches!(&watcher.texts()[..], [ServerFrame::RoomChanged(summary)] if summary.member_count == 1));
    world.state.leave(alice.connection, room.id);
    world.state.finish_turn();
    assert_eq!(watcher.texts(), [ServerFrame::RoomRemoved { room: room.address.clone() }]);
    assert!(alice.link.room(&room.address).is_none());
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
        alice.link.hear(world.now);
    }
    assert!(!alice.link.outbox.is_closing());
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
    // The read went up to 2, so that only 3 is still to come.
    world.state.release(bob.connection, room.id, Seq(2), &mut answer).unwrap();
    world.post(&alice, &room, 4);
    let heard = bob.texts();
    let seqs: Vec<u64> = heard
        .iter()
        .filter_map(|frame| match frame {
            ServerFrame::Message(posted) => Some(posted.seq.0),
            _ => None,
        })
        .collect();
    assert_eq!((&heard[0], seqs), (&answer, vec![3, 4]));
}

#[derive(Debug, Clone)]
enum Step {
    Attach(u128, bool),
    Detach(usize, bool),
    Subscribe(usize, u32, bool),
    Leave(usize, u32),
    Post(usize, u32),
    Typing(usize, u32, bool),
    Pass(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (1u128..6, any::<bool>()).prop_map(|(user, demo)| Step::Attach(user, demo)),
        (0usize..8, any::<bool>()).prop_map(|(who, clean)| Step::Detach(who, clean)),
        (0usize..8, 1u32..4, any::<bool>()).prop_map(|(who, room, held)| Step::Subscribe(who, room, held)),
        (0usize..8, 1u32..4).prop_map(|(who, room)| Step::Leave(who, room)),
        (0usize..8, 1u32..4).prop_map(|(who, room)| Step::Post(who, room)),
        (0usize..8, 1u32..4, any::<bool>()).prop_map(|(who, room, on)| Step::Typing(who, room, on)),
        (250u64..70_000).prop_map(Step::Pass),
    ]
}

proptest! {
    /// Whatever people do, every index agrees with every other, and when all are gone nothing is left.
    #[test]
    fn the_indexes_agree(steps in prop::collection::vec(step(), 1..80)) {
        let mut world = World::new();
        let rooms = [room(1, "a"), room(2, "b"), room(3, "c")];
        let mut people: Vec<Person> = Vec::new();
        let mut seq = 0;
        for step in steps {
            match step {
                Step::Attach(user, demo) => {
                    // A demo client is a person of its own.
                    let id = if demo { world.id() } else { UserId::new(Uuid::from_u128(1_000 + user)) };
                    people.push(world.attach(id, "somebody", !demo));
                }
                Step::Detach(who, clean) if who < people.len() => {
                    let person = people.swap_remove(who);
                    world.state.detach(person.connection, clean);
                }
                Step::Subscribe(who, room, held) if who < people.len() => {
                    let room = &rooms[room as usize - 1];
                    world.state.subscribe(people[who].connection, room, held);
                }
                Step::Leave(who, room) if who < people.len() => {
                    world.state.leave(people[who].connection, RoomId(room));
                }
                Step::Post(who, room) if who < people.len() => {
                    seq += 1;
                    world.post(&people[who], &rooms[room as usize - 1], seq);
                }
                Step::Typing(who, room, on) if who < people.len() => {
                    world.state.set_typing(people[who].connection, RoomId(room), on);
                }
                Step::Pass(millis) => {
                    for person in &people {
                        person.link.hear(world.now + millis);
                    }
                    world.pass(millis);
                }
                _ => {}
            }
            world.state.finish_turn();
            world.state.check_invariants();
        }
        for person in people {
            world.state.detach(person.connection, false);
        }
        world.pass(LEAVES_AFTER + 1_000);
        world.state.check_invariants();
        let left = world.state.statistics();
        prop_assert_eq!((left.connections, left.users, left.rooms), (0, 0, 0));
    }
}
