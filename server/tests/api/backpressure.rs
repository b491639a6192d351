//! Slow consumers do not affect other clients.

use std::time::{Duration, Instant};

use shared::limits::{CONTENT_GRAPHEMES, HISTORY_EVENTS};
use shared::{Seq, ServerFrame};

use crate::harness::{
    At, Closed, Follow, Process, chat, eventually, general, history, joined, message, new_id,
};

/// A text of the maximum length, in one-byte characters.
fn long(number: usize) -> String {
    let mut content = format!("{number} ");
    content.push_str(&"x".repeat(CONTENT_GRAPHEMES - content.len()));
    content
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_stops_is_cut_off_and_the_others_lose_nothing_and_do_not_wait() {
    const READERS: usize = 4;
    const MESSAGES: usize = 4_000;
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &["--rate-limits", "off"]);
    let mut stalled = server.connect("stalled").await;
    let session = stalled.session();
    let mut readers = Vec::new();
    for number in 0..READERS {
        let mut reader = server.connect(&format!("reader {number}")).await;
        let answer = reader.join(&general()).await;
        readers.push(tokio::spawn(async move {
            let mut follow = Follow::from(&mut reader, answer).await;
            let mut received = Vec::new();
            while received.len() < MESSAGES {
                follow.next(&mut reader).await;
                received.push(Instant::now());
            }
            received
        }));
    }
    let mut writer = server.connect("writer").await;
    let before = server.resident_kib();
    // Sixteen in flight: a steady load, without bursts that a healthy reader would notice.
    let mut sent = Vec::new();
    for number in 0..MESSAGES {
        writer.send(chat(&general(), &long(number), new_id())).await;
        sent.push(Instant::now());
        if number >= 16 {
            writer.expect(message).await;
        }
    }
    let mut times = Vec::new();
    for reader in readers {
        times.extend(reader.await.unwrap().into_iter().zip(&sent).map(|(received, sent)| received - *sent));
    }
    assert_eq!(times.len(), READERS * MESSAGES);
    times.sort();
    let p95 = times[times.len() * 95 / 100];
    assert!(p95 < Duration::from_millis(500), "p95 {p95:?}");
    let grown = server.resident_kib().saturating_sub(before);
    assert!(grown < 32 * 1024, "16 MB went through the room and the server grew by {grown} KiB");

    let cut = eventually("the stalled reader is counted", async || {
        let stats = server.stats().await;
        (stats["slow_consumers"] == 1).then_some(stats)
    });
    assert_eq!(cut.await["slow_consumers"], 1);
    // It then reads what was on the wire: complete frames only, and the close code.
    assert!(matches!(stalled.closed().await, Closed::With(4008, _)));
    let mut back = crate::harness::Person::open(server.address, "/ws").await;
    let auth = shared::Auth { session: Some(session), ..crate::harness::guest("x") };
    assert!(back.sign_in(auth).await.resumed, "and it may come back at once");
    let answer = back.expect(joined).await;
    assert_eq!(Follow::from(&mut back, answer).await.seq(), Seq(MESSAGES as u64));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_to_a_client_that_does_not_read_them_do_not_pile_up() {
    const REQUESTS: usize = 300;
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &["--rate-limits", "off"]);
    let mut greedy = server.connect("greedy").await;
    let mut head = Seq::ZERO;
    for number in 0..20 {
        head = greedy.say(&general(), &long(number)).await.seq;
    }
    let before = server.resident_kib();
    // 300 pages of 64 KB are 19 MB. The server stops reading, so the requests wait in this process.
    let history = || history(&general(), At::Latest, HISTORY_EVENTS);
    let mut requests = Vec::new();
    for _ in 0..REQUESTS {
        requests.push(greedy.ask(history()).await);
    }
    // Another client sends as many requests and reads the answers without delay; the first client's would have been
    // built meanwhile.
    let mut other = server.connect("other").await;
    for _ in 0..REQUESTS {
        other.request(history()).await.unwrap();
    }
    let grown = server.resident_kib().saturating_sub(before);
    assert!(grown < 12 * 1024, "the server grew by {grown} KiB");
    for request in &requests {
        match greedy.answer(request).await {
            Ok(ServerFrame::History(page)) => assert!(page.events.last().unwrap().seq() >= head),
            other => panic!("{other:?}"),
        }
    }
}
