//! Rooms of more than 200 members: counts instead of individual changes, and individual changes for watched members.

use std::collections::HashSet;

use futures_util::future::join_all;
use shared::limits::{BIG_ROOM_MEMBERS, DEMO_CHANGES_PER_SECOND, MEMBERS_PAGE};
use shared::{Auth, Command, PresenceStatus, ServerFrame, UserId};

use crate::harness::{Person, TestServer, general, guest};

const CROWD: usize = 230;

/// Returns the numbers of members and of online members.
fn counts(frame: &ServerFrame) -> Option<(u64, u64)> {
    match frame {
        ServerFrame::MemberCounts { member_count, online_count, .. } => Some((*member_count, *online_count)),
        _ => None,
    }
}

/// Returns the person whose individual change this is.
fn single(frame: &ServerFrame) -> Option<UserId> {
    match frame {
        ServerFrame::UserJoined { user_id, .. }
        | ServerFrame::UserLeft { user_id, .. }
        | ServerFrame::Presence { user_id, .. } => Some(*user_id),
        _ => None,
    }
}

async fn crowd(server: &TestServer, size: usize) -> Vec<Person> {
    let mut crowd = Vec::new();
    for number in 0..size {
        let mut person = server.open().await;
        person.sign_in(Auth { rooms: None, ..guest(&format!("guest {number}")) }).await;
        crowd.push(person);
    }
    crowd
}

async fn wait_for_counts(person: &mut Person, expected: (u64, u64)) {
    let met = |frame: &ServerFrame| (counts(frame) == Some(expected)).then_some(());
    person.expect(met).await;
}

#[tokio::test]
async fn a_big_room_tells_numbers_and_single_changes_only_of_whom_one_watches() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    let mut people = crowd(&server, BIG_ROOM_MEMBERS).await;
    wait_for_counts(&mut alice, (201, 201)).await;
    let told = alice.so_far().await.iter().filter_map(|(_, frame)| single(frame)).collect::<HashSet<_>>();
    assert_eq!(told.len(), BIG_ROOM_MEMBERS - 1, "single joins up to 200 members");

    people.extend(crowd(&server, 28).await);
    let watched = server.connect("watched").await;
    wait_for_counts(&mut alice, (230, 230)).await;
    alice.expect_none(single).await;

    let command = Command::WatchMembers { room: general(), user_ids: vec![watched.id()] };
    alice.request(command).await.unwrap();
    let mut watched = watched;
    watched.be(PresenceStatus::Away).await;
    people.pop().unwrap().close(1000).await;
    people.pop().unwrap().close(1000).await;
    wait_for_counts(&mut alice, (228, 228)).await;
    let id = watched.id();
    let told: Vec<_> = alice.so_far().await.iter().filter_map(|(_, frame)| single(frame)).collect();
    assert_eq!(told, [id], "away, and nobody else");
    watched.close(1000).await;
    let mut told = Vec::new();
    while told.len() < 2 {
        told.push(alice.expect(single).await);
    }
    assert_eq!(told, [id, id], "offline and left, at once");
    assert_eq!(server.stats().await["users"], 227);
}

#[tokio::test]
async fn the_members_of_a_big_room_are_listed_in_pages_each_once() {
    let server = TestServer::start().await;
    let people = crowd(&server, CROWD).await;
    let (mut alice, answer) = server.connect_joined("alice").await;
    assert_eq!((answer.member_count, answer.members.len()), (231, MEMBERS_PAGE));
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let answer = alice.request(Command::Members { room: general(), after, limit: None }).await;
        let Ok(ServerFrame::Members { members, more, .. }) = answer else { panic!("{answer:?}") };
        assert!(members.len() == MEMBERS_PAGE || !more);
        seen.extend(members.iter().map(|member| member.user_id));
        after = seen.last().copied();
        if !more {
            break;
        }
    }
    assert!(seen.is_sorted());
    let everybody: HashSet<UserId> = people.iter().map(Person::id).chain([alice.id()]).collect();
    assert_eq!(seen.len(), everybody.len());
    assert_eq!(seen.into_iter().collect::<HashSet<_>>(), everybody);
}

#[tokio::test]
async fn a_demo_client_in_a_big_room_gets_at_most_fifty_single_changes_a_second() {
    const GO: usize = 75;
    let server = TestServer::start().await;
    let mut old = server.demo("old").await;
    let mut alice = server.connect("alice").await;
    let mut people = crowd(&server, BIG_ROOM_MEMBERS + GO).await;
    let all = people.len() as u64 + 2;
    wait_for_counts(&mut alice, (all, all)).await;
    old.so_far().await;

    // Each of them goes offline and leaves: 150 changes at once.
    let start = std::time::Instant::now();
    join_all(people.drain(..GO).map(|person| person.close(1000))).await;
    let rest = all - GO as u64;
    wait_for_counts(&mut alice, (rest, rest)).await;
    let frames = old.so_far().await;
    let changes = frames.iter().filter_map(|(_, frame)| single(frame)).count();
    // On a busy machine they do not leave within one second, and they may span the end of one in any case.
    let most = (start.elapsed().as_secs() as usize + 2) * DEMO_CHANGES_PER_SECOND;
    assert!((DEMO_CHANGES_PER_SECOND..=most).contains(&changes), "{changes} changes");
    assert!(frames.iter().all(|(_, frame)| counts(frame).is_none()));
    people[0].say(&general(), "messages come all the same").await;
    old.expect(crate::harness::message).await;
}
