//! Another process holds the database's write lock, so that the server's commits are refused: whatever was acked is
//! stored, and write-behind changes are stored later.

use std::path::Path;
use std::time::Duration;

use rustix::process::Signal;
use shared::{Auth, Command, ErrorCode, Seq, ServerFrame};

use crate::harness::{
    LIMIT, Person, Process, WriteLock, chat, database, eventually, general, guest, is_stored, joined, new_id,
    room,
};

/// Longer than the server waits for the lock, on a busy machine.
const REFUSED_WITHIN: Duration = Duration::from_secs(20);

/// Waits until all writes queued before are refused. Two batches are needed: writes queued while one batch waits for
/// the lock are in the next.
async fn refusals(person: &mut Person) {
    for _ in 0..2 {
        let id = person.ask(chat(&general(), "refused", new_id())).await;
        let refused = person.expect_within(REFUSED_WITHIN, |frame| match frame {
            ServerFrame::Error { failure, .. } if failure.id.as_ref() == Some(&id) => Some(failure.code),
            _ => None,
        });
        assert_eq!(refused.await, ErrorCode::Unavailable);
    }
}

/// Waits until a query on the database returns more than 0.
async fn stored(folder: &Path, question: &'static str) {
    eventually(question, async || is_stored(folder, question).await.then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_is_welcomed_only_when_it_is_stored() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &[]);
    server.connect("bob").await;
    let lock = WriteLock::take(folder.path()).await;
    let mut alice = Person::open(server.address, "/ws").await;
    alice.send(Command::Auth(guest("alice"))).await;
    let answer = alice.expect_within(REFUSED_WITHIN, |frame| Some(frame.clone())).await;
    let ServerFrame::Error { failure, .. } = answer else { panic!("{answer:?} while nothing can be stored") };
    assert_eq!(failure.code, ErrorCode::Unavailable);

    lock.release().await;
    let welcome = alice.sign_in(guest("alice")).await;
    assert_eq!(welcome.username.as_str(), "alice", "the name is not held by the one who was refused");
    server.kill();
    let server = Process::start(folder.path(), &[]);
    let again = Person::resume(server.address, &alice.session(), &[]).await;
    assert!(again.welcome().resumed, "who was welcomed is known");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memberships_and_marks_that_were_refused_are_stored_later() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &["--rate-limits", "off"]);
    let tea = room("tea");
    let (mut alice, mut bob) = (server.connect("alice").await, server.connect("bob").await);
    bob.join(&tea).await;
    bob.say(&tea, "read by alice").await;
    alice.join(&room("left")).await;
    stored(
        folder.path(),
        "SELECT count(*) FROM memberships WHERE room = (SELECT id FROM rooms WHERE name = 'left')",
    )
    .await;

    let lock = WriteLock::take(folder.path()).await;
    alice.join(&tea).await;
    alice.leave(&room("left")).await;
    alice.send(Command::MarkRead { room: tea.clone(), seq: Seq(1) }).await;
    refusals(&mut bob).await;
    lock.release().await;
    for question in [
        "SELECT count(*) FROM memberships JOIN users ON users.id = user JOIN rooms ON rooms.id = room
         WHERE users.name = 'alice' AND rooms.name = 'tea'",
        "SELECT count(*) FROM reads JOIN users ON users.id = user JOIN rooms ON rooms.id = room
         WHERE users.name = 'alice' AND rooms.name = 'tea' AND read_seq = 1",
        "SELECT count(*) FROM rooms WHERE name = 'left' AND empty_since IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM memberships WHERE room = rooms.id)",
    ] {
        stored(folder.path(), question).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_stores_what_was_refused_before() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Process::start(folder.path(), &["--rate-limits", "off"]);
    let tea = room("tea");
    let (mut alice, mut bob) = (server.connect("alice").await, server.connect("bob").await);
    bob.join(&tea).await;
    let lock = WriteLock::take(folder.path()).await;
    alice.join(&tea).await;
    refusals(&mut bob).await;
    server.signal(Signal::TERM);
    alice.closed().await;
    lock.release().await;
    assert_eq!(server.exit(LIMIT).await.code(), Some(0));
    let member = "SELECT count(*) FROM memberships JOIN users ON users.id = user WHERE users.name = 'alice'
                  AND room = (SELECT id FROM rooms WHERE name = 'tea')";
    assert!(is_stored(folder.path(), member).await);
}

/// Simulates that the store lost the write "this room is live".
async fn lose_that_it_is_live(folder: &Path) {
    let sql = "UPDATE rooms SET empty_since = 1 WHERE name = 'tea'";
    sqlx::query(sql).execute(&mut database(folder).await).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_purge_spares_a_room_that_is_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &["--rate-limits", "off", "--room-retention", "1s"]);
    let (mut alice, tea) = (server.connect("alice").await, room("tea"));
    let before = alice.join(&tea).await;
    alice.say(&tea, "one").await;
    stored(
        folder.path(),
        "SELECT count(*) FROM memberships WHERE room = (SELECT id FROM rooms WHERE name = 'tea')",
    )
    .await;
    lose_that_it_is_live(folder.path()).await;
    // Waits until the store learned that the room is in use, or purged it.
    stored(folder.path(), "SELECT NOT EXISTS (SELECT 1 FROM rooms WHERE name = 'tea' AND empty_since = 1)")
        .await;
    assert_eq!(alice.say(&tea, "two").await.seq, Seq(2));
    let mut bob = Person::open(server.address, "/ws").await;
    bob.sign_in(Auth { rooms: Some(Vec::new()), ..guest("bob") }).await;
    let answer = bob.request(Command::JoinRoom { room: tea, since: None }).await.unwrap();
    let answer = joined(&answer).unwrap();
    assert_eq!((answer.epoch, answer.seq, answer.events.len()), (before.epoch, Seq(2), 2));
}

/// A server that is started again by its supervisor comes up by itself once the other program is done.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_waits_for_the_lock() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &[]);
    server.connect("alice").await.say(&general(), "before").await;
    server.kill();
    let lock = WriteLock::take(folder.path()).await;
    let log = folder.path().join("log");
    let (server, ()) = tokio::join!(Process::start_with_log(folder.path(), &[], &log), async {
        eventually("the start says that it waits", async || {
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            said.contains("the start waits").then_some(())
        })
        .await;
        lock.release().await;
    });
    server.connect("bob").await.say(&general(), "after").await;
}
