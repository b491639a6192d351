//! Accounts: members until they leave, with names of their own, and sessions that end.

use shared::{CloseCode, PresenceStatus, ServerFrame, UserId, UserName};

use super::{Person, World, left, member, room, session, statuses};
use crate::hub::user::LEAVES_AFTER;
use crate::hub::{Identity, UserKind};

#[test]
fn an_account_that_says_goodbye_is_offline_at_once_and_stays_a_member() {
    let (mut world, room) = (World::new(), room(1, "a"));
    let (alice, hanako) = (world.guest("alice"), world.account("hanako"));
    world.join(&alice, &room);
    world.join(&hanako, &room);
    alice.texts();
    world.state.detach(hanako.connection, true);
    world.state.finish_turn();
    assert_eq!(statuses(&alice.texts()), [PresenceStatus::Offline]);
    world.state.detach(alice.connection, true);
    world.pass(LEAVES_AFTER + 1_000);
    assert_eq!(world.state.statistics().rooms, 1, "the room lives on with its member");
    world.state.check_invariants();
    let back = world.attach(hanako.id, "hanako", UserKind::Account);
    world.state.leave(back.connection, room.id);
    assert_eq!(world.state.statistics().rooms, 0);
}

#[test]
fn a_broken_connection_of_an_account_is_an_absence_and_never_a_departure() {
    let (mut world, room) = (World::new(), room(1, "a"));
    let (alice, hanako) = (world.guest("alice"), world.account("hanako"));
    world.join(&alice, &room);
    world.join(&hanako, &room);
    alice.texts();
    world.state.detach(hanako.connection, false);
    world.pass(2_000);
    assert_eq!(statuses(&alice.texts()), []);
    for _ in 0..5 {
        alice.handle.set_heard(world.now);
        world.pass(20_000);
    }
    let told = alice.texts();
    assert_eq!((statuses(&told), left(&told)), (vec![PresenceStatus::Offline], 0));
    let back = world.attach(hanako.id, "hanako", UserKind::Account);
    world.pass(1_000);
    assert_eq!(statuses(&alice.texts()), [PresenceStatus::Online]);
    assert_eq!(world.state.memberships(back.connection).len(), 1);
}

#[test]
fn members_who_are_accounts_are_restored_offline_and_stay() {
    let (mut world, room) = (World::new(), room(1, "a"));
    let (id, guest) = (world.id(), world.id());
    world.state.reserve_name(id, &UserName::new("hanako").unwrap());
    let members =
        [member(guest, "Hanako", UserKind::Guest, None), member(id, "hanako", UserKind::Account, None)];
    world.state.restore(&room, &members);
    let names = |world: &World| {
        let (members, _) = world.state.members(room.id, None, 10);
        members.into_iter().map(|member| (member.username.to_string(), member.status)).collect::<Vec<_>>()
    };
    let mut found = names(&world);
    found.sort_by(|one, other| one.0.cmp(&other.0));
    let offline = |name: &str| (name.to_owned(), PresenceStatus::Offline);
    assert_eq!(found, [offline("Hanako-2"), offline("hanako")], "the account has the name");
    world.pass(LEAVES_AFTER + 1_000);
    assert_eq!(names(&world), [offline("hanako")]);
    assert_eq!(world.state.statistics().users, 0, "nobody is there");
}

#[test]
fn a_deleted_account_is_in_no_room_and_enters_none() {
    let (mut world, first, second) = (World::new(), room(1, "a"), room(2, "b"));
    let (alice, hanako) = (world.guest("alice"), world.account("hanako"));
    world.join(&alice, &first);
    world.join(&hanako, &first);
    alice.texts();
    world.state.close_account(hanako.id);
    world.state.finish_turn();
    assert_eq!(left(&alice.texts()), 1);
    assert!(world.state.subscribe(hanako.connection, &second, false).is_err(), "while it is being closed");
    world.state.rename_account(hanako.id, &UserName::new("hanako").unwrap());
    world.state.check_invariants();
    world.state.detach(hanako.connection, false);
    world.pass(LEAVES_AFTER + 1_000);
    world.state.check_invariants();
    assert_eq!(world.state.statistics().users, 1);
    assert_eq!(world.guest("hanako").handle.name().unwrap().as_str(), "hanako-2", "nobody gets the name yet");
}

