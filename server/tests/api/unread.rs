//! Unread counts on every device of a person.

use shared::{Action, Command, Joined, Position, Seq, ServerFrame};

use crate::harness::{Follow, Person, TestServer, chat, edit, general, joined, new_id, react, room};

/// Connects another device of a person, in `general`.
async fn device(server: &TestServer, session: &str) -> (Person, Follow) {
    let mut person = server.resume(session, &[]).await;
    let answer = person.join(&general()).await;
    let follow = Follow::from(&mut person, answer).await;
    (person, follow)
}

/// Connects a person with two devices, who has read everything.
async fn two_devices(server: &TestServer, name: &str) -> [(Person, Follow); 2] {
    let (mut tab, answer) = server.connect_joined(name).await;
    let follow = Follow::from(&mut tab, answer).await;
    let session = tab.session();
    [(tab, follow), device(server, &session).await]
}

async fn say_many(person: &mut Person, count: usize) {
    let mut last = None;
    for number in 0..count {
        last = Some(person.ask(chat(&general(), &number.to_string(), new_id())).await);
    }
    person.answer(&last.unwrap()).await.unwrap();
}

/// Asserts that both devices show these counts, and that the server counts the same.
async fn both_show(devices: &mut [(Person, Follow); 2], expected: (u64, u32, u32)) {
    for (number, (person, follow)) in devices.iter_mut().enumerate() {
        follow.settle(person).await;
        assert_eq!(follow.shown(), expected, "device {number}");
    }
    for (person, follow) in devices {
        follow.check(person).await;
        assert_eq!(follow.shown(), expected);
    }
}

#[tokio::test]
async fn every_device_shows_the_same_whichever_reads() {
    let server = TestServer::start().await;
    let mut bob = server.connect("bob").await;
    bob.say(&general(), "before she came").await;
    let mut devices = two_devices(&server, "alice").await;
    both_show(&mut devices, (1, 0, 0)).await;
    say_many(&mut bob, 4).await;
    bob.say(&general(), "@alice").await;
    both_show(&mut devices, (1, 5, 1)).await;

    let [(tab, on_tab), _] = &mut devices;
    on_tab.mark_read(tab, Seq(3)).await;
    assert_eq!(on_tab.shown(), (3, 3, 1), "the answer says it");
    both_show(&mut devices, (3, 3, 1)).await;
    let [_, (phone, on_phone)] = &mut devices;
    on_phone.mark_read(phone, Seq(2)).await;
    assert_eq!(on_phone.shown(), (3, 3, 1), "never back");
    on_phone.mark_read(phone, Seq(999)).await;
    assert_eq!(on_phone.shown(), (6, 0, 0), "nothing beyond the last");
    both_show(&mut devices, (6, 0, 0)).await;

    let [(tab, on_tab), _] = &mut devices;
    on_tab.mark_unread(tab, Seq(4)).await;
    both_show(&mut devices, (3, 3, 1)).await;
    let [_, (phone, on_phone)] = &mut devices;
    on_phone.mark_unread(phone, Seq(1)).await;
    both_show(&mut devices, (0, 6, 1)).await;

    // Posting marks everything before as read, on all devices.
    let [(tab, _), _] = &mut devices;
    tab.say(&general(), "here I am").await;
    both_show(&mut devices, (7, 0, 0)).await;
    bob.say(&general(), "@room").await;
    both_show(&mut devices, (7, 1, 1)).await;
}

#[tokio::test]
async fn another_device_is_told_without_asking() {
    let server = TestServer::start().await;
    let mut bob = server.connect("bob").await;
    let [(mut tab, mut on_tab), (mut phone, _)] = two_devices(&server, "alice").await;
    say_many(&mut bob, 3).await;
    let pushed = async |person: &mut Person| {
        person
            .expect(|frame| match frame {
                ServerFrame::Read { room, seq, unread, id } if *room == general() => {
                    assert!(id.is_none(), "nobody asked");
                    Some((seq.0, unread.messages))
                }
                _ => None,
            })
            .await
    };
    on_tab.mark_read(&mut tab, Seq(2)).await;
    assert_eq!(pushed(&mut phone).await, (2, 1));
    on_tab.mark_unread(&mut tab, Seq(1)).await;
    assert_eq!(pushed(&mut phone).await, (0, 3));
    // Nobody else receives the mark.
    bob.expect_none(|frame| matches!(frame, ServerFrame::Read { .. }).then_some(())).await;
}

