//! Presence: a short disconnect is not an absence, a clean close is told at once, several connections are one person.

use std::time::{Duration, Instant};

use shared::{Command, PresenceStatus, ServerFrame};

use crate::harness::{Person, TestServer, general, presence, room};

/// Matches the frames that announce a join, a leave or a change of status.
fn any_sign(name: &str) -> impl FnMut(&ServerFrame) -> Option<String> + '_ {
    move |frame| match frame {
        ServerFrame::Presence { user, status, .. } if user.as_str() == name => Some(format!("{status:?}")),
        ServerFrame::UserJoined { user, .. } if user.as_str() == name => Some("joined".to_owned()),
        ServerFrame::UserLeft { user, .. } if user.as_str() == name => Some("left".to_owned()),
        _ => None,
    }
}

fn left(name: &str) -> impl FnMut(&ServerFrame) -> Option<()> + '_ {
    move |frame| match frame {
        ServerFrame::UserLeft { user, .. } if user.as_str() == name => Some(()),
        _ => None,
    }
}

/// Waits for the next presence round. Changes are sent once a second, so a client that received a later one
/// has received all earlier ones.
async fn after_the_next_round(watcher: &mut Person, helper: &mut Person) {
    for status in [PresenceStatus::Away, PresenceStatus::Online] {
        helper.be(status).await;
        let name = helper.name().to_owned();
        assert_eq!(watcher.expect(presence(&name)).await, status);
    }
}

#[tokio::test]
async fn a_connection_that_breaks_and_is_back_was_never_away() {
    let server = TestServer::start().await;
    let mut bob = server.connect("bob").await;
    let mut carol = server.connect("carol").await;
    for end in ["dropped", "reset", "1001"] {
        let alice = server.connect(&format!("alice {end}")).await;
        let (session, name) = (alice.session(), alice.name().to_owned());
        bob.expect(any_sign(&name)).await;
        match end {
            "dropped" => drop(alice),
            "reset" => alice.abort(),
            _ => alice.close(1001).await,
        }
        let mut alice = server.resume(&session, &[]).await;
        alice.join(&general()).await;
        after_the_next_round(&mut bob, &mut carol).await;
        bob.expect_none(any_sign(&name)).await;
    }
}

#[tokio::test]
async fn a_connection_that_breaks_and_stays_away_is_told_once_within_five_seconds() {
    let server = TestServer::start().await;
    let mut bob = server.connect("bob").await;
    let (dave, erin) = (server.connect("dave").await, server.connect("erin").await);
    let sessions = [dave.session(), erin.session()];
    bob.so_far().await;
    let broken = Instant::now();
    dave.abort();
    erin.close(1001).await;
    for name in ["dave", "erin"] {
        let status = bob.expect_within(Duration::from_secs(5), presence(name)).await;
        assert_eq!(status, PresenceStatus::Offline);
    }
    let told = broken.elapsed();
    assert!((Duration::from_millis(2_900)..Duration::from_secs(5)).contains(&told), "after {told:?}");
    // They keep their memberships and may come back.
    let answer = bob.request(Command::Members { room: general(), after: None, limit: None }).await;
    let Ok(ServerFrame::Members { members, .. }) = answer else { panic!("{answer:?}") };
    let offline = members.iter().filter(|member| member.status == PresenceStatus::Offline).count();
    assert_eq!((members.len(), offline), (3, 2));
    let mut dave = server.resume(&sessions[0], &[]).await;
    assert_eq!(bob.expect(presence("dave")).await, PresenceStatus::Online);
    dave.join(&general()).await;
    bob.expect_none(any_sign("dave")).await;
}

