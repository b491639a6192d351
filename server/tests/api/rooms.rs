//! Rooms: created by a join, unlisted when empty, reopened with their log.

use shared::limits::{ROOMS_PER_CONNECTION, ROOMS_PER_PERSON};
use shared::{Command, ErrorCode, RoomAddress, RoomSummary, Seq, ServerFrame};

use crate::harness::{At, Person, TestServer, general, history, message, room};

async fn page(person: &mut Person, after: Option<&str>, limit: Option<u16>) -> (Vec<RoomSummary>, bool) {
    let after = after.map(|name| shared::RoomName::new(name).unwrap());
    match person.request(Command::ListRooms { after, limit }).await {
        Ok(ServerFrame::Rooms { rooms, more, .. }) => (rooms, more),
        other => panic!("{other:?}"),
    }
}

async fn names(person: &mut Person) -> Vec<String> {
    page(person, None, None).await.0.into_iter().map(|room| room.room.to_string()).collect()
}

fn changed(of: &RoomAddress) -> impl FnMut(&ServerFrame) -> Option<u64> + '_ {
    move |frame| match frame {
        ServerFrame::RoomChanged(RoomSummary { room, member_count }) if room == of => Some(*member_count),
        _ => None,
    }
}

fn removed(of: &RoomAddress) -> impl FnMut(&ServerFrame) -> Option<()> + '_ {
    move |frame| matches!(frame, ServerFrame::RoomRemoved { room } if room == of).then_some(())
}

#[tokio::test]
async fn a_room_is_made_by_joining_and_gone_from_every_list_when_empty() {
    let server = TestServer::start().await;
    let tea = room("お茶");
    let mut bob = server.connect("bob").await;
    assert_eq!(names(&mut bob).await, ["general"]);
    let mut alice = server.connect("alice").await;
    let answer = alice.join(&tea).await;
    assert!(answer.snapshot && answer.events.is_empty());
    assert_eq!((answer.seq, answer.member_count), (Seq::ZERO, 1));
    assert_eq!(bob.expect(changed(&tea)).await, 1, "told without asking again");
    assert_eq!(names(&mut bob).await, ["general", "お茶"]);

    alice.leave(&tea).await;
    let gone = bob.so_far().await;
    assert!(
        gone.iter().any(|(_, frame)| removed(&tea)(frame).is_some()),
        "told at once, not with the next second"
    );
    assert_eq!(names(&mut bob).await, ["general"]);
}

#[tokio::test]
async fn a_room_comes_back_with_its_past() {
    let server = TestServer::start().await;
    let tea = room("tea");
    let mut alice = server.connect("alice").await;
    let first = alice.join(&tea).await;
    alice.say(&tea, "one").await;
    alice.say(&tea, "two").await;
    alice.leave(&tea).await;
    assert_eq!(names(&mut alice).await, ["general"]);

    let mut bob = server.connect("bob").await;
    let again = bob.join(&tea).await;
    assert!(again.snapshot);
    assert_eq!((again.epoch, again.seq, again.events.len()), (first.epoch, Seq(2), 2));
    assert_eq!(bob.say(&tea, "three").await.seq, Seq(3));

    // An old position is still valid.
    let since = Some(shared::Position { epoch: first.epoch, seq: Seq(1) });
    let Ok(ServerFrame::Joined(answer)) = alice.request(Command::JoinRoom { room: tea, since }).await else {
        panic!()
    };
    assert!(!answer.snapshot);
    assert_eq!(answer.events.iter().map(shared::RoomEvent::seq).collect::<Vec<_>>(), [Seq(2), Seq(3)]);
}

#[tokio::test]
async fn general_stays_when_everybody_has_gone() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    alice.say(&general(), "kept").await;
    alice.leave(&general()).await;
    assert_eq!(names(&mut alice).await, ["general"]);
    assert_eq!(alice.join(&general()).await.seq, Seq(1));
}

