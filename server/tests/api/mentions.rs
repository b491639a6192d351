//! Mentions in messages.

use std::time::{Duration, Instant};

use shared::limits::CONTENT_GRAPHEMES;
use shared::{Action, RoomEvent, UserId};
use tokio::sync::watch;

use crate::harness::{Person, Process, TestServer, chat, general, message, new_id, room};

/// Returns whom `text` mentions, and whether it mentions the room.
async fn called(author: &mut Person, text: &str) -> (Vec<UserId>, bool) {
    author.say(&general(), text).await;
    let posted = author.expect(message).await;
    (posted.mentions.users, posted.mentions.room)
}

#[tokio::test]
async fn what_is_written_behind_the_sign_is_one_name_or_none() {
    let server = TestServer::start().await;
    let mut author = server.connect_joined("author").await.0;
    let mut people = Vec::new();
    for name in ["bob", "types", "rene", "an", "がく", "花子"] {
        people.push(server.connect_joined(name).await.0);
    }
    let id = |name: &str| people.iter().find(|person| person.name() == name).unwrap().id();
    for text in [
        "@bob_x",
        "@bob.smith",
        "@types/node",
        "@bob\u{301}",
        "@rene\u{301}",
        "@anế",
        "@bob@example.org",
        "a@bob",
        "https://example.org/@bob",
        "see http://example.org/x?to=@bob",
        "../@types/node",
        "@花子-2",
    ] {
        assert_eq!(called(&mut author, text).await, (vec![], false), "{text:?}");
    }
    for (text, names) in [
        ("@bob's idea", &["bob"][..]),
        ("_@bob_, (@types)", &["bob", "types"]),
        ("@Bob/@RENE: @花子さん", &["bob", "rene", "花子"]),
        ("https://example.org @bob", &["bob"]),
        ("＠か\u{3099}く", &["がく"]),
    ] {
        let ids: Vec<UserId> = names.iter().map(|name| id(name)).collect();
        assert_eq!(called(&mut author, text).await, (ids, false), "{text:?}");
    }
    assert_eq!(called(&mut author, "＠ｒｏｏｍ").await, (vec![], true));
    assert_eq!(called(&mut author, "@room_x").await, (vec![], false));

    // The same for an edit.
    let seq = author.say(&general(), "@bob").await.seq;
    author.change(&general(), seq, Action::EditMessage { content: "@bob_x".parse().unwrap() }).await;
    let history = author.everything(&general()).await;
    let Some(RoomEvent::Posted(edited)) = history.iter().find(|event| event.seq() == seq) else { panic!() };
    assert!(edited.mentions.is_empty(), "{edited:?}");
}

#[tokio::test]
async fn nobody_is_named_as_a_call() {
    let server = TestServer::start().await;
    for name in ["room", "Everyone", "ＨＥＲＥ", "all"] {
        let person = server.connect(name).await;
        assert!(person.name().ends_with("-2"), "{name} became {}", person.name());
    }
    assert!(server.demo("room").await.name().ends_with("-3"));
}

/// Twenty guests post `text` as fast as the rate limit allows, each in a room of their own. Returns the 95th percentile
/// of the answer times of a bystander in another room.
async fn beside(text: &str) -> Duration {
    const GUESTS: usize = 20;
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &[]);
    let tea = room("tea");
    let mut bystander = server.connect("bystander").await;
    bystander.join(&tea).await;
    let (stop, stopped) = watch::channel(false);
    let mut guests = Vec::new();
    for number in 0..GUESTS {
        let mut guest = server.connect(&format!("guest {number}")).await;
        let home = room(&format!("room {number}"));
        guest.join(&home).await;
        let (text, stopped) = (text.to_owned(), stopped.clone());
        guests.push(tokio::spawn(async move {
            let mut sent = 0;
            while !*stopped.borrow() {
                match guest.request(chat(&home, &text, new_id())).await {
                    Ok(_) => sent += 1,
                    Err(failure) => {
                        let wait = failure.retry_after_ms.expect("only the rate refuses");
                        tokio::time::sleep(Duration::from_millis(wait)).await;
                    }
                }
            }
            sent
        }));
    }
    let mut waits = Vec::new();
    for number in 0..40 {
        let start = Instant::now();
        bystander.say(&tea, &number.to_string()).await;
        waits.push(start.elapsed());
        tokio::time::sleep(Duration::from_millis(200).saturating_sub(start.elapsed())).await;
    }
    stop.send(true).unwrap();
    let mut sent = 0;
    for guest in guests {
        sent += guest.await.unwrap();
    }
    assert!(sent >= GUESTS * 20, "they wrote all the time: {sent}");
    waits.sort();
    waits[waits.len() * 95 / 100]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn texts_full_of_signs_that_call_hold_up_nobody_in_another_room() {
    let signs = ("@".to_owned() + &"\u{FDFA}".repeat(32)).repeat(CONTENT_GRAPHEMES / 33);
    let others = signs.replace('@', "x");
    let (signs, others) = (beside(&signs).await, beside(&others).await);
    // Under 100 ms; on a busy machine, no worse than with other texts of this length.
    assert!(signs < Duration::from_millis(100).max(others * 3), "p95 {signs:?}, {others:?} without signs");
    println!("p95 {signs:?}, {others:?} without signs");
}
