//! A client that reads is never cut off, however large the load from others.

use shared::Command;
use shared::limits::{ROOM_NAME_CHARS, ROOMS_PER_CONNECTION, ROOMS_PER_PERSON};
use tokio::net::TcpSocket;

use crate::harness::{
    Person, Process, TestServer, WriteLock, chat, general, guest, joined, message, new_id, room,
};

/// A text of the maximum length, in four-byte characters.
fn long(number: usize) -> String {
    let mut content = format!("{number} ");
    content.push_str(&"😀".repeat(4_000 - content.len()));
    content
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_in_many_rooms_reaches_whoever_reads() {
    const ROOMS: usize = 12;
    const GUESTS: usize = 4;
    const EACH: usize = 18;
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &[]);
    let rooms: Vec<_> = (0..ROOMS).map(|number| room(&format!("room {number}"))).collect();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(8 * 1024 * 1024).unwrap();
    let mut reader = Person::on(socket.connect(server.address).await.unwrap(), "/ws").await;
    reader.sign_in(guest("reader")).await;
    reader.expect(joined).await;
    for room in &rooms {
        reader.join(room).await;
    }
    // While nothing can be stored, all writes queue up; they are then delivered in one piece.
    let mut guests = Vec::new();
    for number in 0..GUESTS {
        let mut person = server.connect(&format!("guest {number}")).await;
        for room in &rooms {
            person.join(room).await;
        }
        guests.push(person);
    }
    let lock = WriteLock::take(folder.path()).await;
    let mut writing = Vec::new();
    for mut person in guests {
        let mut requests = Vec::new();
        for message in 0..EACH {
            requests.push(person.ask(chat(&rooms[message % ROOMS], &long(message), new_id())).await);
        }
        person.request(Command::Ping).await.unwrap();
        writing.push(tokio::spawn(async move {
            for request in &requests {
                person.answer(request).await.expect("the rates allow it");
            }
        }));
    }
    lock.release().await;
    let (mut messages, mut bytes) = (0, 0);
    while messages < GUESTS * EACH {
        let (text, frame) =
            reader.receive().await.unwrap_or_else(|closed| panic!("{closed:?} after {bytes} bytes"));
        bytes += text.len();
        messages += usize::from(message(&frame).is_some());
    }
    for guest in writing {
        guest.await.unwrap();
    }
    assert!(bytes > GUESTS * EACH * 16_000);
    assert_eq!(server.stats().await["slow_consumers"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_watches_the_room_list_survives_many_rooms_that_come_and_go_at_once() {
    let server = TestServer::start_with(|config| config.rate_limits = true).await;
    let mut watcher = server.connect("watcher").await;
    watcher.request(Command::ListRooms { after: None, limit: None }).await.unwrap();
    let first = server.connect("mallory").await;
    let name = |number: usize| {
        let mut name = format!("{number} ");
        name.extend(std::iter::repeat_n('部', ROOM_NAME_CHARS - name.len()));
        room(&name)
    };
    let position = shared::Position { epoch: shared::Epoch::from_random(0), seq: shared::Seq::ZERO };
    let mut connections = Vec::new();
    for connection in 0..8 {
        let names: Vec<_> =
            (0..ROOMS_PER_CONNECTION).map(|n| name(connection * ROOMS_PER_CONNECTION + n)).collect();
        let positions: Vec<_> = names.iter().map(|name| (name, position)).collect();
        let mut person = Person::resume(server.address, &first.session(), &positions).await;
        person.request(Command::Ping).await.unwrap();
        connections.push(person);
    }
    let rooms = server.stats().await["rooms"].as_u64().unwrap();
    assert!(rooms <= 1 + ROOMS_PER_PERSON as u64, "one guest is in {rooms} rooms");
    watcher.so_far().await;
    for person in connections {
        person.close(1000).await;
    }
    first.close(1000).await;
    watcher.say(&general(), "still here").await;
    watcher.expect(message).await;
    assert_eq!(server.stats().await["slow_consumers"], 0);
}
