//! Changes of messages as clients see them: edits, deletions, reactions, pins, replies and mentions.

use shared::{
    Action, Auth, Change, ChangeMessage, Changed, Command, Epoch, ErrorCode, Mentions, RoomEvent, Seq,
    ServerFrame, UserName,
};

use crate::harness::{
    Follow, Person, TestServer, acked, change, change_as, chat, edit, general, joined, message, new_id,
    react, room, said, unreact,
};

/// Returns the change, if the frame is one.
fn changed(frame: &ServerFrame) -> Option<Changed> {
    match frame {
        ServerFrame::Event(RoomEvent::Changed(changed)) => Some(changed.clone()),
        _ => None,
    }
}

async fn failure(person: &mut Person, command: Command) -> ErrorCode {
    let failure = person.request(command).await.expect_err("this is refused");
    assert_eq!(failure.room, Some(general()), "the answer says where");
    failure.code
}

#[tokio::test]
async fn everybody_sees_a_message_change() {
    let server = TestServer::start().await;
    let (mut alice, answer) = server.connect_joined("alice").await;
    let mut hers = Follow::from(&mut alice, answer).await;
    let (mut bob, answer) = server.connect_joined("bob").await;
    let mut his = Follow::from(&mut bob, answer).await;
    let first = alice.say(&general(), "teh first").await;

    let id = new_id();
    let answer = alice.request(change_as(&general(), first.seq, edit("the first"), id)).await.unwrap();
    let ack = acked(&answer).unwrap();
    assert_eq!((ack.seq, ack.message_id, ack.client_message_id), (Seq(2), first.message_id, Some(id)));
    assert_eq!(said(&his.next(&mut bob).await), "teh first");
    let RoomEvent::Changed(heard) = his.next_event(&mut bob).await else { panic!() };
    assert_eq!((heard.seq, heard.target, heard.client_message_id), (Seq(2), Seq(1), Some(id)));
    let by = heard.by.expect("somebody did it");
    assert_eq!((by.user_id, by.user.as_str()), (alice.id(), "alice"));
    assert_eq!(his.texts(), ["the first"]);

    bob.change(&general(), first.seq, react("👍")).await;
    alice.change(&general(), first.seq, react("👍")).await;
    bob.change(&general(), first.seq, react("❤️")).await;
    let pinned = bob.change(&general(), first.seq, Action::PinMessage).await;
    assert_eq!(pinned.message_id, first.message_id);
    let reply = bob.reply(&general(), first.seq, "yes").await.unwrap();
    for (follow, person) in [(&mut hers, &mut alice), (&mut his, &mut bob)] {
        follow.until(person, reply.seq).await;
        let now = follow.log.message(first.seq).unwrap();
        let reactions: Vec<_> = now.reactions.iter().map(|one| (one.emoji.as_str(), one.count)).collect();
        assert_eq!(reactions, [("👍", 2), ("❤", 1)]);
        assert_eq!(now.reactions[0].users[1].user.as_str(), "alice");
        assert!(now.pinned && now.edited_at.is_some());
        assert_eq!(follow.log.message(reply.seq).unwrap().reply_to, Some(first.seq));
    }
    bob.change(&general(), first.seq, unreact("👍")).await;
    alice.change(&general(), first.seq, Action::UnpinMessage).await;
    let deleted = alice.change(&general(), first.seq, Action::DeleteMessage).await;
    for (follow, person) in [(&mut hers, &mut alice), (&mut his, &mut bob)] {
        follow.until(person, deleted.seq).await;
        let now = follow.log.message(first.seq).unwrap();
        assert!(now.deleted && now.content.is_none() && now.reactions.is_empty() && !now.pinned);
        follow.check(person).await;
    }
}