#[tokio::test]
async fn a_deleted_message_is_unread_nowhere() {
    let server = TestServer::start().await;
    let mut bob = server.connect("bob").await;
    let mut devices = two_devices(&server, "alice").await;
    for text in ["one", "@alice", "three", "four"] {
        bob.say(&general(), text).await;
    }
    both_show(&mut devices, (0, 4, 1)).await;
    bob.change(&general(), Seq(2), Action::DeleteMessage).await;
    both_show(&mut devices, (0, 3, 0)).await;
    // This device does not have the message; it only has the count.
    let session = devices[0].0.session();
    devices[1] = device(&server, &session).await;
    assert_eq!(devices[1].1.shown(), (0, 3, 0));
    bob.change(&general(), Seq(1), Action::DeleteMessage).await;
    both_show(&mut devices, (0, 2, 0)).await;
    let [(tab, on_tab), _] = &mut devices;
    on_tab.mark_read(tab, Seq(3)).await;
    both_show(&mut devices, (3, 1, 0)).await;
    bob.change(&general(), Seq(3), Action::DeleteMessage).await;
    both_show(&mut devices, (3, 1, 0)).await;
    bob.change(&general(), Seq(4), edit("@alice, again")).await;
    both_show(&mut devices, (3, 1, 1)).await;
    bob.change(&general(), Seq(4), Action::DeleteMessage).await;
    both_show(&mut devices, (3, 0, 0)).await;
}

#[tokio::test]
async fn more_than_a_hundred_are_shown_as_a_hundred_and_come_down_again() {
    let server = TestServer::start().await;
    let mut bob = server.connect("bob").await;
    let mut devices = two_devices(&server, "alice").await;
    say_many(&mut bob, 90).await;
    both_show(&mut devices, (0, 90, 0)).await;
    say_many(&mut bob, 60).await;
    both_show(&mut devices, (0, 100, 0)).await;
    bob.change(&general(), Seq(140), Action::DeleteMessage).await;
    bob.change(&general(), Seq(10), Action::DeleteMessage).await;
    both_show(&mut devices, (0, 100, 0)).await;
    let [(tab, on_tab), _] = &mut devices;
    on_tab.mark_read(tab, Seq(60)).await;
    both_show(&mut devices, (60, 89, 0)).await;
    let [_, (phone, on_phone)] = &mut devices;
    on_phone.mark_read(phone, Seq(149)).await;
    both_show(&mut devices, (149, 1, 0)).await;
}

#[tokio::test]
async fn who_comes_back_is_told_what_is_unread_at_once() {
    let server = TestServer::start().await;
    let mut bob = server.connect("bob").await;
    let (mut alice, answer) = server.connect_joined("alice").await;
    let mut follow = Follow::from(&mut alice, answer).await;
    say_many(&mut bob, 5).await;
    follow.mark_read(&mut alice, Seq(2)).await;
    let session = alice.session();
    drop(alice);
    bob.say(&general(), "@alice").await;
    bob.change(&general(), Seq(4), Action::DeleteMessage).await;

    let told = |answer: &Joined| (answer.read_seq.0, answer.unread.messages, answer.unread.mentions);
    let mut alice = server.resume(&session, &[(&general(), follow.position())]).await;
    let answer = alice.expect(joined).await;
    assert_eq!((told(&answer), answer.snapshot), ((2, 3, 1), false));
    follow.resume(&mut alice, answer).await;
    assert_eq!(follow.shown(), (2, 3, 1), "with the first frame, before anybody asks");
    follow.check(&mut alice).await;

    // The same for a device without state.
    let (mut phone, mut on_phone) = device(&server, &session).await;
    assert_eq!(on_phone.shown(), (2, 3, 1));
    on_phone.check(&mut phone).await;
}

