//! Resume: everything after the position, then live events, without gaps or duplicates.

use shared::limits::{PAGE_BYTES, RESUME_EVENTS, SNAPSHOT_EVENTS};
use shared::{Auth, Command, Epoch, History, Joined, Position, ResumeRoom, RoomAddress, Seq, ServerFrame};

use crate::harness::{
    At, Follow, Person, TestServer, acked, chat, general, guest, history, joined, message, new_id, room,
};

async fn joined_room(person: &mut Person, room: &RoomAddress) -> Joined {
    person.expect(|frame| joined(frame).filter(|joined| joined.room == *room)).await
}

/// Posts `count` messages, 50 at a time, and returns the seq of the last one.
async fn post_many(person: &mut Person, room: &RoomAddress, count: usize, size: usize) -> Seq {
    let mut head = Seq::ZERO;
    for start in (0..count).step_by(50) {
        let mut last = None;
        for number in start..count.min(start + 50) {
            let content = format!("{number} {}", "x".repeat(size));
            last = Some(person.ask(chat(room, &content, new_id())).await);
        }
        let answer = person.answer(&last.expect("at least one")).await.expect("the message is stored");
        head = acked(&answer).expect("a chat is answered by an ack").seq;
    }
    head
}

#[tokio::test]
async fn a_position_is_answered_with_exactly_the_events_after_it() {
    let server = TestServer::start().await;
    let mut bob = server.connect("bob").await;
    let (mut alice, answer) = server.connect_joined("alice").await;
    assert!(answer.snapshot && answer.events.is_empty());
    assert_eq!(answer.member_count, 2);
    assert_eq!(answer.members.len(), 2);
    let mut follow = Follow::from(&mut alice, answer).await;
    bob.say(&general(), "seen").await;
    follow.until(&mut alice, Seq(1)).await;
    let session = alice.session();
    drop(alice);
    for number in 2..=5 {
        bob.say(&general(), &format!("missed {number}")).await;
    }

    let mut alice = server.resume(&session, &[(&general(), follow.position())]).await;
    assert!(alice.welcome().resumed);
    let answer = alice.expect(joined).await;
    assert_eq!(answer.seq, Seq(5));
    follow.resume(&mut alice, answer).await;
    bob.say(&general(), "live").await;
    follow.next(&mut alice).await;
    assert_eq!(follow.texts(), ["seen", "missed 2", "missed 3", "missed 4", "missed 5", "live"]);
    follow.check(&mut alice).await;
    assert_eq!(follow.shown(), (0, 6, 0));
}

#[tokio::test]
async fn an_unchanged_room_is_answered_with_nothing() {
    let server = TestServer::start().await;
    let (mut alice, answer) = server.connect_joined("alice").await;
    let mut follow = Follow::from(&mut alice, answer).await;
    alice.say(&general(), "one").await;
    follow.next(&mut alice).await;
    let session = alice.session();
    drop(alice);
    let mut alice = server.resume(&session, &[(&general(), follow.position())]).await;
    let answer = alice.expect(joined).await;
    assert!(answer.events.is_empty() && !answer.more);
    assert_eq!(answer.seq, Seq(1));
    follow.resume(&mut alice, answer).await;
}

#[tokio::test]
async fn a_position_that_means_nothing_is_answered_with_a_snapshot() {
    let server = TestServer::start().await;
    let (mut alice, answer) = server.connect_joined("alice").await;
    let epoch = answer.epoch;
    post_many(&mut alice, &general(), 60, 1).await;
    let other = Epoch::from_random(epoch.get() ^ 1);
    for (what, since) in [
        ("another epoch", Position { epoch: other, seq: Seq(10) }),
        ("beyond the head", Position { epoch, seq: Seq(61) }),
        ("far beyond the head", Position { epoch, seq: Seq(u64::MAX) }),
    ] {
        let command = Command::JoinRoom { room: general(), since: Some(since) };
        let answer = joined(&alice.request(command).await.unwrap()).unwrap();
        assert!(answer.snapshot, "{what}");
        assert_eq!(answer.epoch, epoch);
        assert_eq!(answer.events.len(), usize::from(SNAPSHOT_EVENTS), "{what}");
        assert_eq!((answer.events[0].seq(), answer.seq), (Seq(11), Seq(60)), "the latest: {what}");
        assert!(!answer.members.is_empty());
    }
    let since = Position { epoch, seq: Seq::ZERO };
    let command = Command::JoinRoom { room: general(), since: Some(since) };
    let answer = joined(&alice.request(command).await.unwrap()).unwrap();
    assert!(!answer.snapshot);
    let mut follow = Follow::from(&mut alice, answer).await;
    assert_eq!(follow.seq(), Seq(60), "from the beginning");
    alice.so_far().await;
    alice.say(&general(), "live").await;
    follow.next(&mut alice).await;
}