#[tokio::test]
async fn demo_clients_get_the_messages_between_changes_and_nothing_else() {
    let server = TestServer::start().await;
    let mut old = server.demo("old").await;
    let mut alice = server.connect("alice").await;
    let first = alice.say(&general(), "1").await;
    let mut last = None;
    for number in 2..30 {
        // Sent back to back, so that messages and changes share a turn of the hub.
        for action in [edit(&format!("edited {number}")), react("👍"), unreact("👍")] {
            alice.send(change(&general(), first.seq, action)).await;
        }
        last = Some(alice.ask(chat(&general(), &number.to_string(), new_id())).await);
    }
    alice.answer(&last.unwrap()).await.unwrap();
    let frames = old.so_far().await;
    let texts: Vec<_> = frames.iter().filter_map(|(_, frame)| message(frame)).collect();
    assert_eq!(
        texts.iter().map(said).collect::<Vec<_>>(),
        (1..30).map(|n| n.to_string()).collect::<Vec<_>>()
    );
    assert!(frames.iter().all(|(_, frame)| changed(frame).is_none()), "{frames:?}");
    assert!(!frames.iter().any(|(text, _)| text.contains("edited")));
}

#[tokio::test]
async fn what_may_not_be_changed_is_refused_and_heard_by_nobody() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    let (mut bob, answer) = server.connect_joined("bob").await;
    let mut his = Follow::from(&mut bob, answer).await;
    let hers = alice.say(&general(), "hers").await.seq;
    his.next(&mut bob).await;
    for action in [edit("his"), Action::DeleteMessage] {
        assert_eq!(failure(&mut bob, change(&general(), hers, action)).await, ErrorCode::Forbidden);
    }
    for target in [0, 2, 99] {
        let code = failure(&mut alice, change(&general(), Seq(target), react("👍"))).await;
        assert_eq!(code, ErrorCode::NoSuchMessage, "{target}");
    }
    let id = new_id();
    let refused = bob.request(change_as(&general(), hers, edit("his"), id)).await.unwrap_err();
    assert_eq!(refused.client_message_id, Some(id), "the answer names the request");
    assert_eq!(bob.reply(&general(), Seq(7), "to nothing").await.unwrap_err().code, ErrorCode::NoSuchMessage);
    // Another epoch: this seq referred to a different message in the old log.
    let epoch = Some(Epoch::from_random(his.position().epoch.get() ^ 1));
    let stale = |epoch| {
        let change = ChangeMessage {
            action: react("👍"),
            room: general(),
            target: hers,
            epoch,
            client_message_id: None,
        };
        Command::Change(change)
    };
    assert_eq!(failure(&mut bob, stale(epoch)).await, ErrorCode::NoSuchMessage);
    let tea = room("tea");
    let elsewhere = bob.request(change(&tea, Seq(1), react("👍"))).await.unwrap_err();
    assert_eq!(elsewhere.code, ErrorCode::NotAMember, "{elsewhere:?}");
    his.check(&mut bob).await;
    assert_eq!(his.seq(), Seq(1), "nothing happened");
    bob.request(stale(Some(his.position().epoch))).await.expect("the log of now");
}

#[tokio::test]
async fn what_changes_nothing_is_acknowledged_and_heard_by_nobody() {
    let server = TestServer::start().await;
    let (mut alice, answer) = server.connect_joined("alice").await;
    let mut follow = Follow::from(&mut alice, answer).await;
    let first = alice.say(&general(), "same").await;
    let pinned = alice.change(&general(), first.seq, Action::PinMessage).await;
    for action in [edit("same"), Action::PinMessage, unreact("👍")] {
        let ack = alice.change(&general(), first.seq, action).await;
        assert_eq!((ack.seq, ack.message_id), (pinned.seq, first.message_id));
    }
    alice.change(&general(), first.seq, Action::DeleteMessage).await;
    let again = alice.change(&general(), first.seq, Action::DeleteMessage).await;
    assert_eq!(again.seq, Seq(3));
    follow.check(&mut alice).await;
    assert_eq!(follow.seq(), Seq(3));
}

