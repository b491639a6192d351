//! Maintenance tasks: backups under load, restores, exports, retention.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Output;

use shared::{
    Action, ChangeMessage, Command, MessageId, Position, ResumeRoom, RoomEvent, RoomLog, Seq, ServerFrame,
};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::harness::{
    LIMIT, Person, Process, eventually, eventually_within, general, guest, joined, message, new_id, room,
    text,
};

const FREE: [&str; 2] = ["--rate-limits", "off"];

/// Runs a sub-command to its end.
async fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Process::command(folder);
    command.args(arguments);
    let ended = tokio::task::spawn_blocking(move || command.output().unwrap());
    timeout(3 * LIMIT, ended).await.expect("the command ends in time").unwrap()
}

async fn succeed(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments).await;
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

async fn fail(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments).await;
    assert!(!output.status.success(), "{arguments:?} should have failed");
    String::from_utf8(output.stderr).unwrap()
}

/// Posts messages, and edits every third one, until `stop` is cancelled. Sends the seqs of acked messages.
async fn write_on(
    mut person: Person,
    acked_so_far: tokio::sync::mpsc::Sender<Seq>,
    stop: CancellationToken,
) -> Person {
    for number in 0.. {
        if stop.is_cancelled() {
            break;
        }
        let ack = person.say(&general(), &format!("text {number}")).await;
        if number % 3 == 0 {
            let action = Action::EditMessage { content: text(&format!("edited {number}")) };
            let change = ChangeMessage {
                action,
                room: general(),
                target: ack.seq,
                epoch: None,
                client_message_id: Some(new_id()),
            };
            person.request(Command::Change(change)).await.unwrap();
        }
        acked_so_far.send(ack.seq).await.unwrap();
    }
    person
}

/// Reads all messages of `general`, page by page.
async fn everything(person: &mut Person) -> HashMap<Seq, MessageId> {
    let (mut found, mut after) = (HashMap::new(), Seq::ZERO);
    loop {
        let command = Command::History {
            room: general(),
            before: None,
            after: Some(after),
            around: None,
            limit: Some(200),
        };
        let Ok(ServerFrame::History(page)) = person.request(command).await else { panic!("a page") };
        for event in &page.events {
            let RoomEvent::Posted(posted) = event else { panic!("messages only") };
            found.insert(posted.seq, posted.message_id);
        }
        after = page.end;
        if !page.more {
            return found;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_taken_under_load_restores_and_clients_of_the_old_server_resync() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let backup = other.path().join("backup.db");
    let (backup_name, fresh) = (backup.to_str().unwrap(), other.path().join("data"));
    std::fs::create_dir(&fresh).unwrap();

    let server = Process::start(folder.path(), &FREE);
    let (stop, mut writers) = (CancellationToken::new(), Vec::new());
    let (sender, mut acks) = tokio::sync::mpsc::channel(10_000);
    for name in ["alice", "bob", "carol"] {
        let person = server.connect(name).await;
        writers.push(tokio::spawn(write_on(person, sender.clone(), stop.clone())));
    }
    let mut before = HashSet::new();
    while before.len() < 150 {
        before.insert(timeout(LIMIT, acks.recv()).await.unwrap().unwrap());
    }
    while let Ok(seq) = acks.try_recv() {
        before.insert(seq);
    }
    let said = succeed(folder.path(), &["backup", backup_name]).await;
    assert!(said.contains("holds everything"), "{said}");
    // The load continues: the old server has more messages than the backup.
    for _ in 0..100 {
        timeout(LIMIT, acks.recv()).await.unwrap().unwrap();
    }
    stop.cancel();
    let mut people = Vec::new();
    for writer in writers {
        people.push(writer.await.unwrap());
    }
    let mut alice = people.remove(0);
    let old = alice.join(&general()).await;
    let session = alice.session();
    assert!(succeed(folder.path(), &["check"]).await.contains("Every log is whole."), "while it runs");
    server.kill();

    assert!(fail(folder.path(), &["restore", backup_name]).await.contains("holds data already"));
    assert!(succeed(&fresh, &["restore", backup_name]).await.contains("Every log is whole."));
    let server = Process::start(&fresh, &FREE);
    let mut alice = Person::open(server.address, "/ws").await;
    let rooms =
        vec![ResumeRoom { room: general(), since: Some(Position { epoch: old.epoch, seq: old.seq }) }];
    let auth = shared::Auth { session: Some(session), rooms: Some(rooms), ..guest("alice") };
    let welcome = alice.sign_in(auth).await;
    assert!(welcome.resumed, "the session is in the backup");
    let new = alice.expect(joined).await;
    assert!(new.snapshot && new.epoch != old.epoch, "places of the old log mean nothing");
    assert!(new.seq < old.seq);
    let mut log = RoomLog::from_snapshot(Position { epoch: new.epoch, seq: new.seq }, new.start, &new.events);

    let restored = everything(&mut alice).await;
    assert!(before.iter().all(|seq| restored.contains_key(seq)), "acked before the backup began");
    let ack = alice.say(&general(), "and on it goes").await;
    assert_eq!(ack.seq, new.seq.next());
    let posted = alice.expect(message).await;
    log.apply(&RoomEvent::Posted(posted));
    assert_eq!(log.head(), ack.seq);
    assert!(succeed(&fresh, &["check"]).await.contains("Every log is whole."));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_has_every_room_with_every_event_in_its_order() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &FREE);
    let mut alice = server.connect("花子").await;
    let tea = room("お茶/..\\room");
    alice.join(&tea).await;
    let ack = alice.say(&tea, "こんにちは\n\"quoted\"").await;
    let change = |action| {
        Command::Change(ChangeMessage {
            action,
            room: tea.clone(),
            target: ack.seq,
            epoch: None,
            client_message_id: None,
        })
    };
    alice.request(change(Action::PinMessage)).await.unwrap();
    alice.request(change(Action::EditMessage { content: text("さようなら") })).await.unwrap();
    let export = folder.path().join("export");
    succeed(folder.path(), &["export", export.to_str().unwrap()]).await;
    assert!(fail(folder.path(), &["export", export.to_str().unwrap()]).await.contains("exists already"));

    let files: Vec<_> = std::fs::read_dir(&export).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 2, "{files:?}");
    let file = files.iter().find(|file| file.to_str().unwrap().contains("お茶")).unwrap();
    let lines = std::fs::read_to_string(file).unwrap();
    let (heading, events) = lines.split_once('\n').unwrap();
    let heading: serde_json::Value = serde_json::from_str(heading).unwrap();
    assert_eq!((heading["room"].as_str(), heading["seq"].as_u64()), (Some(tea.as_str()), Some(3)));
    let events: Vec<RoomEvent> = events.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.iter().map(|event| event.seq().0).collect::<Vec<_>>(), [1, 2, 3]);
    let RoomEvent::Posted(posted) = &events[0] else { panic!("{events:?}") };
    assert_eq!(posted.content.as_ref().unwrap().as_str(), "さようなら");
    assert!(posted.pinned);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_that_is_none_and_a_folder_without_data_are_told_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.txt");
    std::fs::write(&file, "not a database, but long enough to be looked at as if it were one").unwrap();
    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    assert!(fail(&empty, &["restore", file.to_str().unwrap()]).await.contains("is no backup of ours"));
    assert!(!empty.join("hiroba.db").exists(), "nothing is made of it");
    assert!(fail(&empty, &["backup", "x.db"]).await.contains("there is no data in"));
    assert!(fail(&empty, &["restore", "missing.db"]).await.contains("there is no backup"));
}

