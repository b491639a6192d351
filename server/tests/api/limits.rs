//! Rate limits: announced in `welcome`, answered with a retry delay, never an immediate reason to close.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use shared::limits::Limits;
use shared::{Auth, Command, ErrorCode, Failure, ResumeRoom, RoomAddress, ServerFrame};

use crate::harness::{Closed, Person, TestServer, chat, general, guest, joined, message, new_id, room};

async fn limited() -> TestServer {
    TestServer::start_with(|config| config.rate_limits = true).await
}

fn failure(frame: &ServerFrame) -> Option<Failure> {
    match frame {
        ServerFrame::Error { failure, .. } => Some(failure.clone()),
        _ => None,
    }
}

#[tokio::test]
async fn the_welcome_tells_the_limits_in_force() {
    let (on, off) = (limited().await, TestServer::start().await);
    let told = on.connect("alice").await.welcome().limits.clone();
    assert_eq!(told, Some(Limits::standard(true)));
    let told = off.connect("alice").await.welcome().limits.clone().unwrap();
    assert!(!told.rate_limits);
    assert_eq!(on.demo("old").await.welcome().limits, None);
}

/// Pipelines the same command `count` times and returns the answers.
async fn at_once(
    person: &mut Person,
    count: usize,
    command: impl Fn() -> Command,
) -> Vec<Result<ServerFrame, Failure>> {
    let mut requests = Vec::new();
    for _ in 0..count {
        requests.push(person.ask(command()).await);
    }
    let mut answers = Vec::new();
    for request in &requests {
        answers.push(person.answer(request).await);
    }
    answers
}

fn short() -> Command {
    chat(&general(), "x", new_id())
}

#[tokio::test]
async fn twenty_messages_go_at_once_and_the_next_is_told_when() {
    let server = limited().await;
    let mut alice = server.connect("alice").await;
    let mut bob = server.connect("bob").await;
    let answers = at_once(&mut alice, 30, short).await;
    assert!(answers[..20].iter().all(Result::is_ok));
    let refused = answers.iter().filter_map(|answer| answer.as_ref().err()).collect::<Vec<_>>();
    assert!(refused.len() >= 5, "{} of 10", refused.len());
    for failure in refused {
        assert_eq!(failure.code, ErrorCode::RateLimited);
        assert_eq!(failure.room, Some(general()));
        assert!(failure.client_message_id.is_some());
    }
    alice.request(Command::Ping).await.expect("the connection is usable");
    bob.say(&general(), "others are not slowed down").await;
    let last = answers.last().unwrap().as_ref().unwrap_err();
    let wait = last.retry_after_ms.expect("it says when");
    assert!((1..=200).contains(&wait), "one in 200 ms: {wait}");
    tokio::time::sleep(Duration::from_millis(wait)).await;
    let id = last.client_message_id.unwrap();
    alice.say_as(&general(), "x", id).await.expect("after that time it goes");
}

#[tokio::test]
async fn a_second_connection_of_the_same_person_has_no_second_bucket() {
    let server = limited().await;
    let mut first = server.connect("alice").await;
    let mut second = server.resume(&first.session(), &[]).await;
    second.join(&general()).await;
    let mut requests = Vec::new();
    for _ in 0..20 {
        requests.push((first.ask(short()).await, second.ask(short()).await));
    }
    let mut refused = 0;
    for (one, two) in &requests {
        refused +=
            usize::from(first.answer(one).await.is_err()) + usize::from(second.answer(two).await.is_err());
    }
    assert!((10..=20).contains(&refused), "{refused} of 40");
}

#[tokio::test]
async fn thirty_joins_go_at_once_and_the_next_is_told_when() {
    let server = limited().await;
    let mut alice = server.connect_outside("alice").await;
    let answers = at_once(&mut alice, 45, || Command::JoinRoom { room: general(), since: None }).await;
    assert!(answers[..30].iter().all(Result::is_ok));
    let refused = answers.iter().filter_map(|answer| answer.as_ref().err()).collect::<Vec<_>>();
    assert!(refused.len() >= 5, "{} of 15", refused.len());
    for failure in refused {
        assert_eq!(failure.code, ErrorCode::RateLimited);
        assert!((1..=200).contains(&failure.retry_after_ms.unwrap()));
    }
}

/// Signs in with these rooms; returns how many were joined at once, and how many later.
async fn sign_in_with(person: &mut Person, session: Option<String>, rooms: &[RoomAddress]) -> (usize, usize) {
    let rooms = rooms.iter().map(|room| ResumeRoom { room: room.clone(), since: None });
    let rooms: Vec<_> = rooms.collect();
    let count = rooms.len();
    person.sign_in(Auth { session, rooms: Some(rooms), ..guest("alice") }).await;
    let frames = person.so_far().await;
    let at_once = frames.iter().filter(|(_, frame)| joined(frame).is_some()).count();
    for _ in at_once..count {
        person.expect(joined).await;
    }
    person.expect_none(failure).await;
    (at_once, count - at_once)
}

fn many_rooms() -> Vec<RoomAddress> {
    (0..45).map(|number| room(&format!("room {number}"))).collect()
}

