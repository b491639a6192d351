use std::collections::HashSet;

use proptest::prelude::*;
use shared::{Seq, UnreadCount, UserId, UserName};
use uuid::Uuid;

use super::{Person, World, pinned, room, session};
use crate::hub::user::LEAVES_AFTER;
use crate::hub::{Mark, UserKind};
use crate::room::RoomId;

#[derive(Debug, Clone)]
enum Step {
    Attach(u128, UserKind),
    Detach(usize, bool),
    Subscribe(usize, u32, bool),
    Leave(usize, u32),
    Post(usize, u32),
    Change(usize, u32),
    Mark(usize, u32, Mark),
    Typing(usize, u32, bool),
    Pass(u64),
    Reserve(u128),
    End(usize),
}

fn user_id(number: u128) -> UserId {
    UserId::new(Uuid::from_u128(1_000 + number))
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (1u128..6, any::<bool>()).prop_map(|(user, demo)| {
            let kind = if demo { UserKind::Demo } else { UserKind::Guest };
            Step::Attach(user, kind)
        }),
        (6u128..9).prop_map(|user| Step::Attach(user, UserKind::Account)),
        (6u128..9).prop_map(Step::Reserve),
        (0usize..8).prop_map(Step::End),
        (0usize..8, any::<bool>()).prop_map(|(who, clean)| Step::Detach(who, clean)),
        (0usize..8, 1u32..4, any::<bool>()).prop_map(|(who, room, held)| Step::Subscribe(who, room, held)),
        (0usize..8, 1u32..4).prop_map(|(who, room)| Step::Leave(who, room)),
        (0usize..8, 1u32..4).prop_map(|(who, room)| Step::Post(who, room)),
        (0usize..8, 1u32..4).prop_map(|(who, room)| Step::Change(who, room)),
        (0usize..8, 1u32..4, 0u64..9).prop_map(|(who, room, to)| Step::Mark(who, room, Mark::To(Seq(to)))),
        (0usize..8, 1u32..4, 0u64..9).prop_map(|(who, room, to)| Step::Mark(
            who,
            room,
            Mark::Forward(Seq(to))
        )),
        (0usize..8, 1u32..4, any::<bool>()).prop_map(|(who, room, on)| Step::Typing(who, room, on)),
        (250u64..70_000).prop_map(Step::Pass),
    ]
}

proptest! {
    /// After any sequence of actions all indexes agree, and when all users are gone nothing is left.
    #[test]
    fn the_indexes_agree(steps in prop::collection::vec(step(), 1..80)) {
        let mut world = World::new();
        let rooms = [room(1, "a"), room(2, "b"), room(3, "c")];
        let mut people: Vec<Person> = Vec::new();
        let mut seq = 0;
        for step in steps {
            match step {
                Step::Attach(user, kind) => {
                    // Every demo client is a user of its own.
                    let id = if kind == UserKind::Demo { world.id() } else { user_id(user) };
                    let person = world.attach(id, "somebody", kind);
                    let names = world.state.users.values().map(|user| user.name.key()).collect::<HashSet<_>>();
                    prop_assert_eq!(names.len(), world.state.users.len(), "each has a name of their own");
                    people.push(person);
                }
                Step::Reserve(user) => {
                    let name = UserName::new(&format!("somebody-{}", user - 4)).unwrap();
                    world.state.reserve_name(user_id(user), &name);
                }
                Step::End(who) if who < people.len() => {
                    world.state.end_sessions(&[session(people[who].id)].into());
                }
                Step::Detach(who, clean) if who < people.len() => {
                    let person = people.swap_remove(who);
                    world.state.detach(person.connection, clean);
                }
                Step::Subscribe(who, room, held) if who < people.len() => {
                    let room = &rooms[room as usize - 1];
                    world.state.subscribe(people[who].connection, room, held).unwrap();
                }
                Step::Leave(who, room) if who < people.len() => {
                    world.state.leave(people[who].connection, RoomId(room));
                }
                Step::Post(who, room) if who < people.len() => {
                    seq += 1;
                    world.post(&people[who], &rooms[room as usize - 1], seq);
                }
                Step::Change(who, room) if who < people.len() => {
                    seq += 1;
                    let room = &rooms[room as usize - 1];
                    let event = pinned(&people[who], room, seq);
                    world.deliver(room, vec![event]);
                }
                Step::Mark(who, room, to) if who < people.len() => {
                    let connection = people[who].connection;
                    if let Some(marked) = world.state.move_mark(connection, RoomId(room), to) {
                        let unread = UnreadCount::default();
                        let told = world.state.tell_read(connection, RoomId(room), marked.read, unread, None);
                        prop_assert_eq!(told, Ok(()));
                    }
                }
                Step::Typing(who, room, on) if who < people.len() => {
                    world.state.set_typing(people[who].connection, RoomId(room), on);
                }
                Step::Pass(millis) => {
                    for person in &people {
                        person.handle.set_heard(world.now + millis);
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
        prop_assert_eq!((left.connections, left.users), (0, 0));
        // Accounts stay members of their rooms until they leave.
        for user in 6..9 {
            let person = world.attach(user_id(user), "somebody", UserKind::Account);
            for room in &rooms {
                world.state.leave(person.connection, room.id);
            }
            world.state.detach(person.connection, true);
            world.state.check_invariants();
        }
        prop_assert_eq!(world.state.statistics().rooms, 0);
        prop_assert!(world.state.users.is_empty(), "nothing is live of whoever is in no room");
    }
}