#[tokio::test]
async fn a_goodbye_is_told_at_once() {
    let server = TestServer::start().await;
    let mut bob = server.connect("bob").await;
    let alice = server.connect("alice").await;
    let session = alice.session();
    alice.close(1000).await;
    let said = Instant::now();
    assert_eq!(bob.expect(presence("alice")).await, PresenceStatus::Offline);
    bob.expect(left("alice")).await;
    assert!(said.elapsed() < Duration::from_secs(1));
    let alice = server.resume(&session, &[]).await;
    assert!(alice.welcome().resumed, "the session lives on");
}

#[tokio::test]
async fn two_connections_of_one_session_are_one_person() {
    let server = TestServer::start().await;
    let mut bob = server.connect("bob").await;
    let mut carol = server.connect("carol").await;
    let first = server.connect("alice").await;
    bob.expect(any_sign("alice")).await;
    let mut second = server.resume(&first.session(), &[]).await;
    assert_eq!((second.id(), second.name()), (first.id(), "alice"));
    assert_eq!(second.join(&general()).await.member_count, 3);
    first.close(1000).await;
    after_the_next_round(&mut bob, &mut carol).await;
    bob.expect_none(any_sign("alice")).await;
    assert_eq!(server.stats().await["users"], 3);
    second.close(1000).await;
    bob.expect(left("alice")).await;
}

#[tokio::test]
async fn away_is_told_when_nobody_is_at_any_of_the_connections() {
    let server = TestServer::start().await;
    let mut bob = server.connect("bob").await;
    let mut carol = server.connect("carol").await;
    let mut first = server.connect("alice").await;
    let mut second = server.resume(&first.session(), &[]).await;
    first.be(PresenceStatus::Away).await;
    after_the_next_round(&mut bob, &mut carol).await;
    bob.expect_none(presence("alice")).await;
    second.be(PresenceStatus::Away).await;
    assert_eq!(bob.expect(presence("alice")).await, PresenceStatus::Away);
    first.be(PresenceStatus::Online).await;
    assert_eq!(bob.expect(presence("alice")).await, PresenceStatus::Online);
    first.expect_none(presence("alice")).await;
}

#[tokio::test]
async fn a_status_that_changes_back_and_forth_is_told_at_most_once_a_second() {
    let server = TestServer::start().await;
    let mut bob = server.connect("bob").await;
    let mut alice = server.connect("alice").await;
    let begun = Instant::now();
    for _ in 0..50 {
        alice.be(PresenceStatus::Away).await;
        alice.be(PresenceStatus::Online).await;
    }
    alice.be(PresenceStatus::Away).await;
    let seconds = begun.elapsed().as_secs();
    let mut told = Vec::new();
    while told.last() != Some(&PresenceStatus::Away) {
        told.push(bob.expect(presence("alice")).await);
    }
    assert!(told.len() as u64 <= 2 * seconds + 2, "{} changes in {seconds} s", told.len());
}

#[tokio::test]
async fn guests_who_want_one_name_are_told_apart() {
    let server = TestServer::start().await;
    let first = server.connect("Bob").await;
    let second = server.connect("bob").await;
    let third = server.demo("Ｂｏｂ").await;
    assert_eq!([first.name(), second.name(), third.name()], ["Bob", "bob-2", "Bob-3"]);
    let mut second = second;
    second.say(&general(), "hello").await;
    let posted = second.expect(crate::harness::message).await;
    assert_eq!(posted.sender.as_str(), "bob-2");
}

#[tokio::test]
async fn leaving_a_room_takes_all_connections_of_the_person_along() {
    let server = TestServer::start().await;
    let tea = room("tea");
    let mut bob = server.connect("bob").await;
    bob.join(&tea).await;
    let mut first = server.connect("alice").await;
    let mut second = server.resume(&first.session(), &[]).await;
    first.join(&tea).await;
    second.join(&tea).await;
    first.leave(&tea).await;
    second
        .expect(|frame| matches!(frame, ServerFrame::Left { room, .. } if *room == tea).then_some(()))
        .await;
    bob.say(&tea, "are you gone?").await;
    first.expect_none(crate::harness::message).await;
    second.expect_none(crate::harness::message).await;
}