#[test]
fn only_the_connections_of_a_session_end_with_it() {
    let mut world = World::new();
    let (tab, other, guest) = (world.account("hanako"), world.account("taro"), world.guest("bob"));
    let second_tab = world.attach(tab.id, "hanako", UserKind::Account);
    world.state.end_sessions(&[session(tab.id)].into());
    for ended in [&tab, &second_tab] {
        let (_, controls) = ended.socket.take();
        let [(8, reason)] = &controls[..] else { panic!("{controls:?}") };
        assert_eq!(reason[..2], CloseCode::SessionEnded.code().to_be_bytes());
    }
    assert!(other.socket.take().1.is_empty() && guest.socket.take().1.is_empty());
}

#[test]
fn a_guest_who_loses_their_name_and_everybody_who_sees_them_are_told_once() {
    let mut world = World::new();
    let rooms = [room(1, "a"), room(2, "b")];
    let (bob, alice, elsewhere, demo) =
        (world.guest("Bob"), world.guest("alice"), world.guest("elsewhere"), world.demo("demo"));
    for room in &rooms {
        for person in [&bob, &alice, &demo] {
            world.join(person, room);
        }
    }
    let everybody = [&bob, &alice, &elsewhere, &demo];
    for person in everybody {
        person.texts();
    }
    world.account("bob");
    world.state.finish_turn();
    let told = everybody.map(Person::texts);
    let changed =
        ServerFrame::UserChanged { user: UserName::new("Bob-2").unwrap(), user_id: bob.id, profile: None };
    assert_eq!(told, [vec![changed.clone()], vec![changed], vec![], vec![]]);
    assert_eq!(bob.handle.name().unwrap().as_str(), "Bob-2", "and posts under it");
    world.state.check_invariants();
}

#[test]
fn a_guest_who_becomes_an_account_comes_back_as_it_and_stays() {
    let (mut world, room) = (World::new(), room(1, "a"));
    let (bob, alice) = (world.guest("Bob"), world.guest("alice"));
    world.join(&bob, &room);
    world.join(&alice, &room);
    alice.texts();
    world.state.open_account(bob.id, &UserName::new("robert").unwrap());
    world.state.finish_turn();
    let changed =
        ServerFrame::UserChanged { user: UserName::new("robert").unwrap(), user_id: bob.id, profile: None };
    assert_eq!(alice.texts(), [changed]);
    assert!(matches!(bob.socket.take().1[..], [(8, _)]), "the guest's connection is closed");
    world.state.detach(bob.connection, false);
    alice.handle.set_heard(world.now + LEAVES_AFTER);
    world.pass(LEAVES_AFTER + 1_000);
    assert_eq!(left(&alice.texts()), 0);
    let wanted = UserName::new("Bob").unwrap();
    let late = Identity { user: bob.id, wanted, kind: UserKind::Guest, session: None };
    assert!(world.state.attach(&late, alice.handle.clone()).is_none(), "not as a guest any more");
    assert_eq!(world.attach(bob.id, "robert", UserKind::Account).handle.name().unwrap().as_str(), "robert");
    assert_eq!(world.guest("Bob").handle.name().unwrap().as_str(), "Bob", "the old name is free");
    world.state.check_invariants();
}

#[test]
fn a_guest_who_is_not_there_while_it_becomes_an_account_comes_back_as_it_only() {
    let (mut world, id) = (World::new(), UserId::new(uuid::Uuid::from_u128(7)));
    world.state.open_account(id, &UserName::new("hanako").unwrap());
    let wanted = UserName::new("hanako").unwrap();
    let late = Identity { user: id, wanted, kind: UserKind::Guest, session: None };
    let handle = world.guest("somebody").handle;
    assert!(world.state.attach(&late, handle).is_none());
    // An account that the hub has not been told of yet.
    let id = world.id();
    assert_eq!(world.attach(id, "taro", UserKind::Account).handle.name().unwrap().as_str(), "taro");
    assert_eq!(world.guest("Taro").handle.name().unwrap().as_str(), "Taro-2");
}
