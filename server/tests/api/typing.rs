//! Typing: shown to the others, expires by itself, at most one change per second.

use std::time::{Duration, Instant};

use shared::Command;

use crate::harness::{Person, TestServer, general, typing};

async fn types(person: &mut Person, is_typing: bool) {
    person.send(Command::Typing { room: general(), is_typing }).await;
}

#[tokio::test]
async fn typing_is_shown_to_the_others_and_not_to_any_tab_of_the_typist() {
    let server = TestServer::start().await;
    let mut bob = server.connect("bob").await;
    let mut alice = server.connect("alice").await;
    let mut other_tab = server.resume(&alice.session(), &[]).await;
    other_tab.join(&general()).await;
    types(&mut alice, true).await;
    assert!(bob.expect(typing("alice")).await);
    alice.expect_none(typing("alice")).await;
    other_tab.expect_none(typing("alice")).await;
}

#[tokio::test]
async fn typing_ends_by_itself_after_six_seconds_and_a_repeat_prolongs_it() {
    let server = TestServer::start().await;
    let mut bob = server.connect("bob").await;
    let mut alice = server.connect("alice").await;
    let mut carol = server.connect("carol").await;
    // Taken before the first frame, so that a slow test does not measure less than six seconds.
    let begun = Instant::now();
    types(&mut alice, true).await;
    types(&mut carol, true).await;
    assert!(bob.expect(typing("alice")).await);
    // Carol types for two more seconds.
    tokio::time::sleep(Duration::from_secs(2)).await;
    types(&mut carol, true).await;

    assert!(!bob.expect(typing("alice")).await);
    let alice_after = begun.elapsed();
    assert!((5_900..7_000).contains(&alice_after.as_millis()), "{alice_after:?}");
    assert!(bob.expect(typing("carol")).await);
    assert!(!bob.expect(typing("carol")).await);
    let carol_after = begun.elapsed();
    assert!((7_900..9_000).contains(&carol_after.as_millis()), "{carol_after:?}");
}

#[tokio::test]
async fn typing_ends_when_the_message_is_sent_before_the_message_shows() {
    let server = TestServer::start().await;
    let mut bob = server.connect("bob").await;
    let mut alice = server.connect("alice").await;
    types(&mut alice, true).await;
    assert!(bob.expect(typing("alice")).await);
    alice.say(&general(), "done").await;
    let seen: Vec<_> = bob.so_far().await.into_iter().map(|(_, frame)| frame).collect();
    let stopped = seen.iter().position(|frame| typing("alice")(frame) == Some(false)).expect("it ends");
    let shown = seen.iter().position(|frame| crate::harness::message(frame).is_some()).expect("it shows");
    assert!(stopped < shown);
}

#[tokio::test]
async fn typing_ends_at_once_when_the_typist_leaves_or_is_gone() {
    let server = TestServer::start().await;
    let mut bob = server.connect("bob").await;
    for how in ["leave", "goodbye", "broken"] {
        let mut alice = server.connect(&format!("alice {how}")).await;
        let name = alice.name().to_owned();
        types(&mut alice, true).await;
        assert!(bob.expect(typing(&name)).await);
        let gone = Instant::now();
        match how {
            "leave" => alice.leave(&general()).await,
            "goodbye" => alice.close(1000).await,
            _ => alice.abort(),
        }
        assert!(!bob.expect(typing(&name)).await, "{how}");
        assert!(gone.elapsed() < Duration::from_secs(2), "{how}");
    }
}

#[tokio::test]
async fn a_flicker_is_told_at_most_once_a_second_and_the_last_state_wins() {
    let server = TestServer::start().await;
    let mut bob = server.connect("bob").await;
    let mut alice = server.connect("alice").await;
    for number in 0..101 {
        types(&mut alice, number % 2 == 0).await;
    }
    alice.request(Command::Ping).await.unwrap();
    types(&mut alice, false).await;
    let begun = Instant::now();
    assert!(bob.expect(typing("alice")).await);
    assert!(!bob.expect(typing("alice")).await, "the last state is told too");
    assert!(begun.elapsed() > Duration::from_millis(500));
    bob.expect_none(typing("alice")).await;
}

#[tokio::test]
async fn a_newcomer_is_not_told_who_has_been_typing() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    types(&mut alice, true).await;
    alice.request(Command::Ping).await.unwrap();
    let mut bob = server.connect("bob").await;
    bob.expect_none(typing("alice")).await;
}
