//! `kill -9`: everything that was acked is stored.

use std::collections::{HashMap, HashSet};

use shared::{ClientMessageId, Command, Seq};
use tokio::time::timeout;

use crate::harness::{
    At, Follow, LIMIT, Person, Process, acked, change_as, chat, edit, general, history, joined, new_id,
    places, react, unreact,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_message_survives_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let (mut all, mut head) = (Vec::new(), Seq::ZERO);
    for round in 0..3 {
        let server = Process::start(folder.path(), &["--rate-limits", "off"]);
        let (stop, mut writers) = (tokio_util::sync::CancellationToken::new(), Vec::new());
        for name in ["alice", "bob", "carol"] {
            let (mut person, stop) = (server.connect(&format!("{name} {round}")).await, stop.clone());
            writers.push(tokio::spawn(async move {
                let mut acks = Vec::new();
                for number in 0.. {
                    let content = format!("{round} {number}");
                    let id = new_id();
                    let command = chat(&general(), &content, id);
                    let frame = serde_json::to_string(&shared::Request { id: None, command }).unwrap();
                    if person.try_send_text(&frame).await.is_err() {
                        break;
                    }
                    // The server is killed with messages in flight: every ack received before the end counts.
                    while let Ok(received) = person.receive().await {
                        if let Some(ack) = acked(&received.1) {
                            acks.push(ack);
                            break;
                        }
                    }
                    if acks.len() == 150 {
                        stop.cancel();
                    }
                }
                acks
            }));
        }
        timeout(3 * LIMIT, stop.cancelled()).await.expect("messages are acknowledged");
        server.kill();
        let mut round_acks = Vec::new();
        for writer in writers {
            round_acks.extend(writer.await.unwrap());
        }
        assert!(round_acks.len() >= 150);
        assert!(round_acks.iter().all(|ack| ack.seq > head), "the order goes on after the restart");
        head = round_acks.iter().map(|ack| ack.seq).max().unwrap();
        all.extend(round_acks);
    }

    let server = Process::start(folder.path(), &["--rate-limits", "off"]);
    let mut reader = server.connect("reader").await;
    let answer = reader.join(&general()).await;
    let since = shared::Position { epoch: answer.epoch, seq: Seq::ZERO };
    let command = Command::JoinRoom { room: general(), since: Some(since) };
    let mut log = Vec::new();
    let answer = joined(&reader.request(command).await.unwrap()).unwrap();
    if answer.snapshot {
        // More events than a resume replays: read the history page by page.
        let mut after = Seq::ZERO;
        loop {
            let answer = reader.request(history(&general(), At::After(after.0), 200)).await;
            let Ok(shared::ServerFrame::History(page)) = answer else { panic!("history is read") };
            for event in page.events {
                let shared::RoomEvent::Posted(posted) = event else { panic!("{event:?}") };
                assert_eq!(posted.seq, after.next(), "no holes");
                after = posted.seq;
                log.push(posted);
            }
            if !page.more {
                break;
            }
        }
    } else {
        log = Follow::from(&mut reader, answer).await.messages();
        assert_eq!(log[0].seq, Seq(1));
    }
    for ack in &all {
        let posted = log.get(ack.seq.0 as usize - 1).expect("an acknowledged message is lost");
        assert_eq!((posted.message_id, posted.client_message_id), (ack.message_id, ack.client_message_id));
    }
    let ids: HashSet<_> = log.iter().map(|posted| posted.client_message_id).collect();
    assert_eq!(ids.len(), log.len(), "nothing is there twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sent_again_after_kill_9_is_there_once() {
    const EACH: usize = 12;
    let folder = tempfile::tempdir().unwrap();
    let mut server = Process::start(folder.path(), &["--rate-limits", "off"]);
    let mut alice = server.connect("alice").await;
    let answer = alice.join(&general()).await;
    let mut follow = Follow::from(&mut alice, answer).await;
    let first = alice.say(&general(), "first").await.seq;
    let (session, mut sent, mut acks) = (alice.session(), 1, HashMap::new());
    let mut unsent: Vec<(ClientMessageId, Command)> = Vec::new();
    for round in 0..4 {
        for number in 0..EACH {
            let id = new_id();
            let command = match number % 4 {
                0 => chat(&general(), &format!("{round} {number}"), id),
                1 => change_as(&general(), first, edit(&format!("first, {round} {number}")), id),
                2 => change_as(&general(), first, react("👍"), id),
                _ => change_as(&general(), first, unreact("👍"), id),
            };
            unsent.push((id, command));
            sent += 1;
        }
        for (_, command) in &unsent {
            alice.send(command.clone()).await;
        }
        // Kill after the first ack, in the middle, or after the last one: the acked and the stored messages then
        // differ.
        let enough = acks.len() + [1, EACH / 2, EACH - 1, usize::MAX / 2][round];
        while acks.len() < enough && !unsent.is_empty() {
            let frame = alice.try_next().await.expect("the server is still there");
            follow.hear(&frame);
            let Some(ack) = acked(&frame) else { continue };
            let id = ack.client_message_id.unwrap();
            assert!(acks.insert(id, ack.seq).is_none_or(|seq| seq == ack.seq));
            unsent.retain(|(other, _)| *other != id);
        }
        server.kill();
        server = Process::start(folder.path(), &["--rate-limits", "off"]);
        alice = Person::resume(server.address, &session, &[(&general(), follow.position())]).await;
        assert!(alice.welcome().resumed, "who was told anything is known");
        let answer = alice.expect(joined).await;
        follow.resume(&mut alice, answer).await;
    }
    assert!(unsent.is_empty());
    follow.check(&mut alice).await;
    assert_eq!(follow.seq(), Seq(sent), "everything, and nothing twice");

    let places = places(&alice.everything(&general()).await);
    assert_eq!(places.len() as u64, sent);
    assert!(acks.iter().all(|(id, seq)| places[id] == *seq), "where the acks said");
}
