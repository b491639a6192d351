//! Full disk: nothing is acked that is not stored, the operator is told, and the server recovers without a restart once
//! there is space.
//!
//! The test lowers and raises the process's file size limit at run time: writes then fail as on a full disk, at any
//! byte that the test chooses, and no file system has to be mounted for it.

use std::path::Path;

use reqwest::StatusCode;
use rustix::process::Signal;
use shared::{Command, ErrorCode, Seq, ServerFrame};

use crate::harness::{
    LIMIT, Person, Process, acked, chat, eventually, everything_is_whole, general, new_id, places,
};

const FREE: [&str; 2] = ["--rate-limits", "off"];

async fn readyz(server: &Process) -> StatusCode {
    reqwest::get(format!("http://{}/readyz", server.address)).await.unwrap().status()
}

/// Posts long messages until one is refused. Returns how many were acked.
async fn write_until_refused(person: &mut Person) -> u64 {
    let content = "あ".repeat(4_000);
    for stored in 0..1_000 {
        let id = Some(new_id());
        match person.request(chat(&general(), &content, id)).await {
            Ok(frame) => assert!(acked(&frame).is_some(), "{frame:?}"),
            Err(failure) => {
                assert_eq!((failure.code, failure.client_message_id), (ErrorCode::Unavailable, id));
                return stored;
            }
        }
    }
    panic!("the disk does not fill");
}

/// Returns the size of the largest data file.
fn largest(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).unwrap();
    files.map(|file| file.unwrap().metadata().unwrap().len()).max().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_disk_has_room_again_everything_goes_on_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log.txt");
    let mut server = Process::start_with_log(folder.path(), &FREE, &log).await;
    let (mut alice, mut reader) = (server.connect("alice").await, server.connect("reader").await);
    let mut stored = 0;
    // No space at all; space for part of a few commits; space up to the end of a page of the log.
    for room in [0, 100_001, 8_240] {
        let limit = if room == 0 { 0 } else { largest(folder.path()) + room };
        server.limit_files(Some(limit));
        stored += write_until_refused(&mut alice).await;
        // With some space left, the write of the readiness check may fit.
        if room == 0 {
            assert_eq!(readyz(&server).await, StatusCode::SERVICE_UNAVAILABLE);
        }
        let pong = alice.request(Command::Ping).await.unwrap();
        assert!(matches!(pong, ServerFrame::Pong { .. }), "the connection stays usable");
        assert!(!server.is_over(), "and so does the server");

        server.limit_files(None);
        eventually("it is ready by itself", async || (readyz(&server).await == StatusCode::OK).then_some(()))
            .await;
        let ack = alice.say(&general(), &format!("room for number{room}")).await;
        stored += 1;
        assert_eq!(ack.seq, Seq(stored), "what was acknowledged is there, and nothing else");
        let hits = tokio::sync::Mutex::new(&mut reader);
        let query = format!("number{room}");
        eventually("the index catches up", async || {
            let command = Command::Search { query: query.clone(), limit: None, cursor: None };
            let answer = hits.lock().await.request(command).await;
            matches!(answer, Ok(ServerFrame::SearchResults(found)) if found.hits.len() == 1).then_some(())
        })
        .await;
    }
    let events = reader.everything(&general()).await;
    assert_eq!(places(&events).len() as u64, stored);
    server.signal(Signal::TERM);
    assert_eq!(server.exit(LIMIT).await.code(), Some(0));
    everything_is_whole(folder.path());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_beside_a_full_disk_survives_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &FREE);
    let mut alice = server.connect("alice").await;
    let first = alice.say(&general(), "there is room").await;
    server.limit_files(Some(largest(folder.path()) + 300_000));
    let stored = first.seq.0 + write_until_refused(&mut alice).await;
    server.kill();

    let server = Process::start(folder.path(), &FREE);
    let mut reader = server.connect("reader").await;
    assert_eq!(places(&reader.everything(&general()).await).len() as u64, stored);
    assert_eq!(readyz(&server).await, StatusCode::OK);
}
