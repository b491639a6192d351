//! Answers come in pages: large requests cost the server little memory, and everything can be reached.

use std::collections::VecDeque;
use std::time::Duration;

use shared::limits::PAGE_BYTES;
use shared::{
    Action, Auth, Command, ErrorCode, Position, ResumeRoom, RoomAddress, RoomEvent, Seq, ServerFrame,
};

use crate::harness::{
    At, Person, Process, TestServer, change, chat, edit, emoji, general, guest, history, joined, list_pins,
    new_id, react, room,
};

/// Upper bound of the memory of a server without optimisation, in KiB, while clients do not read their answers: it holds
/// about 64 MiB; without bounds it would be hundreds.
const MEMORY: u64 = 72 * 1024;

/// A text of the maximum length, in one-byte characters.
fn long(number: usize) -> String {
    let mut content = format!("{number} ");
    content.extend(std::iter::repeat_n('x', 4_000 - content.len()));
    content
}

/// Pipelines commands, a limited number at a time, and waits for their answers.
async fn pipeline(person: &mut Person, commands: impl Iterator<Item = Command>) {
    let mut waiting = VecDeque::new();
    for command in commands {
        waiting.push_back(person.ask(command).await);
        if waiting.len() > 64 {
            let first = waiting.pop_front().unwrap();
            person.answer(&first).await.unwrap();
        }
    }
    for request in waiting {
        person.answer(&request).await.unwrap();
    }
}

/// Returns the server's peak memory, once it is idle.
async fn peak_until_rest(server: &Process) -> u64 {
    let (mut before, mut resting) = (server.processor_ticks(), 0);
    while resting < 4 && server.peak_kib() < MEMORY {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let now = server.processor_ticks();
        resting = if now <= before + 2 { resting + 1 } else { 0 };
        before = now;
    }
    server.peak_kib()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn askers_for_the_versions_of_a_much_edited_message_do_not_fill_the_memory() {
    const EDITS: usize = 3_000;
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &["--rate-limits", "off"]);
    let mut alice = server.connect("alice").await;
    let target = alice.say(&general(), &long(0)).await.seq;
    pipeline(&mut alice, (1..=EDITS).map(|number| change(&general(), target, edit(&long(number))))).await;
    let mut replies = Vec::new();
    for number in 0..10 {
        replies.push(server.connect(&format!("asker {number}")).await);
    }
    server.forget_peak();
    for asker in &mut replies {
        for _ in 0..3 {
            asker.ask(Command::ListVersions { room: general(), target, after: None, before: None }).await;
        }
    }
    let peak = peak_until_rest(&server).await;
    assert!(peak < MEMORY, "{peak} KiB");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn coming_back_to_many_rooms_without_reading_does_not_fill_the_memory() {
    const ROOMS: usize = 200;
    const MESSAGES: usize = 14;
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &["--rate-limits", "off"]);
    let mut alice = server.connect("alice").await;
    let rooms: Vec<RoomAddress> = (0..ROOMS - 1).map(|number| room(&format!("room {number}"))).collect();
    let mut back = Vec::new();
    for room in &rooms {
        let since = Position { epoch: alice.join(room).await.epoch, seq: Seq::ZERO };
        back.push(ResumeRoom { room: room.clone(), since: Some(since) });
        pipeline(&mut alice, (0..MESSAGES).map(|number| chat(room, &long(number), new_id()))).await;
    }
    let mut visitors = Vec::new();
    for _ in 0..40 {
        visitors.push(Person::open(server.address, "/ws").await);
    }
    server.forget_peak();
    for visitor in &mut visitors {
        visitor.send(Command::Auth(Auth { rooms: Some(back.clone()), ..guest("visitor") })).await;
    }
    let peak = peak_until_rest(&server).await;
    assert!(peak < MEMORY, "{peak} KiB");
    let mut reader = Person::open(server.address, "/ws").await;
    reader.sign_in(Auth { rooms: Some(back), ..guest("reader") }).await;
    for room in &rooms {
        let told = reader.expect(joined).await;
        assert_eq!((&told.room, told.seq, told.events.len()), (room, Seq(MESSAGES as u64), MESSAGES));
    }
}

