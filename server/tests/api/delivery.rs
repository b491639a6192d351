//! Messages: the same order for everybody, one ack each, stored once however often they are sent.

use std::collections::HashSet;

use shared::{ErrorCode, Seq, ServerFrame};

use crate::harness::{Follow, TestServer, acked, chat, general, message, new_id, room, said};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_people_post_at_once_and_everybody_reads_the_same_order() {
    const EACH: u64 = 200;
    let server = TestServer::start().await;
    let mut people = Vec::new();
    for name in ["alice", "bob", "carol"] {
        people.push(server.connect_joined(name).await);
    }
    let talking = people.into_iter().map(|(mut person, joined)| {
        tokio::spawn(async move {
            let mut follow = Follow::from(&mut person, joined).await;
            let (mut acks, mut sent) = (Vec::new(), Vec::new());
            for number in 0..EACH {
                let id = new_id();
                let command = chat(&general(), &format!("{} {number}", person.name()), id);
                sent.push((id, person.ask(command).await));
            }
            follow.until(&mut person, Seq(3 * EACH)).await;
            for (id, request) in &sent {
                let answer = person.answer(request).await.expect("every message is stored");
                let ack = acked(&answer).unwrap();
                assert_eq!(ack.client_message_id, Some(*id), "the ack is of this request");
                acks.push(ack);
            }
            // Exactly one ack each: no further one arrives before the pong.
            person.expect_none(acked).await;
            person.expect_none(message).await;
            follow.check(&mut person).await;
            let messages = follow.messages();
            for ack in &acks {
                let posted = &messages[ack.seq.0 as usize - 1];
                assert_eq!(posted.message_id, ack.message_id);
                assert_eq!(posted.client_message_id, ack.client_message_id);
            }
            let own: Vec<Seq> = acks.iter().map(|ack| ack.seq).collect();
            assert!(own.is_sorted(), "one author's messages keep their order");
            messages
        })
    });
    let seen = futures_util::future::join_all(talking.collect::<Vec<_>>()).await;
    let seen: Vec<_> = seen.into_iter().map(Result::unwrap).collect();
    assert_eq!(seen[0].len() as u64, 3 * EACH);
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[1], seen[2]);
    let ids: HashSet<_> = seen[0].iter().map(|posted| posted.message_id).collect();
    assert_eq!(ids.len() as u64, 3 * EACH);
    assert_eq!(server.stats().await["messages"], 3 * EACH);
}

#[tokio::test]
async fn a_message_sent_again_gets_the_same_ack_and_reaches_nobody_twice() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    let mut bob = server.connect("bob").await;
    let id = new_id();
    let first = alice.say_as(&general(), "once", id).await.unwrap();
    let again = alice.say_as(&general(), "once", id).await.unwrap();
    assert_eq!(first, again);

    // Sent twice back to back, so that both may share a transaction.
    let id = new_id();
    let post = || chat(&general(), "twice", id);
    let (one, two) = (alice.ask(post()).await, alice.ask(post()).await);
    let (one, two) = (alice.answer(&one).await.unwrap(), alice.answer(&two).await.unwrap());
    assert_eq!(acked(&one).unwrap().seq, acked(&two).unwrap().seq);

    alice.say(&general(), "the end").await;
    let mut heard = Vec::new();
    while heard.last().is_none_or(|last| last != "the end") {
        heard.push(said(&bob.expect(message).await).to_owned());
    }
    assert_eq!(heard, ["once", "twice", "the end"]);
}

#[tokio::test]
async fn a_message_sent_again_after_a_restart_gets_the_same_ack() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    let (session, id) = (alice.session(), new_id());
    let first = alice.say_as(&general(), "kept", id).await.unwrap();
    drop(alice);
    let server = server.restart().await;

    let mut alice = server.resume(&session, &[]).await;
    assert!(alice.welcome().resumed);
    let mut bob = server.connect("bob").await;
    let again = alice.say_as(&general(), "kept", id).await.unwrap();
    assert_eq!(first, again);
    let next = alice.say(&general(), "new").await;
    assert_eq!(next.seq, first.seq.next(), "the order goes on where it was");
    assert_eq!(said(&bob.expect(message).await), "new", "and only this one is delivered");
}

#[tokio::test]
async fn one_id_for_two_messages_is_refused_and_the_first_stays() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    let mut bob = server.connect("bob").await;
    let id = new_id();
    let first = alice.say_as(&general(), "the first", id).await.unwrap();
    let refused = alice.say_as(&general(), "another", id).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::IdConflict);
    assert_eq!(refused.client_message_id, Some(id));
    let refused = alice.say_as(&room("elsewhere"), "the first", id).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::IdConflict);

    let other = bob.say_as(&general(), "bob may use it too", id).await.unwrap();
    assert_eq!(other.seq, first.seq.next(), "a refused message takes no place");
}

#[tokio::test]
async fn chat_to_a_room_that_is_not_joined_joins_it_first() {
    let server = TestServer::start().await;
    let mut alice = server.connect_outside("alice").await;
    alice.say(&room("tea"), "I am here now").await;
    let frames: Vec<ServerFrame> = alice.so_far().await.into_iter().map(|(_, frame)| frame).collect();
    assert!(matches!(&frames[..], [ServerFrame::Joined(_), ServerFrame::Event(_)]), "{frames:?}");
}

#[tokio::test]
async fn content_comes_back_exactly_as_it_was_sent() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    for content in
        ["  spaces  ", "<b>&amp;</b>", "a\u{202E}b", "\u{0}\u{1}\\\"\n", "e\u{301} é", "𠮷野家", "👨‍👩‍👧‍👦"]
    {
        alice.say(&general(), content).await;
        assert_eq!(said(&alice.expect(message).await), content);
    }
}

#[tokio::test]
async fn two_connections_of_one_person_both_see_what_one_of_them_sends() {
    let server = TestServer::start().await;
    let mut tab = server.connect("alice").await;
    let session = tab.session();
    let mut copy = server.resume(&session, &[]).await;
    assert_eq!(copy.id(), tab.id());
    copy.join(&general()).await;
    tab.say(&general(), "from the first").await;
    assert_eq!(said(&copy.expect(message).await), "from the first");
    copy.expect_none(acked).await;
}
