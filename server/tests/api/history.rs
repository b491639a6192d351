//! History: pages, single messages, pins, replies, earlier versions.

use shared::{
    Action, Command, ErrorCode, History, Messages, Position, RoomEvent, RoomLog, Seq, ServerFrame, Version,
    Versions,
};

use crate::harness::{
    At, Follow, Person, TestServer, acked, change, chat, edit, emoji, general, history, list_pins, new_id,
    posted, react, room, said,
};

async fn page(person: &mut Person, at: At, limit: impl Into<Option<u16>>) -> History {
    match person.request(history(&general(), at, limit)).await {
        Ok(ServerFrame::History(page)) => page,
        other => panic!("{other:?}"),
    }
}

fn seqs(events: &[RoomEvent]) -> Vec<u64> {
    events.iter().map(|event| event.seq().0).collect()
}

async fn messages(person: &mut Person, command: Command) -> Messages {
    match person.request(command).await {
        Ok(ServerFrame::Messages(messages)) => messages,
        other => panic!("{other:?}"),
    }
}

/// Pipelines messages at odd seqs and reactions to them at even ones.
async fn odd_messages(person: &mut Person, count: u64) {
    let mut last = None;
    for number in 0..count {
        person.send(chat(&general(), &format!("message {}", 2 * number + 1), new_id())).await;
        let emoji = char::from_u32(0x1F600 + (number % 40) as u32).unwrap().to_string();
        last = Some(person.ask(change(&general(), Seq(1 + number % 7 * 2), react(&emoji))).await);
    }
    person.answer(&last.expect("at least one")).await.unwrap();
}

#[tokio::test]
async fn a_page_around_a_place_has_half_of_it_before_and_says_what_is_newer() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    odd_messages(&mut alice, 60).await;
    let everything = page(&mut alice, At::After(0), 200).await;
    let all = seqs(&everything.events);
    assert_eq!((all.len(), everything.more, everything.start), (60, false, Seq::ZERO));
    let head = everything.end;

    let middle = all[30];
    let around = page(&mut alice, At::Around(middle), 20).await;
    assert_eq!(seqs(&around.events), all[20..40]);
    assert_eq!((around.start, around.end.next(), around.more), (Seq(all[19]), Seq(all[40]), true));
    let first = page(&mut alice, At::Around(all[2]), 20).await;
    assert_eq!((seqs(&first.events), first.start), (all[..12].to_vec(), Seq::ZERO));
    let last = page(&mut alice, At::Around(all[58]), 20).await;
    assert_eq!((seqs(&last.events), last.end, last.more), (all[48..].to_vec(), head, false));
    let beyond = page(&mut alice, At::Around(999), 20).await;
    assert_eq!((seqs(&beyond.events), beyond.end, beyond.more), (all[50..].to_vec(), head, false));

    // A client that jumps there and scrolls both ways ends up with the whole room.
    let at = Position { epoch: around.epoch, seq: head };
    let mut log = RoomLog::empty(at.epoch, at.seq);
    log.show(&around.page());
    assert!(!log.is_at_head());
    while log.start() > Seq::ZERO {
        let older = page(&mut alice, At::Before(log.start().next().0), 7).await;
        assert!(log.prepend(&older.page()));
    }
    while !log.is_at_head() {
        let newer = page(&mut alice, At::After(log.end().0), 7).await;
        assert!(log.append(&newer.page()));
    }
    assert_eq!(log.messages().cloned().collect::<Vec<_>>(), posted(everything.events));
}

#[tokio::test]
async fn a_window_far_back_changes_live() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    odd_messages(&mut alice, 80).await;
    let (mut bob, answer) = server.connect_joined("bob").await;
    let mut follow = Follow::from(&mut bob, answer).await;
    assert!(follow.log.start() > Seq(20));
    let far = page(&mut bob, At::Around(9), 6).await;
    follow.log.show(&far.page());
    alice.change(&general(), Seq(9), edit("edited far back")).await;
    let last = alice.say(&general(), "new").await;
    follow.until(&mut bob, last.seq).await;
    assert_eq!(follow.log.message(Seq(9)).map(said), Some("edited far back"));
    assert!(!follow.log.is_at_head(), "what is new is not put behind what is old");
    let again = page(&mut bob, At::Around(9), 6).await;
    assert_eq!(follow.messages(), posted(again.events));
}