/// Files that SQLite may leave beside a database.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Creates a backup of a room with one message, in `folder`.
async fn backup_of(folder: &Path, message: &str) -> PathBuf {
    let data = folder.join("data");
    std::fs::create_dir(&data).unwrap();
    let server = Process::start(&data, &FREE);
    server.connect("alice").await.say(&general(), message).await;
    let backup = folder.join("backup.db");
    succeed(&data, &["backup", backup.to_str().unwrap()]).await;
    backup
}

fn exists(folder: &Path, name: &str) -> bool {
    folder.join(name).exists()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_earlier_database_left_is_never_mixed_into_another_one() {
    let (old, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let backup = backup_of(other.path(), "from the backup").await;
    let restore = ["restore", backup.to_str().unwrap()];
    let server = Process::start(old.path(), &FREE);
    let mut alice = server.connect("alice").await;
    for number in 0..20 {
        alice.say(&general(), &format!("after the backup {number}")).await;
    }
    server.kill();
    let moved = other.path().join("moved.db");
    std::fs::rename(old.path().join("hiroba.db"), &moved).unwrap();
    let wal = std::fs::read(old.path().join("hiroba.db-wal")).unwrap();
    assert!(!wal.is_empty(), "or this test shows nothing");

    // Neither a restore nor a start replaces the missing database, and neither destroys the WAL that is left.
    for task in [&restore[..], &["--listen", "127.0.0.1:0"]] {
        let said = fail(old.path(), task).await;
        assert!(said.contains("hiroba.db-wal is left of an earlier") && said.contains("Move it"), "{said}");
        assert!(!exists(old.path(), "hiroba.db"), "nothing is made");
        assert_eq!(std::fs::read(old.path().join("hiroba.db-wal")).unwrap(), wal);
    }
    for suffix in BESIDE {
        let _ = std::fs::remove_file(old.path().join(format!("hiroba.db{suffix}")));
    }
    for suffix in BESIDE {
        let left = old.path().join(format!("hiroba.db{suffix}"));
        std::fs::write(&left, "of another database").unwrap();
        assert!(fail(old.path(), &restore).await.contains(&format!("hiroba.db{suffix} is left")), "{suffix}");
        std::fs::remove_file(left).unwrap();
        // Leftovers of an earlier restore or index are ours and are removed.
        for ours in ["hiroba.db.partial", "hiroba-search.db"] {
            std::fs::write(old.path().join(format!("{ours}{suffix}")), &wal).unwrap();
        }
    }
    assert!(succeed(old.path(), &restore).await.contains("1 rooms, 1 messages"));
    let server = Process::start(old.path(), &FREE);
    let events = server.connect("reader").await.everything(&general()).await;
    assert_eq!(events.len(), 1, "{events:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_out_of_a_data_folder_is_not_taken_for_a_backup_while_its_newest_messages_lie_beside_it() {
    let (old, fresh) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = Process::start(old.path(), &FREE);
    server.connect("alice").await.say(&general(), "only in the WAL").await;
    server.kill();
    let file = old.path().join("hiroba.db");
    let said = fail(fresh.path(), &["restore", file.to_str().unwrap()]).await;
    assert!(said.contains("hiroba.db-wal holds what is not in it yet"), "{said}");
    assert!(!exists(fresh.path(), "hiroba.db"), "nothing is made");

    let backup = fresh.path().join("backup.db");
    let stale = fresh.path().join("backup.db-wal");
    std::fs::write(&stale, "of another database").unwrap();
    let said = fail(old.path(), &["backup", backup.to_str().unwrap()]).await;
    assert!(said.contains("backup.db-wal is left of an earlier"), "{said}");
    std::fs::remove_file(stale).unwrap();
    succeed(old.path(), &["backup", backup.to_str().unwrap()]).await;
    assert!(succeed(fresh.path(), &["restore", backup.to_str().unwrap()]).await.contains("1 messages"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_of_an_age_are_gone_for_everybody_and_the_order_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &["--rate-limits", "off", "--message-retention", "2s"]);
    let mut alice = server.connect("alice").await;
    let old = alice.join(&general()).await;
    let first = alice.say(&general(), "too old soon").await;
    let mut log = RoomLog::empty(old.epoch, old.seq);
    let trimmed = alice
        .expect(|frame| match frame {
            ServerFrame::Event(event) => {
                log.apply(event);
                matches!(event, RoomEvent::Changed(_)).then(|| event.seq())
            }
            _ => None,
        })
        .await;
    assert_eq!((trimmed, log.len()), (first.seq.next(), 0), "the page forgets it too");
    let kept = alice.say(&general(), "young").await;
    assert_eq!(kept.seq, trimmed.next());

    // The old position cannot be resumed any more: the client gets a full snapshot, not a part of the log.
    let mut bob = Person::open(server.address, "/ws").await;
    let rooms =
        vec![ResumeRoom { room: general(), since: Some(Position { epoch: old.epoch, seq: old.seq }) }];
    bob.sign_in(shared::Auth { rooms: Some(rooms), ..guest("bob") }).await;
    let answer = bob.expect(joined).await;
    assert!(answer.snapshot && answer.start == Seq::ZERO, "{answer:?}");
    assert!(succeed(folder.path(), &["check"]).await.contains("Every log is whole."));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_of_a_deserted_room_is_purged_and_its_name_begins_anew() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &["--rate-limits", "off", "--room-retention", "1s"]);
    let tea = room("お茶");
    let mut alice = server.connect("alice").await;
    let old = alice.join(&tea).await;
    alice.say(&tea, "nobody comes back for this").await;
    alice.leave(&tea).await;
    let database = folder.path().join("hiroba.db");
    let found = || {
        let wal = std::fs::read(database.with_extension("db-wal")).unwrap_or_default();
        let bytes = [std::fs::read(&database).unwrap(), wal].concat();
        bytes.windows(11).any(|window| window == b"nobody come")
    };
    eventually("the log is purged", async || {
        let checked = run(folder.path(), &["check"]).await;
        String::from_utf8(checked.stdout).unwrap().starts_with("1 rooms, 0 messages").then_some(())
    })
    .await;
    let new = alice.join(&tea).await;
    assert!(new.epoch != old.epoch && new.seq == Seq::ZERO && new.events.is_empty(), "{new:?}");
    assert_eq!(alice.say(&tea, "a new beginning").await.seq, Seq(1));
    drop(alice);
    let mut server = server;
    server.signal(rustix::process::Signal::TERM);
    server.exit(LIMIT).await;
    assert!(!found(), "the text is gone from the files too");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_nobody_writes_the_write_ahead_logs_go_back_to_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &FREE);
    let mut alice = server.connect("alice").await;
    alice.say(&general(), "a few words").await;
    let wals = ["hiroba.db-wal", "hiroba-search.db-wal"].map(|name| folder.path().join(name));
    let bytes = || wals.each_ref().map(|wal| wal.metadata().map_or(0, |metadata| metadata.len()));
    assert!(bytes()[0] > 0, "or this test shows nothing");
    let quiet = async || (bytes() == [0, 0]).then_some(());
    eventually_within(3 * LIMIT, "both are empty", quiet).await;
    alice.say(&general(), "and on it goes").await;
    assert!(bytes()[0] > 0);
}