#[tokio::test]
async fn two_rooms_stay_apart() {
    let server = TestServer::start().await;
    let (tea, sake) = (room("tea"), room("sake"));
    let mut alice = server.connect("alice").await;
    let mut bob = server.connect("bob").await;
    let mut old = server.demo("old").await;
    alice.join(&tea).await;
    bob.join(&sake).await;
    old.send_text(r#"{"type":"join_room","room":"sake"}"#).await;
    old.send_text(r#"{"type":"ping"}"#).await;
    old.expect(|frame| matches!(frame, ServerFrame::Pong { .. }).then_some(())).await;

    assert_eq!(alice.say(&tea, "only tea").await.seq, Seq(1));
    assert_eq!(bob.say(&sake, "only sake").await.seq, Seq(1), "each room has an order of its own");
    alice.send(Command::Typing { room: tea.clone(), is_typing: true }).await;
    alice.request(Command::Ping).await.unwrap();
    for person in [&mut bob, &mut old] {
        let frames = person.so_far().await;
        let from_tea: Vec<_> = frames.iter().filter(|(text, _)| text.contains("\"tea\"")).collect();
        assert!(from_tea.is_empty(), "{from_tea:?}");
        assert!(frames.iter().any(|(_, frame)| message(frame).is_some_and(|posted| posted.room == sake)));
    }
    let refused = bob.request(history(&room("tea"), At::Latest, None)).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::NotAMember, "nobody reads what they have not joined");
}

#[tokio::test]
async fn the_room_list_comes_in_pages_by_name_and_tells_member_counts() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    let mut bob = server.connect("bob").await;
    for number in 0..12 {
        alice.join(&room(&format!("room {number:02}"))).await;
    }
    bob.join(&room("room 03")).await;
    let (mut seen, mut after) = (Vec::new(), None::<String>);
    loop {
        let (rooms, more) = page(&mut alice, after.as_deref(), Some(5)).await;
        assert!(rooms.len() == 5 || !more);
        seen.extend(rooms);
        if !more {
            break;
        }
        after = seen.last().map(|last| last.room.to_string());
    }
    let expected: Vec<String> =
        std::iter::once("general".to_owned()).chain((0..12).map(|n| format!("room {n:02}"))).collect();
    assert_eq!(seen.iter().map(|room| room.room.to_string()).collect::<Vec<_>>(), expected);
    let count = |name: &str| seen.iter().find(|r| r.room == room(name)).unwrap().member_count;
    assert_eq!((count("general"), count("room 03"), count("room 04")), (2, 2, 1));

    let three = room("room 03");
    alice.so_far().await;
    bob.leave(&three).await;
    assert_eq!(alice.expect(changed(&three)).await, 1);
}

#[tokio::test]
async fn names_that_look_the_same_are_one_room_and_case_makes_another() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    assert_eq!(alice.join(&room("Tea")).await.room, room("Tea"));
    alice.send_text(r#"{"type":"join_room","room":"  Ｔｅａ ","id":"wide"}"#).await;
    let answer = alice.expect(crate::harness::joined).await;
    assert_eq!((answer.room.as_str(), answer.member_count), ("Tea", 1));
    alice.join(&room("tea")).await;
    assert_eq!(names(&mut alice).await, ["Tea", "general", "tea"]);
}

#[tokio::test]
async fn a_connection_may_be_in_two_hundred_rooms() {
    let server = TestServer::start().await;
    let mut alice = server.connect_outside("alice").await;
    for number in 0..ROOMS_PER_CONNECTION {
        alice.join(&room(&format!("room {number}"))).await;
    }
    let refused = alice.request(Command::JoinRoom { room: room("one more"), since: None }).await.unwrap_err();
    assert_eq!((refused.code, refused.room), (ErrorCode::TooManyRooms, Some(room("one more"))));
    alice.join(&room("room 7")).await;
    alice.leave(&room("room 7")).await;
    alice.join(&room("one more")).await;
}

#[tokio::test]
async fn a_person_may_be_in_two_hundred_rooms_with_all_their_connections() {
    let server = TestServer::start().await;
    let mut first = server.connect_outside("alice").await;
    let told = first.welcome().limits.as_ref().and_then(|limits| limits.rooms_per_person);
    assert_eq!(told, Some(ROOMS_PER_PERSON), "it is told in `welcome`");
    let mut second = server.resume(&first.session(), &[]).await;
    for number in 0..ROOMS_PER_PERSON {
        let person = if number % 2 == 0 { &mut first } else { &mut second };
        person.join(&room(&format!("room {number}"))).await;
    }
    for person in [&mut first, &mut second] {
        let join = Command::JoinRoom { room: room("one more"), since: None };
        assert_eq!(person.request(join).await.unwrap_err().code, ErrorCode::TooManyRooms);
        let posted = person.request(crate::harness::chat(&room("one more"), "x", None)).await;
        assert_eq!(posted.unwrap_err().code, ErrorCode::TooManyRooms);
    }
    let mut bob = server.connect("bob").await;
    let (rooms, more) = page(&mut bob, Some("o".to_owned()).as_deref(), Some(1)).await;
    assert!(more && rooms[0].room == room("room 0"), "a room that was refused is not made: {rooms:?}");
    second.join(&room("room 0")).await;
    second.leave(&room("room 0")).await;
    first.join(&room("one more")).await;
}