#[tokio::test]
async fn rooms_of_a_sign_in_count_as_joins_and_those_that_come_too_fast_follow() {
    let server = limited().await;
    let begun = Instant::now();
    let mut alice = server.open().await;
    let (at_once, later) = sign_in_with(&mut alice, None, &many_rooms()).await;
    assert!(at_once >= 30, "{at_once} at once, {later} later");
    let took = begun.elapsed();
    assert!(took > Duration::from_millis(2_500), "15 joins are 3 s: {took:?}");
}

#[tokio::test]
async fn a_room_that_waits_for_its_turn_is_not_joined_again_after_the_client_asked_for_it_itself() {
    let server = limited().await;
    let rooms: Vec<_> = (0..33).map(|number| room(&format!("room {number}"))).collect();
    let wanted = rooms.iter().map(|room| ResumeRoom { room: room.clone(), since: None });
    let mut alice = server.open().await;
    alice.sign_in(Auth { rooms: Some(wanted.collect()), ..guest("alice") }).await;
    let last = rooms.last().unwrap();
    let join = || Command::JoinRoom { room: last.clone(), since: None };
    let (mut asked, mut is_answered, mut others) = (alice.ask(join()).await, false, BTreeSet::new());
    while !is_answered || others.len() < rooms.len() - 1 {
        match alice.next().await {
            ServerFrame::Joined(joined) if joined.room != *last => assert!(others.insert(joined.room)),
            ServerFrame::Joined(joined) if joined.id.as_ref() == Some(&asked) => is_answered = true,
            ServerFrame::Joined(_) => assert!(!is_answered, "it was joined again"),
            ServerFrame::Error { failure, .. } => {
                assert_eq!(failure.id.as_ref(), Some(&asked), "{failure:?}");
                tokio::time::sleep(Duration::from_millis(failure.retry_after_ms.unwrap())).await;
                asked = alice.ask(join()).await;
            }
            _ => {}
        }
    }
    alice.expect_none(joined).await;
}

#[tokio::test]
async fn coming_back_to_many_rooms_is_not_slowed_down() {
    let server = limited().await;
    let mut alice = server.open().await;
    sign_in_with(&mut alice, None, &many_rooms()).await;
    let session = alice.session();
    alice.abort();
    // She is still a member of them, and the bucket is empty.
    let mut alice = server.open().await;
    let (at_once, later) = sign_in_with(&mut alice, Some(session), &many_rooms()).await;
    assert_eq!((at_once, later), (45, 0));
}

#[tokio::test]
async fn typing_is_never_answered_with_an_error() {
    let server = limited().await;
    let mut alice = server.connect("alice").await;
    let mut bob = server.connect("bob").await;
    for number in 0..80 {
        alice.send(Command::Typing { room: general(), is_typing: number % 2 == 0 }).await;
    }
    alice.expect_none(failure).await;
    assert!(bob.expect(crate::harness::typing("alice")).await);
}

#[tokio::test]
async fn whoever_goes_on_and_on_is_closed_with_4029() {
    let server = limited().await;
    let mut witness = server.connect("witness").await;
    let mut mallory = server.connect("mallory").await;
    for _ in 0..400 {
        let command = chat(&general(), "spam", None);
        let frame = serde_json::to_string(&shared::Request { id: None, command }).unwrap();
        if mallory.try_send_text(&frame).await.is_err() {
            break;
        }
    }
    let Closed::With(code, reason) = mallory.closed().await else { panic!("closed without a word") };
    assert_eq!(code, 4029);
    let wait: u64 = reason.strip_prefix("retry_after_ms=").expect(&reason).parse().unwrap();
    assert!((1..=60_000).contains(&wait));
    witness.say(&general(), "after all that").await;
    let heard = witness.so_far().await;
    let spam = heard.iter().filter(|(_, frame)| message(frame).is_some()).count() - 1;
    assert!((20..=40).contains(&spam), "{spam} messages came through");
}

#[tokio::test]
async fn a_flood_of_frames_of_any_kind_is_answered_with_rate_limited() {
    let server = limited().await;
    for kind in ["ping", "nonsense", "binary"] {
        let mut mallory = server.connect(kind).await;
        for _ in 0..150 {
            match kind {
                "ping" => mallory.send(Command::Ping).await,
                "nonsense" => mallory.send_text("nonsense").await,
                _ => mallory.send_message(tokio_tungstenite::tungstenite::Message::binary(vec![1])).await,
            }
        }
        let limited = |frame: &ServerFrame| failure(frame).filter(|f| f.code == ErrorCode::RateLimited);
        let refused = mallory.expect(limited).await;
        let wait = refused.retry_after_ms.expect("it says when");
        tokio::time::sleep(Duration::from_millis(wait + 1_000)).await;
        mallory.so_far().await;
        mallory.request(Command::Ping).await.expect("the connection is usable");
    }
}

#[tokio::test]
async fn whoever_does_not_sign_in_is_closed_after_ten_seconds() {
    let server = TestServer::start().await;
    let begun = Instant::now();
    let mut silent = server.open().await;
    let mut refused = server.open().await;
    refused.send_text(r#"{"type":"ping"}"#).await;
    let limit = Duration::from_secs(12);
    let (one, two) = tokio::join!(silent.closed_within(limit), refused.closed_within(limit));
    assert_eq!((one.code(), two.code()), (Some(4001), Some(4001)));
    assert!(begun.elapsed() >= Duration::from_secs(9));
}
