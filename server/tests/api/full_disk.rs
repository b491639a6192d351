//! A disk without room: nothing is acknowledged that is not stored, and the operator is told.

use std::process::Command as Program;

use shared::{Command, ErrorCode, Seq, ServerFrame};

use crate::harness::{Process, acked, chat, general, joined, new_id};

/// The largest file that the server may write, in the blocks of `ulimit -f`: 2 or 4 MiB, as the shell counts.
const BLOCKS: &str = "4096";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_room_on_the_disk_nothing_is_acknowledged_and_readyz_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let limited = |program: Program| {
        let mut shell = Program::new("sh");
        shell.args(["-c", &format!("trap '' XFSZ; ulimit -f {BLOCKS}; exec \"$0\" \"$@\"")]);
        shell.arg(program.get_program()).args(program.get_args());
        shell
    };
    let server = Process::start_as(folder.path(), &["--rate-limits", "off"], limited);
    let mut alice = server.connect("alice").await;
    let content = "あ".repeat(4_000);
    let mut stored = Vec::new();
    let refused = loop {
        assert!(stored.len() < 1_000, "the disk does not fill");
        let id = Some(new_id());
        match alice.request(chat(&general(), &content, id)).await {
            Ok(frame) => stored.push(acked(&frame).unwrap()),
            Err(failure) => break (failure, id),
        }
    };
    assert_eq!((refused.0.code, refused.0.client_message_id), (ErrorCode::Unavailable, refused.1));
    let readyz = reqwest::get(format!("http://{}/readyz", server.address)).await.unwrap();
    assert_eq!(readyz.status(), 503);
    let pong = alice.request(Command::Ping).await.unwrap();
    assert!(matches!(pong, ServerFrame::Pong { .. }), "the connection stays usable");
    server.kill();

    let server = Process::start(folder.path(), &["--rate-limits", "off"]);
    let mut reader = server.connect("reader").await;
    let answer =
        joined(&reader.request(Command::JoinRoom { room: general(), since: None }).await.unwrap()).unwrap();
    assert_eq!(answer.seq, Seq(stored.len() as u64), "what was acknowledged is there, and nothing else");
    let ready = reqwest::get(format!("http://{}/readyz", server.address)).await.unwrap();
    assert_eq!(ready.status(), 200);
}