#[tokio::test]
async fn the_mark_outlives_a_goodbye_and_a_leave() {
    let server = TestServer::start().await;
    let tea = room("tea");
    let mut bob = server.connect("bob").await;
    bob.join(&tea).await;
    let mut alice = server.connect("alice").await;
    alice.join(&tea).await;
    bob.say(&tea, "one").await;
    bob.say(&tea, "two").await;
    let answer = alice.request(Command::MarkRead { room: tea.clone(), seq: Seq(1) }).await;
    assert!(matches!(answer, Ok(ServerFrame::Read { seq: Seq(1), .. })), "{answer:?}");
    // Leave and join in quick succession: the read mark survives.
    for _ in 0..3 {
        alice.leave(&tea).await;
        bob.say(&tea, "while she was out").await;
        let answer = alice.join(&tea).await;
        assert_eq!((answer.read_seq, answer.unread.counted_seq), (Seq(1), answer.seq));
        assert_eq!(answer.unread.messages, answer.seq.0 as u32 - 1);
    }
    let session = alice.session();
    alice.close(1000).await;
    bob.expect(|frame| match frame {
        ServerFrame::UserLeft { room, user, .. } if *room == tea && user.as_str() == "alice" => Some(()),
        _ => None,
    })
    .await;
    let mut alice = server.resume(&session, &[]).await;
    let answer = alice.join(&tea).await;
    assert_eq!((answer.read_seq, answer.unread.messages), (Seq(1), 4));
}

#[tokio::test]
async fn what_is_unread_is_the_same_after_a_restart() {
    let server = TestServer::start().await;
    let mut bob = server.connect("bob").await;
    let (mut alice, answer) = server.connect_joined("alice").await;
    let mut follow = Follow::from(&mut alice, answer).await;
    let (mut carol, answer) = server.connect_joined("carol").await;
    let carols = Follow::from(&mut carol, answer).await;
    say_many(&mut bob, 5).await;
    follow.mark_read(&mut alice, Seq(3)).await;
    carol.say(&general(), "she has read what is above").await;
    bob.say(&general(), "@carol").await;
    let sessions = [alice.session(), carol.session()];
    drop((alice, carol, bob));

    let server = server.restart().await;
    let mut alice = server.resume(&sessions[0], &[(&general(), follow.position())]).await;
    let answer = alice.expect(joined).await;
    follow.resume(&mut alice, answer).await;
    assert_eq!(follow.shown(), (3, 4, 0));
    follow.check(&mut alice).await;
    let beginning = Position { epoch: carols.position().epoch, seq: Seq::ZERO };
    let mut carol = server.resume(&sessions[1], &[(&general(), beginning)]).await;
    let answer = carol.expect(joined).await;
    assert_eq!((answer.read_seq, answer.unread.messages, answer.unread.mentions), (Seq(6), 1, 1));
}

#[tokio::test]
async fn who_comes_for_the_first_time_has_nothing_unread() {
    let server = TestServer::start().await;
    let mut bob = server.connect("bob").await;
    say_many(&mut bob, 60).await;
    let (mut alice, answer) = server.connect_joined("alice").await;
    assert_eq!((answer.read_seq, answer.unread.messages), (Seq(60), 0));
    let mut follow = Follow::from(&mut alice, answer).await;
    bob.change(&general(), Seq(60), react("👍")).await;
    bob.change(&general(), Seq(59), edit("@alice")).await;
    follow.until(&mut alice, Seq(62)).await;
    assert_eq!(follow.shown(), (60, 0, 0), "changes of what was read are not unread");
    follow.check(&mut alice).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn devices_that_read_and_write_at_once_agree_in_the_end() {
    let server = TestServer::start().await;
    let mut bob = server.connect("bob").await;
    let mut devices = two_devices(&server, "alice").await;
    let talking = tokio::spawn(async move {
        for number in 0..150 {
            let ack = bob.say(&general(), if number % 7 == 0 { "@alice" } else { "x" }).await;
            match number % 5 {
                1 => drop(bob.change(&general(), ack.seq, Action::DeleteMessage).await),
                3 => drop(bob.change(&general(), ack.seq, edit("@alice edited")).await),
                _ => {}
            }
        }
        bob
    });
    for round in 0..40_u64 {
        for (number, (person, follow)) in devices.iter_mut().enumerate() {
            follow.settle(person).await;
            let (seq, number) = (follow.seq().0, number as u64);
            match (round + number) % 5 {
                0 => follow.mark_read(person, Seq(seq.saturating_sub(round % 3))).await,
                1 => follow.mark_unread(person, Seq(seq.saturating_sub(3))).await,
                2 => drop(person.say(&general(), "my own").await),
                3 => follow.mark_read(person, Seq(seq)).await,
                _ => {}
            }
        }
    }
    talking.await.unwrap();
    let [(first, on_first), (second, on_second)] = &mut devices;
    let last = first.say(&general(), "the last").await.seq;
    on_first.until(first, last).await;
    on_second.until(second, last).await;
    on_first.mark_unread(first, Seq(last.0 / 2)).await;
    let shown = on_first.shown();
    both_show(&mut devices, shown).await;
}
