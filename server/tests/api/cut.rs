//! The connection breaks between a request and its answer: what is sent again is stored exactly once.

use std::collections::{BTreeMap, VecDeque};

use shared::{Action, ClientMessageId, Command, Seq, ServerFrame};

use crate::harness::proxy::Proxy;
use crate::harness::{
    Follow, Person, TestServer, acked, change_as, chat, edit, general, joined, message, new_id, places,
    react, said, unreact,
};

#[tokio::test]
async fn a_line_cut_between_storing_and_the_answer_leaves_one_message() {
    let server = TestServer::start().await;
    let proxy = Proxy::start(server.address).await;
    let mut bob = server.connect("bob").await;
    let mut alice = Person::open(proxy.address, "/ws").await;
    alice.sign_in(crate::harness::guest("alice")).await;
    let answer = alice.expect(joined).await;
    let mut follow = Follow::from(&mut alice, answer).await;

    // The message is stored and delivered, but its author gets no ack.
    proxy.deafen();
    let id = new_id();
    alice.send(chat(&general(), "once", id)).await;
    let seen = bob.expect(message).await;
    assert_eq!(seen.client_message_id, Some(id));
    proxy.cut();
    assert!(alice.try_next().await.is_err(), "no ack got through");

    let session = alice.session();
    let mut alice = Person::resume(proxy.address, &session, &[(&general(), follow.position())]).await;
    let answer = alice.expect(joined).await;
    follow.resume(&mut alice, answer).await;
    assert_eq!(follow.texts(), ["once"], "the resume tells it already");
    let ack = alice.say_as(&general(), "once", id).await.unwrap();
    assert_eq!((ack.seq, ack.message_id), (seen.seq, seen.message_id), "the ack that was lost");
    alice.expect_none(message).await;
    bob.expect_none(message).await;
    follow.check(&mut alice).await;
}

#[tokio::test]
async fn a_line_cut_before_storing_leaves_one_message() {
    let server = TestServer::start().await;
    let proxy = Proxy::start(server.address).await;
    let mut bob = server.connect("bob").await;
    let mut alice = Person::open(proxy.address, "/ws").await;
    alice.sign_in(crate::harness::guest("alice")).await;
    alice.expect(joined).await;
    proxy.mute();
    let id = new_id();
    alice.send(chat(&general(), "lost at first", id)).await;
    proxy.cut();
    assert!(alice.try_next().await.is_err());

    let session = alice.session();
    let mut alice = Person::resume(proxy.address, &session, &[]).await;
    alice.say_as(&general(), "lost at first", id).await.unwrap();
    assert_eq!(said(&bob.expect(message).await), "lost at first");
    bob.expect_none(message).await;
    let events = alice.everything(&general()).await;
    assert_eq!((events.len(), places(&events)[&id]), (1, Seq(1)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_often_the_line_is_cut_everything_is_there_exactly_once() {
    const ROUNDS: usize = 24;
    const EACH: usize = 8;
    let server = TestServer::start().await;
    let proxy = Proxy::start(server.address).await;
    // Another guest posts and reacts meanwhile.
    let mut bob = server.connect("bob").await;
    let mut alice = Person::open(proxy.address, "/ws").await;
    alice.sign_in(crate::harness::guest("alice")).await;
    let answer = alice.expect(joined).await;
    let mut follow = Follow::from(&mut alice, answer).await;
    let first = alice.say_as(&general(), "first", new_id()).await.unwrap().seq;

    let mut unsent: VecDeque<(ClientMessageId, Command)> = VecDeque::new();
    let (mut sent, mut acks) = (1, BTreeMap::new());
    for round in 0..=ROUNDS {
        for number in (0..EACH).filter(|_| round < ROUNDS) {
            let id = new_id();
            let emoji = ["👍", "🎉"][round % 2];
            let command = match number % 4 {
                0 => chat(&general(), &format!("{round} {number}"), id),
                1 => change_as(&general(), first, edit(&format!("first, {round} {number}")), id),
                2 => change_as(&general(), first, react(emoji), id),
                _ => change_as(&general(), first, unreact(emoji), id),
            };
            unsent.push_back((id, command));
            sent += 1;
        }
        if round < ROUNDS {
            // A different offset each round: the cut is between frames, in a header, or in a text.
            proxy.cut_after(1 + round * 149);
        }
        bob.say(&general(), &format!("meanwhile {round}")).await;
        sent += 1;
        for (_, command) in &unsent {
            let frame =
                serde_json::to_string(&shared::Request { id: None, command: command.clone() }).unwrap();
            if alice.try_send_text(&frame).await.is_err() {
                break;
            }
        }
        while !unsent.is_empty() || round < ROUNDS {
            let Ok(frame) = alice.try_next().await else { break };
            follow.hear(&frame);
            assert!(!matches!(frame, ServerFrame::Error { .. }), "{frame:?}");
            if let Some(ack) = acked(&frame) {
                let id = ack.client_message_id.unwrap();
                let known = acks.insert(id, ack.seq).is_some_and(|seq| seq != ack.seq);
                assert!(!known, "another ack for the same");
                unsent.retain(|(other, _)| *other != id);
            }
            if unsent.is_empty() && round < ROUNDS {
                proxy.cut();
            }
        }
        if round < ROUNDS {
            let session = alice.session();
            proxy.cut();
            alice = Person::resume(proxy.address, &session, &[(&general(), follow.position())]).await;
            assert!(alice.welcome().resumed);
            let answer = alice.expect(joined).await;
            follow.resume(&mut alice, answer).await;
        }
    }
    follow.check(&mut alice).await;
    let events = bob.everything(&general()).await;
    assert_eq!(events.len(), sent, "nothing is lost");
    let places = places(&events);
    assert_eq!((places.len(), acks.len()), (sent, ROUNDS * EACH), "nothing is there twice");
    assert!(acks.iter().all(|(id, seq)| places[id] == *seq), "where the acks said");
}

#[tokio::test]
async fn a_change_whose_answer_was_lost_is_done_once() {
    let server = TestServer::start().await;
    let proxy = Proxy::start(server.address).await;
    let (mut bob, answer) = server.connect_joined("bob").await;
    let mut watch = Follow::from(&mut bob, answer).await;
    let mut alice = Person::open(proxy.address, "/ws").await;
    alice.sign_in(crate::harness::guest("alice")).await;
    alice.expect(joined).await;
    let target = alice.say(&general(), "before").await.seq;
    proxy.deafen();
    let changes = [edit("after"), react("👍"), unreact("👍"), Action::PinMessage, Action::DeleteMessage]
        .map(|action| (new_id(), action));
    for (id, action) in &changes {
        alice.send(change_as(&general(), target, action.clone(), *id)).await;
    }
    watch.until(&mut bob, Seq(6)).await;
    proxy.cut();
    let session = alice.session();
    let mut alice = Person::resume(proxy.address, &session, &[]).await;
    alice.join(&general()).await;
    for ((id, action), seq) in changes.iter().zip(2..) {
        let answer = alice.request(change_as(&general(), target, action.clone(), *id)).await.unwrap();
        assert_eq!(acked(&answer).unwrap().seq, Seq(seq), "the first ack again");
    }
    watch.check(&mut bob).await;
    assert_eq!(watch.seq(), Seq(6), "and nobody hears of it again");
}
