//! Search and history with a million messages in one room: `cargo bench -p server --bench search [-- MESSAGES]`. With
//! `-- doors` search in 5,000 rooms of which one may read 50, and then 540.

#![allow(clippy::unwrap_used, reason = "a failed unwrap ends the measurement")]

mod doors;
mod queries;
mod words;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hiroba::room::RoomInfo;
use hiroba::store::sqlite::SqliteStore;
use hiroba::store::{Author, NewPost, Outcome, PageAt, SearchIndex, Store, Write};
use shared::{
    ClientMessageId, Epoch, Mentions, MessageId, MessageText, RoomName, Seq, Timestamp, UserId, UserName,
};
use uuid::Uuid;

use queries::{report, searches};
use words::{content, corpus, mixed};

const MESSAGES: u64 = 1_000_000;
const BATCH: u64 = 1_000;
const PEOPLE: u64 = 500;
/// Searches of each kind, and pages of history.
const ROUNDS: u64 = 200;

/// A message of one of the people.
fn post(room: &Arc<RoomInfo>, person: u64, number: u64, content: MessageText) -> Write {
    Write::Post(NewPost {
        room: room.clone(),
        author: Author {
            id: person_id(person),
            name: person_name(person),
            client_message_id: Some(ClientMessageId::new(Uuid::now_v7())),
        },
        message_id: MessageId::new(Uuid::now_v7()),
        content,
        reply_to: None,
        mentions: Mentions::default(),
        timestamp: Timestamp::from_millis(1_700_000_000_000 + number as i64 * 1_000),
    })
}

fn person_id(person: u64) -> UserId {
    UserId::new(Uuid::from_u128(person.into()))
}

fn person_name(person: u64) -> UserName {
    UserName::new(&format!("person {person}")).unwrap()
}

async fn open_room(store: &SqliteStore, name: RoomName) -> Arc<RoomInfo> {
    let (epoch, at) = (Epoch::from_random(1), Timestamp::from_millis(0));
    let open = Write::OpenRoom { name, epoch, make: true, permanent: true, at };
    let Outcome::Room(room) = store.commit(&[open]).await.unwrap().remove(0) else { panic!("no room") };
    room
}

async fn fill(store: &SqliteStore, messages: u64, message: impl Fn(u64) -> Write) {
    let start = Instant::now();
    let mut bytes = 0;
    for first in (0..messages).step_by(BATCH as usize) {
        let batch: Vec<Write> = (first..messages.min(first + BATCH)).map(&message).collect();
        bytes += batch.iter().filter_map(Write::text).map(|text| text.as_str().len()).sum::<usize>();
        let outcomes = store.commit(&batch).await.unwrap();
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Posted(_))));
    }
    let mean = bytes as f64 / messages as f64;
    println!(
        "stored {messages} messages of {mean:.0} bytes on average in {:.1} s",
        start.elapsed().as_secs_f64()
    );
}

/// Returns the CPU time of this process, in seconds.
fn processor_seconds() -> f64 {
    const TICKS: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    fields.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / TICKS
}

async fn index(store: &SqliteStore, messages: u64) {
    let (start, used) = (Instant::now(), processor_seconds());
    let mut longest = Duration::ZERO;
    loop {
        let piece = Instant::now();
        let more = store.follow().await.unwrap().is_some();
        longest = longest.max(piece.elapsed());
        if !more {
            break;
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let used = processor_seconds() - used;
    let each = used * 1e6 / messages as f64;
    println!(
        "indexed in {seconds:.1} s without pauses, {used:.1} s of a processor ({each:.0} µs a message), longest piece {:.0} ms",
        longest.as_secs_f64() * 1e3
    );
}

fn report_sizes(folder: &Path) {
    for name in ["hiroba.db", "hiroba-search.db"] {
        let bytes = std::fs::metadata(folder.join(name)).unwrap().len();
        println!("{name}: {:.0} MiB", bytes as f64 / 1024.0 / 1024.0);
    }
}

async fn history(store: &SqliteStore, room: &RoomInfo, messages: u64) {
    let viewer = UserId::new(Uuid::nil());
    for limit in [50, 200] {
        let (mut times, mut read) = (Vec::new(), 0);
        for round in 0..ROUNDS {
            let at = PageAt::Around(Seq(1 + mixed(round) % messages));
            let start = Instant::now();
            let page = store.page(room, at, limit, viewer).await.unwrap();
            times.push(start.elapsed());
            read += page.messages.len();
        }
        report(&format!("{limit} messages of history around one"), times, read);
    }
}

/// Indexes everything and opens the store anew.
async fn indexed(store: SqliteStore, folder: &Path, messages: u64) -> SqliteStore {
    index(&store, messages).await;
    store.close().await;
    report_sizes(folder);
    drop(store);
    let store = SqliteStore::open(folder).await.unwrap();
    while store.follow().await.unwrap().is_some() {}
    store
}

async fn one_room(folder: &Path, messages: u64) {
    let store = SqliteStore::open(folder).await.unwrap();
    let room = open_room(&store, RoomName::general()).await;
    let corpus = corpus();
    fill(&store, messages, |number| post(&room, mixed(number) % PEOPLE, number, content(&corpus, number)))
        .await;
    let store = indexed(store, folder, messages).await;
    searches(&store, &[person_id(0)]).await;
    history(&store, &room, messages).await;
    store.close().await;
}

#[tokio::main]
async fn main() {
    let mut messages = MESSAGES;
    let mut has_doors = false;
    for argument in std::env::args().skip(1) {
        has_doors |= argument == "doors";
        messages = argument.parse().unwrap_or(messages).max(1);
    }
    if has_doors {
        for public in doors::PUBLIC {
            let folder = tempfile::tempdir().unwrap();
            doors::run(folder.path(), public, messages).await;
        }
    } else {
        let folder = tempfile::tempdir().unwrap();
        one_room(folder.path(), messages).await;
    }
}