#[tokio::test]
async fn a_change_sent_again_is_done_once_and_its_id_means_nothing_else() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    let (mut bob, answer) = server.connect_joined("bob").await;
    let mut his = Follow::from(&mut bob, answer).await;
    let first = alice.say(&general(), "first").await.seq;
    let (one, two) = (new_id(), new_id());
    // Sent back to back, so that all may share a transaction.
    let mut requests = Vec::new();
    for (id, action) in [(one, react("👍")), (two, unreact("👍")), (one, react("👍")), (two, unreact("👍"))]
    {
        requests.push(alice.ask(change_as(&general(), first, action, id)).await);
    }
    let mut places = Vec::new();
    for request in &requests {
        places.push(acked(&alice.answer(request).await.unwrap()).unwrap().seq.0);
    }
    assert_eq!(places, [2, 3, 2, 3]);
    for command in [
        change_as(&general(), first, react("🎉"), one),
        change_as(&general(), first, Action::DeleteMessage, one),
        chat(&general(), "a message", one),
    ] {
        assert_eq!(failure(&mut alice, command).await, ErrorCode::IdConflict);
    }
    his.check(&mut bob).await;
    assert_eq!(his.seq(), Seq(3));
}

#[tokio::test]
async fn who_was_away_learns_what_became_of_the_messages() {
    let server = TestServer::start().await;
    let mut bob = server.connect("bob").await;
    let (mut alice, answer) = server.connect_joined("alice").await;
    let mut follow = Follow::from(&mut alice, answer).await;
    for text in ["edited later", "deleted later", "reacted to", "pinned"] {
        bob.say(&general(), text).await;
    }
    follow.until(&mut alice, Seq(4)).await;
    bob.change(&general(), Seq(3), react("👍")).await;
    follow.until(&mut alice, Seq(5)).await;
    let session = alice.session();
    drop(alice);

    bob.change(&general(), Seq(1), edit("not what she sees")).await;
    bob.change(&general(), Seq(1), edit("edited")).await;
    bob.change(&general(), Seq(2), edit("secret")).await;
    bob.change(&general(), Seq(2), Action::DeleteMessage).await;
    bob.change(&general(), Seq(3), unreact("👍")).await;
    bob.change(&general(), Seq(3), react("🎉")).await;
    bob.change(&general(), Seq(4), Action::PinMessage).await;
    bob.say(&general(), "new, and edited at once").await;
    bob.change(&general(), Seq(13), edit("new")).await;

    let mut alice = server.resume(&session, &[(&general(), follow.position())]).await;
    let answer = alice.expect(joined).await;
    let raw = serde_json::to_string(&answer.events).unwrap();
    assert!(!raw.contains("secret"), "what was deleted is not told, not even to who was away: {raw}");
    assert_eq!(answer.events.len(), 9, "every event after the position keeps its place");
    follow.resume(&mut alice, answer).await;
    assert_eq!(follow.texts(), ["edited", "", "reacted to", "pinned", "new"]);
    assert_eq!(follow.log.message(Seq(3)).unwrap().reactions[0].emoji.as_str(), "🎉");
    follow.check(&mut alice).await;

    // A client without a position sees the same.
    let (mut carol, answer) = server.connect_joined("carol").await;
    assert!(answer.snapshot);
    assert_eq!((answer.start, answer.seq), (Seq::ZERO, Seq(14)));
    let mut fresh = Follow::from(&mut carol, answer).await;
    assert_eq!(fresh.messages(), follow.messages());
    bob.change(&general(), Seq(4), Action::UnpinMessage).await;
    for (follow, person) in [(&mut fresh, &mut carol), (&mut follow, &mut alice)] {
        follow.until(person, Seq(15)).await;
        follow.check(person).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_returns_while_others_change_messages_end_with_the_same_view() {
    const ROUNDS: usize = 30;
    let server = TestServer::start().await;
    let mut author = server.connect("author").await;
    let mut first = Seq::ZERO;
    for number in 0..20 {
        first = author.say(&general(), &number.to_string()).await.seq;
    }
    let stop = tokio_util::sync::CancellationToken::new();
    let busy = tokio::spawn({
        let stop = stop.clone();
        async move {
            let mut last = Seq::ZERO;
            for number in 0.. {
                if stop.is_cancelled() {
                    break;
                }
                let target = Seq(1 + number % first.0);
                let action = match number % 5 {
                    0 => edit(&format!("edit {number}")),
                    1 | 3 => react(["👍", "🎉", "❤️"][number as usize % 3]),
                    2 => unreact(["👍", "🎉", "❤️"][number as usize % 3]),
                    _ => [Action::PinMessage, Action::UnpinMessage][number as usize / 5 % 2].clone(),
                };
                author.change(&general(), target, action).await;
                last = author.say(&general(), &format!("{number}")).await.seq;
                author.so_far().await;
            }
            (author, last)
        }
    });
    let (mut alice, answer) = server.connect_joined("alice").await;
    let mut follow = Follow::from(&mut alice, answer).await;
    for round in 0..ROUNDS {
        for _ in 0..round % 4 {
            follow.next_event(&mut alice).await;
        }
        let session = alice.session();
        alice = server.resume(&session, &[(&general(), follow.position())]).await;
        let answer = alice.expect(joined).await;
        follow.resume(&mut alice, answer).await;
    }
    stop.cancel();
    let (_author, last) = busy.await.unwrap();
    follow.until(&mut alice, last).await;
    follow.check(&mut alice).await;
}

#[tokio::test]
async fn names_behind_an_at_sign_call_the_people_of_the_room() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    let hanako = server.connect("花子").await;
    let taro = server.connect("Taro Yamada").await;
    let test = server.connect("テスト").await;
    let outside = server.connect_outside("outside").await;
    let old = server.demo("old").await;
    let mut mentions = async |text: &str| -> Mentions {
        alice.say(&general(), text).await;
        alice.expect(message).await.mentions
    };
    let users = |users: &[&Person]| Mentions { users: users.iter().map(|p| p.id()).collect(), room: false };
    assert_eq!(mentions("@花子さん、お元気ですか").await, users(&[&hanako]));
    assert_eq!(mentions("＠花子、＠ﾃｽﾄ").await, users(&[&hanako, &test]), "full and half width");
    assert_eq!(mentions("hi @taro yamada, @花子 and @Taro Yamada").await, users(&[&taro, &hanako]));
    assert_eq!(mentions("@old still hears").await, users(&[&old]));
    assert_eq!(mentions("@outside @nobody a@花子.example").await, users(&[]), "not in the room, or nobody");
    assert_eq!(mentions("@room").await, Mentions { users: Vec::new(), room: true });
    assert_eq!(mentions("@花子 and @room").await, Mentions { room: true, ..users(&[&hanako]) });
    drop(outside);
}

#[tokio::test]
async fn an_edited_text_calls_whom_it_calls_now() {
    let server = TestServer::start().await;
    let (mut bob, answer) = server.connect_joined("bob").await;
    let mut his = Follow::from(&mut bob, answer).await;
    let mut alice = server.connect("alice").await;
    let first = alice.say(&general(), "@bobby").await.seq;
    his.settle(&mut bob).await;
    assert_eq!(his.shown(), (0, 1, 0));
    alice.change(&general(), first, edit("@bob, I meant")).await;
    his.check(&mut bob).await;
    assert_eq!(his.shown(), (0, 1, 1));
    assert_eq!(his.log.message(first).unwrap().mentions.users, [bob.id()]);
    alice.change(&general(), first, edit("@alice")).await;
    his.check(&mut bob).await;
    assert_eq!(his.shown(), (0, 1, 0));
}

#[tokio::test]
async fn a_session_under_another_name_still_owns_its_messages() {
    let server = TestServer::start().await;
    let mut first = server.connect("Bob").await;
    let (session, id) = (first.session(), first.id());
    let seq = first.say(&general(), "mine").await.seq;
    first.close(1000).await;
    let mut other = server.connect("Bob").await;
    let refused = other.request(change(&general(), seq, edit("taken over"))).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Forbidden, "a name is no person");
    let mut back = server.open().await;
    let name = UserName::new("Bob").unwrap();
    let auth = Auth { username: Some(name), protocol: Some(1), session: Some(session), ..Auth::default() };
    back.sign_in(auth).await;
    back.expect(joined).await;
    assert_eq!((back.id(), back.name()), (id, "Bob-2"));
    back.change(&general(), seq, edit("still mine")).await;
    let edited = other.expect(changed).await;
    assert!(matches!(edited.change, Change::Edited { .. }));
    let by = edited.by.unwrap();
    assert_eq!((by.user_id, by.user.as_str()), (id, "Bob-2"));
}
