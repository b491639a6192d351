//! A disk that stalls for a while: requests wait, and no client is cut off.

use std::time::{Duration, Instant};

use shared::{Command, ErrorCode, ServerFrame};
use sqlx::{Connection, SqliteConnection};

use crate::harness::{Process, room};

/// Longer than the idle timeout of a silent peer.
const STALL: Duration = Duration::from_secs(42);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_stalls_for_longer_than_a_silence_may_last_cuts_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &["--rate-limits", "off"]);
    let mut alice = server.connect("alice").await;
    let path = folder.path().join("hiroba.db");
    let mut other = SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    // Each of these waits for the disk. Meanwhile the server reads nothing from her, not even pongs.
    let begun = Instant::now();
    let mut requests = Vec::new();
    for number in 0..40 {
        let command = Command::JoinRoom { room: room(&format!("room {number}")), since: None };
        requests.push(alice.ask(command).await);
    }
    let release = tokio::spawn(async move {
        tokio::time::sleep(STALL).await;
        sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    });
    for request in &requests {
        let answer = alice.expect_within(STALL * 2, |frame| match frame {
            ServerFrame::Joined(joined) if joined.id.as_ref() == Some(request) => Some(None),
            ServerFrame::Error { failure, .. } if failure.id.as_ref() == Some(request) => {
                Some(Some(failure.code))
            }
            _ => None,
        });
        let refused = answer.await;
        assert!(refused.is_none_or(|code| code == ErrorCode::Unavailable), "{refused:?}");
    }
    assert!(begun.elapsed() >= STALL, "the last ones waited until the end");
    release.await.unwrap();
    alice.join(&room("after all that")).await;
}
