//! A leap of the wall clock removes nothing: ages are counted in server time.

use std::path::Path;

use rustix::process::Signal;
use shared::{Auth, Command, RoomAddress, Seq};

use crate::harness::{LIMIT, LeapingClock, Person, Process, eventually, guest, is_stored, joined, room};

const EIGHT_DAYS: i64 = 8 * 24 * 60 * 60;
const NOTHING_IS_REMOVED: &str = "nothing is removed for its age until it has run steadily for an hour";

async fn stored(folder: &Path, question: &'static str) {
    eventually(question, async || is_stored(folder, question).await.then_some(())).await;
}

fn start(folder: &Path, clock: &LeapingClock, more: &[&str]) -> Process {
    let arguments = [&["--rate-limits", "off"], more].concat();
    Process::start_as(folder, &arguments, |program| clock.wear(program))
}

/// Posts a message in a room and leaves it.
async fn desert(server: &Process, tea: &RoomAddress) {
    let mut alice = server.connect("alice").await;
    alice.join(tea).await;
    alice.say(tea, "for whoever comes back").await;
    alice.leave(tea).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_wrong_for_a_moment_forgets_nobody_who_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let clock = LeapingClock::new();
    let server = start(folder.path(), &clock, &[]);
    let (mut alice, tea) = (server.connect("alice").await, room("tea"));
    alice.join(&tea).await;
    server.connect("bob").await.join(&tea).await;
    let seq = alice.say(&tea, "here").await.seq;
    stored(
        folder.path(),
        "SELECT count(*) FROM reads WHERE room = (SELECT id FROM rooms WHERE name = 'tea') AND read_seq = 1",
    )
    .await;

    clock.leap(EIGHT_DAYS);
    // An unknown session forces a lookup of the stored guests.
    let mut carol = Person::open(server.address, "/ws").await;
    carol.sign_in(Auth { session: Some("0".repeat(32)), ..guest("carol") }).await;
    let there = "SELECT count(*) FROM users JOIN memberships ON user = users.id WHERE users.name = 'alice'";
    assert!(is_stored(folder.path(), there).await, "alice and her rooms");
    server.says(NOTHING_IS_REMOVED).await;
    clock.leap(0);
    server.kill();

    let server = start(folder.path(), &clock, &[]);
    let mut alice = Person::resume(server.address, &alice.session(), &[]).await;
    assert!(alice.welcome().resumed);
    let answer = joined(&alice.request(Command::JoinRoom { room: tea, since: None }).await.unwrap()).unwrap();
    assert_eq!((answer.read_seq, answer.seq), (seq, Seq(1)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_with_a_clock_eight_days_ahead_removes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let clock = LeapingClock::new();
    let tea = room("tea");
    let mut server = start(folder.path(), &clock, &[]);
    desert(&server, &tea).await;
    let bob = server.connect("bob").await;
    server.signal(Signal::TERM);
    server.exit(LIMIT).await;

    clock.leap(EIGHT_DAYS);
    // With a message retention this short, the server checks for expired data at once.
    let server = start(folder.path(), &clock, &["--message-retention", "7d"]);
    let kept = "SELECT count(*) FROM messages WHERE content = 'for whoever comes back'";
    server.connect("carol").await;
    assert!(is_stored(folder.path(), kept).await, "the log of the empty room");
    server.says(NOTHING_IS_REMOVED).await;
    let mut bob = Person::resume(server.address, &bob.session(), &[]).await;
    assert!(bob.welcome().resumed, "the session did not end while the server did not run");
    let answer = bob.join(&tea).await;
    assert_eq!((answer.seq, answer.events.len()), (Seq(1), 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_old_is_removed_while_the_clock_runs_as_it_should() {
    let folder = tempfile::tempdir().unwrap();
    let clock = LeapingClock::new();
    clock.leap(-EIGHT_DAYS);
    let server = start(folder.path(), &clock, &["--room-retention", "2s"]);
    desert(&server, &room("tea")).await;
    stored(folder.path(), "SELECT NOT EXISTS (SELECT 1 FROM messages)").await;
}
