//! Search where most of what the index holds may not be read: 5,000 rooms, of which all but a few are private. A hundred
//! people search in turn, each of whom is in 40 private rooms.

use std::path::Path;
use std::sync::Arc;

use hiroba::room::RoomInfo;
use hiroba::server_time::ServerTime;
use hiroba::store::sqlite::SqliteStore;
use hiroba::store::{Author, NewPrivateRoom, Outcome, Session, Store, User, Write};
use shared::{
    Epoch, MessageText, Person, RoomAddress, RoomDetails, RoomKind, RoomName, SessionId, Timestamp, UserId,
};
use uuid::Uuid;

use crate::queries::{search, searches};
use crate::words::{content, corpus, latin, mixed};
use crate::{PEOPLE, fill, indexed, open_room, person_id, person_name, post};

/// How many rooms are public.
pub const PUBLIC: [u64; 2] = [10, 500];
const ROOMS: u64 = 5_000;
const READERS: u64 = 100;
/// Private rooms of each reader.
const OWN: u64 = 40;
/// Who writes in a private room.
const WRITERS: u64 = 4;

fn person(number: u64) -> Person {
    Person { user_id: person_id(number), user: person_name(number) }
}

/// A writer of a private room.
const fn writer(room: u64, number: u64) -> u64 {
    (room * 7 + number % WRITERS) % PEOPLE
}

/// Whether a reader is in a private room. None is in the second half of them.
fn is_in(reader: u64, room: u64) -> bool {
    room < ROOMS / 2 && mixed(reader * ROOMS + room) % (ROOMS / 2) < OWN
}

async fn save_people(store: &SqliteStore) {
    for number in 0..PEOPLE + READERS {
        let Person { user_id: id, user: name } = person(number);
        let user = User { id, name, is_account: false };
        let session = Session { id: SessionId::new(Uuid::from_u128(number.into())), user };
        let mut secret = [0; 32];
        secret[..8].copy_from_slice(&number.to_le_bytes());
        let write = Write::SaveGuest { session, secret, at: ServerTime::from_millis(0) };
        store.commit(&[write]).await.unwrap();
    }
}

async fn private_room(store: &SqliteStore, room: u64) -> Arc<RoomInfo> {
    let readers = (0..READERS).filter(|reader| is_in(*reader, room)).map(|reader| PEOPLE + reader);
    let members = (1..WRITERS).map(|number| writer(room, number)).chain(readers).map(person).collect();
    let first = person(writer(room, 0));
    let write = Write::CreateRoom(NewPrivateRoom {
        kind: RoomKind::Private,
        make: true,
        address: RoomAddress::known(&format!("~{room:032}")).unwrap(),
        epoch: Epoch::from_random(1),
        details: RoomDetails::default(),
        author: Author { id: first.user_id, name: first.user, client_message_id: None },
        members,
        timestamp: Timestamp::from_millis(0),
    });
    match store.commit(&[write]).await.unwrap().remove(0) {
        Outcome::Created(room, _) => room,
        other => panic!("{other:?}"),
    }
}

/// Adds words that are in every message, in every second, in every hundredth, and only where no reader is.
fn with_words(text: &MessageText, room: u64, number: u64, is_private: bool) -> MessageText {
    let half = if mixed(number).is_multiple_of(2) { "left" } else { "right" };
    let seldom = if mixed(number + 1).is_multiple_of(100) { " seldom" } else { "" };
    let (mut elsewhere, mut hidden) = ("", "");
    if is_private && room >= ROOMS / 2 {
        elsewhere = " elsewhere";
        hidden = if mixed(number + 2).is_multiple_of(50) { " hidden" } else { "" };
    }
    MessageText::new(&format!("{text} everywhere {half}{seldom}{elsewhere}{hidden}")).unwrap()
}

pub async fn run(folder: &Path, public: u64, messages: u64) {
    println!("\n{ROOMS} rooms, {public} of them public");
    let store = SqliteStore::open(folder).await.unwrap();
    save_people(&store).await;
    let mut rooms = Vec::new();
    for room in 0..ROOMS {
        rooms.push(match room % (ROOMS / public) {
            0 => open_room(&store, RoomName::new(&format!("room {room}")).unwrap()).await,
            _ => private_room(&store, room).await,
        });
    }
    let corpus = corpus();
    fill(&store, messages, |number| {
        let room = mixed(number + 3) % ROOMS;
        let info = &rooms[room as usize];
        let text = with_words(&content(&corpus, number), room, number, info.is_private());
        post(info, writer(room, mixed(number)), number, text)
    })
    .await;
    let store = indexed(store, folder, messages).await;
    let readers: Vec<UserId> = (0..READERS).map(|reader| person_id(PEOPLE + reader)).collect();
    for (what, query) in [
        ("a word of every message", "everywhere"),
        ("a word of every second message", "left"),
        ("a word of every hundredth message", "seldom"),
        ("two words of every second message, never together", "left right"),
        ("a word of every second message, where one may not read", "elsewhere"),
        ("a word of every hundredth message, where one may not read", "hidden"),
        ("in: a room that one may not read", "in:~00000000000000000000000000004999 everywhere"),
        ("before: a day, without words", "before:2023-11-24"),
    ] {
        search(&store, &readers, what, |_| query.to_owned()).await;
    }
    let sentences: Vec<&str> = corpus.iter().copied().filter(|text| text.chars().count() > 6).collect();
    let part = |round: u64| {
        let sentence = sentences[mixed(round) as usize % sentences.len()];
        match sentence.split(' ').collect::<Vec<_>>()[..] {
            [first, second, third, ..] => format!("{first} {second} {third}"),
            _ => sentence.chars().take(5).collect(),
        }
    };
    search(&store, &readers, "a phrase", |round| format!("\"{}\"", part(round))).await;
    search(&store, &readers, "a phrase that is nowhere", |round| {
        format!("\"{} {}\"", part(round), latin(round + 1))
    })
    .await;
    searches(&store, &readers).await;
    store.close().await;
}