/// Reads a list page by page and returns the seqs of its items. Asserts that no page is much larger than a frame may
/// be.
async fn read_on(
    person: &mut Person,
    mut ask: impl FnMut(Option<Seq>) -> Command,
    take: impl Fn(&ServerFrame) -> (Vec<Seq>, bool),
) -> Vec<Seq> {
    let (mut found, mut last) = (Vec::new(), None);
    loop {
        let frame = person.request(ask(last)).await.unwrap();
        let bytes = serde_json::to_vec(&frame).unwrap().len();
        assert!(bytes < PAGE_BYTES + 4 * 1024, "a page of {bytes} bytes");
        let (page, more) = take(&frame);
        assert!(!more || !page.is_empty(), "a page with more behind it is not empty");
        last = page.last().copied().or(last);
        found.extend(page);
        if !more {
            return found;
        }
    }
}

#[tokio::test]
async fn every_list_goes_on_where_its_page_ended() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    let mut bob = server.connect("bob").await;
    // Control characters take six bytes each on the wire.
    for number in 0..12 {
        alice.say(&general(), &format!("{number}{}", "\u{1}".repeat(3_000))).await;
    }
    for target in 1..=12 {
        bob.change(&general(), Seq(target), Action::PinMessage).await;
    }
    let mut edits = vec![Seq(1)];
    for number in 0..9 {
        edits.push(
            alice
                .change(&general(), Seq(1), edit(&format!("edit {number}{}", "\u{1}".repeat(3_000))))
                .await
                .seq,
        );
    }
    for number in 0..9 {
        bob.reply(&general(), Seq(1), &format!("{number}{}", "\"".repeat(3_900))).await.unwrap();
    }
    let messages = |frame: &ServerFrame| match frame {
        ServerFrame::Messages(page) => (page.events.iter().map(RoomEvent::seq).collect(), page.more),
        other => panic!("{other:?}"),
    };
    let twelve: Vec<Seq> = (1..=12).map(Seq).collect();
    assert_eq!(read_on(&mut alice, |after| list_pins(after, None), messages).await, twelve);
    let versions = |frame: &ServerFrame| match frame {
        ServerFrame::Versions(page) => (page.versions.iter().map(|of| of.seq).collect(), page.more),
        other => panic!("{other:?}"),
    };
    let of = |after| Command::ListVersions { room: general(), target: Seq(1), after, before: None };
    assert_eq!(read_on(&mut alice, of, versions).await, edits);
    let replies = |after| Command::ListReplies { room: general(), target: Seq(1), after };
    assert_eq!(read_on(&mut alice, replies, messages).await.len(), 9);
    let mut left = twelve.clone();
    let these = |after: Option<Seq>| {
        left.retain(|&seq| after.is_none_or(|after| seq > after));
        Command::GetMessages { room: general(), seqs: left.clone() }
    };
    assert_eq!(read_on(&mut alice, these, messages).await, twelve);
    let all = |after: Option<Seq>| history(&general(), At::After(after.map_or(0, |seq| seq.0)), 200);
    let page = |frame: &ServerFrame| match frame {
        ServerFrame::History(page) => (page.events.iter().map(RoomEvent::seq).collect(), page.more),
        other => panic!("{other:?}"),
    };
    assert_eq!(read_on(&mut alice, all, page).await.len(), 21);
    // Backwards from the end, the latest pins come first.
    let Ok(ServerFrame::Messages(page)) = alice.request(list_pins(None, Some(Seq(u64::MAX >> 11)))).await
    else {
        panic!("no pins")
    };
    assert_eq!((page.events.last().map(RoomEvent::seq), page.more), (Some(Seq(12)), true));
}

#[tokio::test]
async fn many_who_reacted_are_told_page_by_page() {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    alice.say(&general(), "look").await;
    let mut expected = Vec::new();
    for number in 0..130 {
        let mut guest = server.connect(&format!("guest {number}")).await;
        expected.push(guest.change(&general(), Seq(1), react("👍")).await.seq);
    }
    let of = |after| Command::ListReactors { room: general(), target: Seq(1), emoji: emoji("👍"), after };
    let reactors = |frame: &ServerFrame| match frame {
        ServerFrame::Reactors(page) => (page.users.iter().map(|user| user.seq).collect(), page.more),
        other => panic!("{other:?}"),
    };
    assert_eq!(read_on(&mut alice, of, reactors).await, expected);
    let gone = alice.request(Command::ListReactors {
        room: general(),
        target: Seq(999),
        emoji: emoji("👍"),
        after: None,
    });
    assert_eq!(gone.await.unwrap_err().code, ErrorCode::NoSuchMessage);
}
