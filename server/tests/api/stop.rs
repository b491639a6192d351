//! Stopping: a close frame with a reconnect hint, everything stored, exit code 0. And starts that fail with a clear
//! message.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::harness::{
    Closed, Person, Process, TestServer, acked, change, chat, edit, general, new_id, places, react, unreact,
};

#[tokio::test]
async fn sigterm_says_goodbye_to_everybody_and_ends_with_0() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Process::start(folder.path(), &["--rate-limits", "off"]);
    let mut people = Vec::new();
    for number in 0..20 {
        people.push(server.connect(&format!("guest {number}")).await);
    }
    let mut silent = Person::open(server.address, "/ws").await;
    // Messages and changes that are in flight when the signal arrives.
    let first = people[0].say(&general(), "first").await.seq;
    let mut requests = Vec::new();
    for number in 0..300 {
        let command = match number % 3 {
            0 => chat(&general(), "on the way", new_id()),
            1 => change(&general(), first, edit(&format!("edited {number}"))),
            _ => change(&general(), first, [react("👍"), unreact("👍")][number / 3 % 2].clone()),
        };
        requests.push(people[0].ask(command).await);
    }
    people[0].answer(&requests[0]).await.unwrap();
    let begun = Instant::now();
    server.signal(Signal::TERM);

    let mut stored = Vec::new();
    let mut hints = Vec::new();
    for (number, mut person) in people.into_iter().enumerate() {
        loop {
            match person.try_next().await {
                Ok(frame) if number == 0 => stored.extend(acked(&frame)),
                Ok(_) => {}
                Err(Closed::With(code, reason)) => {
                    assert_eq!(code, 1001);
                    let hint = reason.strip_prefix("retry_after_ms=").unwrap_or_else(|| panic!("{reason}"));
                    hints.push(hint.parse::<u64>().unwrap());
                    break;
                }
                Err(Closed::Broken) => panic!("closed without a word"),
            }
        }
    }
    assert!(hints.iter().max() > hints.iter().min(), "the return is spread: {hints:?}");
    assert!(hints.iter().all(|&hint| hint <= 10_000), "{hints:?}");
    assert_eq!(silent.closed().await.code(), Some(1001), "also to those who have not signed in");
    let status = server.exit(Duration::from_secs(10)).await;
    assert_eq!(status.code(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(10));

    let server = Process::start(folder.path(), &[]);
    let mut reader = server.connect("reader").await;
    let places = places(&reader.everything(&general()).await);
    for ack in stored {
        let place = places.get(&ack.client_message_id.unwrap());
        assert_eq!(place, Some(&ack.seq), "what was acknowledged is stored");
    }
}

#[tokio::test]
async fn a_stop_does_not_wait_for_those_who_do_not_read_their_goodbye() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Process::start(folder.path(), &[]);
    let deaf = server.connect("deaf").await;
    let idle = tokio::net::TcpStream::connect(server.address).await.unwrap();
    server.signal(Signal::INT);
    let status = server.exit(Duration::from_secs(10)).await;
    assert_eq!(status.code(), Some(0));
    drop((deaf, idle));
}

#[tokio::test]
async fn a_taken_port_gives_one_sentence_that_names_it_and_the_flag() {
    let server = TestServer::start().await;
    let folder = tempfile::tempdir().unwrap();
    let output = Process::command(folder.path())
        .args(["--listen", &server.address.to_string()])
        .stdout(std::process::Stdio::piped())
        .output()
        .unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains(&server.address.port().to_string()) && said.contains("--listen"), "{said}");
    assert_eq!(said.trim().lines().count(), 1, "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[tokio::test]
async fn two_servers_do_not_share_a_data_folder() {
    let folder = tempfile::tempdir().unwrap();
    let first = Process::start(folder.path(), &[]);
    let output = Process::command(folder.path()).args(["--listen", "127.0.0.1:0"]).output().unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("--data-dir"), "{said}");
    first.connect("alice").await;
}

#[tokio::test]
async fn a_position_from_before_a_stop_still_means_something_after_it() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    let session = alice.session();
    let position = {
        let answer = alice.join(&general()).await;
        shared::Position { epoch: answer.epoch, seq: answer.seq }
    };
    alice.say(&general(), "before").await;
    drop(alice);
    let server = server.restart().await;
    let mut alice = server.resume(&session, &[(&general(), position)]).await;
    let answer = alice.expect(crate::harness::joined).await;
    assert!(!answer.snapshot, "the epoch outlives a stop in order");
    assert_eq!(answer.events.len(), 1);
}