#[tokio::test]
async fn a_join_is_answered_though_the_person_left_and_the_room_went_away_meanwhile() {
    let server = TestServer::start().await;
    let tea = room("tea");
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(16 * 1024).unwrap();
    let mut alice = Person::on(socket.connect(server.address).await.unwrap(), "/ws").await;
    alice.sign_in(shared::Auth { rooms: Some(Vec::new()), ..crate::harness::guest("alice") }).await;
    let epoch = alice.join(&tea).await.epoch;
    for number in 0..990 {
        alice.send(crate::harness::chat(&tea, &format!("{number} {}", "x".repeat(3_900)), None)).await;
    }
    alice.say(&tea, "the last one").await;
    alice.so_far().await;
    let mut other = server.resume(&alice.session(), &[]).await;
    other.join(&tea).await;
    // More than the socket buffers hold, and she does not read: her join waits halfway.
    let since = Some(shared::Position { epoch, seq: Seq::ZERO });
    let request = alice.ask(Command::JoinRoom { room: tea.clone(), since }).await;
    alice.expect(crate::harness::joined).await;
    other.leave(&tea).await;
    assert_eq!(names(&mut other).await, ["general"], "the room is gone");
    let answer = alice.expect_within(std::time::Duration::from_mins(1), |frame| match frame {
        ServerFrame::Error { failure, .. } if failure.id.as_ref() == Some(&request) => Some(failure.clone()),
        _ => None,
    });
    let failure = answer.await;
    assert_eq!((failure.code, failure.room), (ErrorCode::NotAMember, Some(tea.clone())));
    assert_eq!(alice.join(&tea).await.member_count, 1, "and she may come again");
}

#[tokio::test]
async fn after_a_restart_rooms_with_members_are_there_and_deserted_ones_are_not() {
    let server = TestServer::start().await;
    let (kept, deserted, old) = (room("kept"), room("deserted"), room("old"));
    let mut alice = server.connect("alice").await;
    let session = alice.session();
    alice.join(&kept).await;
    alice.say(&kept, "hello").await;
    alice.join(&deserted).await;
    alice.say(&deserted, "goodbye").await;
    alice.leave(&deserted).await;
    let mut demo = server.demo("demo").await;
    demo.send_text(r#"{"type":"chat","room":"old","content":"a demo client does not stay"}"#).await;
    demo.expect(message).await;
    drop((alice, demo));
    let server = server.restart().await;

    let mut bob = server.connect("bob").await;
    assert_eq!(names(&mut bob).await, ["general", "kept"]);
    let answer = bob.join(&kept).await;
    assert_eq!((answer.member_count, answer.seq), (2, Seq(1)));
    let mut alice = server.resume(&session, &[]).await;
    assert_eq!(alice.join(&kept).await.member_count, 2);
    assert_eq!(alice.join(&deserted).await.seq, Seq(1), "its past is kept");
    assert_eq!(alice.join(&old).await.seq, Seq(1));
}

#[tokio::test]
async fn a_room_joined_at_one_device_is_told_to_the_others_and_to_nobody_else() {
    let server = TestServer::start().await;
    let (mut alice, mut bob) = (server.connect("alice").await, server.connect("bob").await);
    let mut device = server.resume(&alice.session(), &[]).await;
    let entered = |frame: &ServerFrame| match frame {
        ServerFrame::Entered { room, .. } => Some(room.clone()),
        _ => None,
    };
    alice.join(&room("お茶")).await;
    assert_eq!(device.expect(entered).await, room("お茶"));
    device.join(&room("お茶")).await;
    alice.expect_none(entered).await;
    bob.expect_none(entered).await;
}