#[tokio::test]
async fn single_messages_pins_and_replies_are_told_as_they_are_now() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    let mut bob = server.connect("bob").await;
    for number in 1..=6 {
        alice.say(&general(), &number.to_string()).await;
    }
    alice.change(&general(), Seq(2), edit("two")).await;
    bob.change(&general(), Seq(3), Action::PinMessage).await;
    bob.change(&general(), Seq(1), Action::PinMessage).await;
    for text in ["yes", "no", "deleted"] {
        bob.reply(&general(), Seq(2), text).await.unwrap();
    }
    bob.change(&general(), Seq(12), Action::DeleteMessage).await;
    alice.change(&general(), Seq(4), Action::DeleteMessage).await;

    let get = |seqs: &[u64]| Command::GetMessages {
        room: general(),
        seqs: seqs.iter().copied().map(Seq).collect(),
    };
    let found = messages(&mut bob, get(&[4, 2, 7, 2, 99])).await;
    assert_eq!((seqs(&found.events), found.more), (vec![2, 4], false), "a change is no message");
    let found = posted(found.events);
    assert_eq!((said(&found[0]), said(&found[1]), found[1].deleted), ("two", "", true));
    let none = messages(&mut bob, get(&[50])).await;
    assert_eq!(none.events, []);

    let pins = messages(&mut alice, list_pins(None, None)).await;
    assert_eq!(seqs(&pins.events), [1, 3]);
    alice.change(&general(), Seq(1), Action::UnpinMessage).await;
    assert_eq!(seqs(&messages(&mut alice, list_pins(None, None)).await.events), [3]);

    let replies = |target, after| Command::ListReplies { room: general(), target: Seq(target), after };
    let found = messages(&mut alice, replies(2, None)).await;
    assert_eq!(seqs(&found.events), [10, 11, 12]);
    assert_eq!(posted(found.events).iter().map(said).collect::<Vec<_>>(), ["yes", "no", ""]);
    assert_eq!(seqs(&messages(&mut alice, replies(2, Some(Seq(10)))).await.events), [11, 12]);
    assert_eq!(messages(&mut alice, replies(1, None)).await.events, []);
}

#[tokio::test]
async fn many_replies_come_in_pages() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    alice.say(&general(), "root").await;
    let mut last = None;
    for number in 0..230 {
        let command = Command::Post {
            room: general(),
            content: crate::harness::text(&format!("{number} {}", "x".repeat(500))),
            client_message_id: Some(new_id()),
            reply_to: Some(Seq(1)),
        };
        last = Some(alice.ask(command).await);
    }
    alice.answer(&last.unwrap()).await.unwrap();
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let command = Command::ListReplies { room: general(), target: Seq(1), after };
        let page = messages(&mut alice, command).await;
        assert!(serde_json::to_string(&page.events).unwrap().len() < 128 * 1024);
        after = page.events.last().map(RoomEvent::seq);
        found.extend(seqs(&page.events));
        if !page.more {
            break;
        }
    }
    assert_eq!(found, (2..=231).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_texts_that_a_message_had_are_told_until_it_is_deleted() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    let mut bob = server.connect("bob").await;
    let seq = alice.say(&general(), "one").await.seq;
    alice.change(&general(), seq, edit("two")).await;
    alice.change(&general(), seq, edit("three")).await;
    let ask = |target| Command::ListVersions { room: general(), target, after: None, before: None };
    let Ok(ServerFrame::Versions(told)) = bob.request(ask(seq)).await else { panic!() };
    let Versions { versions, target, more, .. } = told;
    assert!(!more);
    let texts: Vec<_> = versions.iter().map(|Version { content, .. }| content.as_str()).collect();
    assert_eq!((target, texts), (seq, vec!["one", "two", "three"]));
    assert!(versions.is_sorted_by_key(|version| version.timestamp));
    alice.change(&general(), seq, Action::DeleteMessage).await;
    for target in [seq, Seq(2), Seq(99)] {
        let refused = bob.request(ask(target)).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::NoSuchMessage, "{target}");
    }
}

#[tokio::test]
async fn nobody_looks_into_a_room_that_they_are_not_in() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    let tea = room("tea");
    alice.join(&tea).await;
    alice.say(&tea, "among us").await;
    let mut bob = server.connect("bob").await;
    for command in [
        history(&tea, At::Latest, None),
        history(&tea, At::Around(1), None),
        Command::GetMessages { room: tea.clone(), seqs: vec![Seq(1)] },
        Command::ListPins { room: tea.clone(), after: None, before: None },
        Command::ListReplies { room: tea.clone(), target: Seq(1), after: None },
        Command::ListVersions { room: tea.clone(), target: Seq(1), after: None, before: None },
        Command::ListReactors { room: tea.clone(), target: Seq(1), emoji: emoji("👍"), after: None },
        Command::MarkRead { room: tea.clone(), seq: Seq(1) },
        Command::MarkUnread { room: tea.clone(), seq: Seq(1) },
        Command::CountUnread { room: tea.clone() },
        change(&tea, Seq(1), react("👍")),
    ] {
        let refused = bob.request(command.clone()).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::NotAMember, "{command:?}");
    }
    let answer = bob.request(chat(&tea, "a chat joins", new_id())).await.unwrap();
    assert_eq!(acked(&answer).unwrap().seq, Seq(2));
    assert_eq!(
        messages(&mut bob, Command::GetMessages { room: tea, seqs: vec![Seq(1)] }).await.events.len(),
        1
    );
}