#[tokio::test]
async fn a_hole_of_more_than_a_thousand_events_is_answered_with_a_snapshot() {
    let server = TestServer::start().await;
    let (mut alice, answer) = server.connect_joined("alice").await;
    let epoch = answer.epoch;
    let head = post_many(&mut alice, &general(), RESUME_EVENTS as usize + 1, 1).await;
    alice.so_far().await;
    let ask = |seq| Command::JoinRoom { room: general(), since: Some(Position { epoch, seq }) };
    let answer = joined(&alice.request(ask(Seq(0))).await.unwrap()).unwrap();
    assert!(answer.snapshot);
    let follow = Follow::from(&mut alice, answer).await;
    assert_eq!((follow.messages().len(), follow.seq()), (usize::from(SNAPSHOT_EVENTS), head));

    let answer = joined(&alice.request(ask(Seq(1))).await.unwrap()).unwrap();
    assert!(!answer.snapshot);
    let follow = Follow::from(&mut alice, answer).await;
    assert_eq!((follow.messages().len() as u64, follow.seq()), (RESUME_EVENTS, head));
}

#[tokio::test]
async fn a_long_absence_comes_in_pages_and_then_live() {
    let server = TestServer::start().await;
    let mut bob = server.connect("bob").await;
    let (mut alice, answer) = server.connect_joined("alice").await;
    let mut follow = Follow::from(&mut alice, answer).await;
    let session = alice.session();
    drop(alice);
    post_many(&mut bob, &general(), 900, 3_000).await;

    let mut alice = server.resume(&session, &[(&general(), follow.position())]).await;
    // Another guest posts while the pages are read.
    let posting = tokio::spawn(async move {
        let last = post_many(&mut bob, &general(), 100, 3_000).await;
        (bob, last)
    });
    let answer = alice.expect(joined).await;
    assert!(answer.more, "2.7 MB are more than one page");
    let longest = serde_json::to_string(&answer.events).unwrap().len();
    assert!(longest < 2 * PAGE_BYTES, "a page has about 64 KiB, this one {longest}");
    follow.resume(&mut alice, answer).await;
    let (mut bob, last) = posting.await.unwrap();
    follow.until(&mut alice, last).await;
    assert_eq!(last, Seq(1_000));
    bob.say(&general(), "live").await;
    follow.next(&mut alice).await;
    follow.check(&mut alice).await;
    alice.expect_none(message).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_returns_while_others_post_have_no_gap_and_no_double() {
    const ROUNDS: usize = 40;
    let server = TestServer::start().await;
    let stop = tokio_util::sync::CancellationToken::new();
    let mut posters = Vec::new();
    for name in ["bob", "carol"] {
        let (mut poster, stop) = (server.connect(name).await, stop.clone());
        posters.push(tokio::spawn(async move {
            let mut last = Seq::ZERO;
            while !stop.is_cancelled() {
                last = post_many(&mut poster, &general(), 10, 200).await;
                poster.so_far().await;
            }
            last
        }));
    }
    // Several clients resume at the same time, so that the log read of one is ahead of the live events of another.
    let mut returning = Vec::new();
    for name in ["alice", "dave", "erin", "frank"] {
        let (mut person, answer) = server.connect_joined(name).await;
        let follow = Follow::from(&mut person, answer).await;
        returning.push((person, follow));
    }
    for round in 0..ROUNDS {
        for (person, follow) in &mut returning {
            // Up to three live events, or none.
            for _ in 0..round % 4 {
                follow.next(person).await;
            }
            let session = person.session();
            *person = server.resume(&session, &[(&general(), follow.position())]).await;
        }
        for (person, follow) in &mut returning {
            let answer = person.expect(joined).await;
            follow.resume(person, answer).await;
        }
    }
    stop.cancel();
    let mut head = Seq::ZERO;
    for poster in posters {
        head = head.max(poster.await.unwrap());
    }
    for (person, follow) in &mut returning {
        follow.until(person, head).await;
        follow.check(person).await;
        person.expect_none(message).await;
    }
    assert!(head > Seq(100), "somebody posted");
}

#[tokio::test]
async fn several_rooms_are_resumed_in_one_round_trip() {
    let server = TestServer::start().await;
    let mut bob = server.connect("bob").await;
    let mut alice = server.connect("alice").await;
    let names = ["tea", "珈琲", "sake"].map(room);
    let mut follows = Vec::new();
    for name in &names {
        bob.join(name).await;
        let answer = alice.join(name).await;
        follows.push(Follow::from(&mut alice, answer).await);
    }
    let session = alice.session();
    drop(alice);
    for (number, name) in names.iter().enumerate() {
        if number > 0 {
            post_many(&mut bob, name, number, 1).await;
        }
    }
    let positions: Vec<_> =
        names.iter().zip(&follows).map(|(name, follow)| (name, follow.position())).collect();
    let mut alice = server.resume(&session, &positions).await;
    for (number, (name, follow)) in names.iter().zip(&mut follows).enumerate() {
        let answer = joined_room(&mut alice, name).await;
        follow.resume(&mut alice, answer).await;
        assert_eq!(follow.messages().len(), number);
    }
    alice.expect_none(joined).await;
}

#[tokio::test]
async fn without_rooms_general_is_joined_and_with_an_empty_list_none() {
    let server = TestServer::start().await;
    let mut alice = server.connect_outside("alice").await;
    alice.expect_none(joined).await;
    let mut bob = server.open().await;
    bob.sign_in(guest("bob")).await;
    assert_eq!(bob.expect(joined).await.room, general());
    // A room that cannot be joined does not prevent the others from being joined.
    let since = Some(Position { epoch: Epoch::from_random(0), seq: Seq::ZERO });
    let rooms = ["~secret", "tea"].map(|name| ResumeRoom { room: room(name), since });
    let mut carol = server.open().await;
    carol.sign_in(Auth { rooms: Some(rooms.into()), ..guest("carol") }).await;
    let refused = carol.expect(|frame| match frame {
        ServerFrame::Error { failure, .. } => Some(failure.clone()),
        _ => None,
    });
    assert_eq!(refused.await.room, Some(room("~secret")));
    assert_eq!(carol.expect(joined).await.room, room("tea"));
}

#[tokio::test]
async fn a_room_of_auth_without_a_position_is_joined_anew() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    post_many(&mut alice, &room("tea"), 3, 1).await;
    for position in ["", r#","seq":2"#, r#","epoch":7"#, r#","epoch":null,"seq":null"#] {
        let mut bob = server.open().await;
        let rooms = format!(r#"[{{"room":"tea"{position}}},{{"room":"general"}}]"#);
        bob.send_text(&format!(r#"{{"type":"auth","username":"bob","protocol":1,"rooms":{rooms}}}"#)).await;
        let answer = bob.expect(joined).await;
        assert_eq!((answer.room, answer.snapshot, answer.events.len()), (room("tea"), true, 3), "{position}");
        assert_eq!(bob.expect(joined).await.room, general());
    }
}

#[tokio::test]
async fn a_session_keeps_the_person_and_the_read_mark_also_over_a_restart() {
    let server = TestServer::start().await;
    let mut bob = server.connect("bob").await;
    let mut alice = server.connect("alice").await;
    post_many(&mut bob, &general(), 5, 1).await;
    let (id, session) = (alice.id(), alice.session());
    let answer = alice.request(Command::MarkRead { room: general(), seq: Seq(3) }).await;
    assert!(matches!(answer, Ok(ServerFrame::Read { seq: Seq(3), .. })), "{answer:?}");
    let answer = alice.request(Command::MarkRead { room: general(), seq: Seq(2) }).await;
    assert!(
        matches!(answer, Ok(ServerFrame::Read { seq: Seq(3), .. })),
        "a mark never moves back: {answer:?}"
    );

    let position = Position { epoch: Epoch::from_random(0), seq: Seq::ZERO };
    drop(alice);
    let mut alice = server.resume(&session, &[(&general(), position)]).await;
    assert!(alice.welcome().resumed);
    assert_eq!((alice.id(), alice.name()), (id, "alice"));
    assert_eq!(alice.expect(joined).await.read_seq, Seq(3));
    drop((alice, bob));

    let server = server.restart().await;
    let mut alice = server.resume(&session, &[(&general(), position)]).await;
    assert!(alice.welcome().resumed);
    assert_eq!((alice.id(), alice.name()), (id, "alice"));
    let answer = alice.expect(joined).await;
    assert_eq!((answer.read_seq, answer.seq), (Seq(3), Seq(5)));
}

#[tokio::test]
async fn posting_moves_ones_own_read_mark() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    alice.say(&general(), "one").await;
    let ack = alice.say(&general(), "two").await;
    assert_eq!(alice.join(&general()).await.read_seq, ack.seq);
}

#[tokio::test]
async fn a_session_that_is_not_known_makes_a_new_guest() {
    let server = TestServer::start().await;
    let mut alice = server.resume("0123456789abcdef0123456789abcdef", &[]).await;
    assert!(!alice.welcome().resumed);
    assert_eq!(alice.name(), "stranger");
    assert_ne!(alice.session(), "0123456789abcdef0123456789abcdef");
    alice.join(&general()).await;
}

#[tokio::test]
async fn two_people_who_wanted_one_name_are_not_mixed_up_by_a_restart() {
    let server = TestServer::start().await;
    let mut people = Vec::new();
    for _ in 0..4 {
        people.push(server.connect("Bob").await);
    }
    let known: Vec<_> = people.iter().map(|p| (p.session(), p.id(), p.name().to_owned())).collect();
    assert_eq!(known[3].2, "Bob-4");
    drop(people);
    let server = server.restart().await;
    for (session, id, name) in known.into_iter().rev() {
        let person = server.resume(&session, &[]).await;
        assert_eq!((person.id(), person.name()), (id, &*name));
    }
}

#[tokio::test]
async fn who_comes_back_to_a_taken_name_keeps_the_new_one_over_a_restart() {
    let server = TestServer::start().await;
    let mut watcher = server.connect("watcher").await;
    let first = server.connect("Bob").await;
    let session = first.session();
    first.close(1000).await;
    watcher.expect(|frame| matches!(frame, ServerFrame::UserLeft { .. }).then_some(())).await;
    let second = server.connect("Bob").await;
    let first = server.resume(&session, &[]).await;
    assert_eq!([first.name(), second.name()], ["Bob-2", "Bob"]);
    let sessions = [session, second.session()];
    second.close(1000).await;
    first.close(1000).await;
    let server = server.restart().await;
    for (session, name) in sessions.iter().zip(["Bob-2", "Bob"]) {
        assert_eq!(server.resume(session, &[]).await.name(), name);
    }
}

#[tokio::test]
async fn history_is_read_in_pages_in_both_directions() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    post_many(&mut alice, &general(), 120, 1).await;
    let mut page =
        async |at: At, limit: Option<u16>| match alice.request(history(&general(), at, limit)).await {
            Ok(ServerFrame::History(History { events, more, .. })) => {
                let seqs: Vec<u64> = events.iter().map(|event| event.seq().0).collect();
                assert!(seqs.is_sorted(), "{seqs:?}");
                (seqs.first().copied(), seqs.last().copied(), seqs.len(), more)
            }
            other => panic!("{other:?}"),
        };
    assert_eq!(page(At::Latest, None).await, (Some(71), Some(120), 50, true));
    assert_eq!(page(At::Before(71), None).await, (Some(21), Some(70), 50, true));
    assert_eq!(page(At::Before(21), None).await, (Some(1), Some(20), 20, false));
    assert_eq!(page(At::Before(51), None).await, (Some(1), Some(50), 50, false), "exactly to the beginning");
    assert_eq!(page(At::Before(1), None).await, (None, None, 0, false));
    assert_eq!(page(At::After(0), Some(10)).await, (Some(1), Some(10), 10, true));
    assert_eq!(page(At::After(110), Some(10)).await, (Some(111), Some(120), 10, false));
    assert_eq!(page(At::After(120), None).await, (None, None, 0, false));
    assert_eq!(page(At::Latest, Some(1_000)).await.2, 120, "limits above the most are lowered");
}

#[tokio::test]
async fn a_page_of_large_messages_is_cut_at_about_64_kib() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    for _ in 0..30 {
        alice.say(&general(), &"👩‍👩‍👧".repeat(800)).await;
    }
    let head = Seq(30);
    let mut before = Some(head.next());
    let mut seen = Vec::new();
    while let Some(from) = before {
        let command = history(&general(), At::Before(from.0), 200);
        let Ok(ServerFrame::History(History { events, more, .. })) = alice.request(command).await else {
            panic!()
        };
        assert!((1..=4).contains(&events.len()), "{} messages of 14 kB in one page", events.len());
        assert_eq!(events.last().unwrap().seq().next(), from);
        before = more.then(|| events[0].seq());
        seen.extend(events);
    }
    assert_eq!(seen.len(), 30);
}
