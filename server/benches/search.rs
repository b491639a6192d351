//! Search and history with a million messages in one room: `cargo bench -p server --bench search [-- MESSAGES]`.
//!
//! Messages are sentences of the load test's corpus followed by words of an open-ended vocabulary, some common and most
//! rare, as in a language: the word of rank *n* is drawn about 1/n as often as the first.

#![allow(clippy::unwrap_used, reason = "a failed unwrap ends the measurement")]

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hiroba::room::RoomInfo;
use hiroba::store::sqlite::SqliteStore;
use hiroba::store::{Author, NewPost, Outcome, PageAt, SearchIndex, Store, Write};
use shared::search::Query;
use shared::{
    ClientMessageId, Epoch, Mentions, MessageId, MessageText, RoomName, Seq, Timestamp, UserId, UserName,
};
use uuid::Uuid;

const MESSAGES: u64 = 1_000_000;
const BATCH: u64 = 1_000;
const PEOPLE: u64 = 500;
/// Words per language.
const VOCABULARY: u64 = 60_000;
/// Searches of each kind, and pages of history.
const ROUNDS: u64 = 200;

/// A pseudo-random number (`SplitMix64`), the same in every run.
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// The rank of a word, drawn by Zipf's law.
fn rank(number: u64) -> u64 {
    let share = (mixed(number) >> 11) as f64 / (1_u64 << 53) as f64;
    (VOCABULARY as f64).powf(share) as u64
}

fn spelled(rank: u64, syllables: &[&str], length: u64) -> String {
    (0..length).map(|place| syllables[mixed(rank * 8 + place) as usize % syllables.len()]).collect()
}

fn latin(rank: u64) -> String {
    const SYLLABLES: [&str; 24] = [
        "ba", "con", "der", "el", "fi", "gra", "ho", "in", "jo", "ka", "lo", "men", "nor", "os", "per",
        "qua", "ri", "sta", "tion", "ul", "ver", "wi", "xen", "zo",
    ];
    spelled(rank, &SYLLABLES, 2 + rank % 3)
}

fn katakana(rank: u64) -> String {
    const KANA: [&str; 24] = [
        "ア", "イ", "ウ", "カ", "キ", "ク", "コ", "サ", "シ", "ス", "タ", "チ", "テ", "ト", "ナ", "ノ", "ハ",
        "フ", "マ", "ミ", "ラ", "リ", "ン", "ー",
    ];
    spelled(rank + 1_000_000, &KANA, 2 + rank % 3)
}

/// A word of two kanji out of 3,000, common ones first.
fn kanji(rank: u64) -> String {
    let sign = |place: u64| {
        let one_of = (rank + 50).min(3_000);
        char::from_u32(0x4E00 + (mixed(mixed(rank * 2 + place) % one_of) % 3_000) as u32).unwrap()
    };
    [sign(0), sign(1)].iter().collect()
}

fn content(corpus: &[&str], number: u64) -> MessageText {
    let mut text = corpus[mixed(number) as usize % corpus.len()].to_owned();
    for word in 0..=mixed(number) % 3 {
        let rank = rank(number * 4 + word);
        let word = match (number + word) % 3 {
            0 => latin(rank),
            1 => katakana(rank),
            _ => kanji(rank),
        };
        write!(text, " {word}").unwrap();
    }
    MessageText::new(&text).unwrap()
}

fn post(room: &Arc<RoomInfo>, corpus: &[&str], number: u64) -> Write {
    let person = u128::from(mixed(number) % PEOPLE);
    Write::Post(NewPost {
        room: room.clone(),
        author: Author {
            id: UserId::new(Uuid::from_u128(person)),
            name: UserName::new(&format!("person {person}")).unwrap(),
            client_message_id: Some(ClientMessageId::new(Uuid::now_v7())),
        },
        message_id: MessageId::new(Uuid::now_v7()),
        content: content(corpus, number),
        reply_to: None,
        mentions: Mentions::default(),
        timestamp: Timestamp::from_millis(1_700_000_000_000 + number as i64 * 1_000),
    })
}

async fn fill(store: &SqliteStore, messages: u64) -> Arc<RoomInfo> {
    let corpus: Vec<&str> = [
        include_str!("../../loadtest/corpus/japanese.txt"),
        include_str!("../../loadtest/corpus/english.txt"),
    ]
    .into_iter()
    .flat_map(str::lines)
    .filter(|line| !line.is_empty())
    .collect();
    let open = Write::OpenRoom {
        name: RoomName::general(),
        epoch: Epoch::from_random(1),
        make: true,
        permanent: true,
        at: Timestamp::from_millis(0),
    };
    let Outcome::Room(room) = store.commit(&[open]).await.unwrap().remove(0) else { panic!("no room") };
    let start = Instant::now();
    let mut bytes = 0;
    for first in (0..messages).step_by(BATCH as usize) {
        let batch: Vec<Write> =
            (first..messages.min(first + BATCH)).map(|number| post(&room, &corpus, number)).collect();
        for write in &batch {
            if let Write::Post(new) = write {
                bytes += new.content.as_str().len();
            }
        }
        store.commit(&batch).await.unwrap();
    }
    let mean = bytes as f64 / messages as f64;
    println!(
        "stored {messages} messages of {mean:.0} bytes on average in {:.1} s",
        start.elapsed().as_secs_f64()
    );
    room
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

fn report(what: &str, mut times: Vec<Duration>, hits: usize) {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize].as_secs_f64() * 1e3;
    let per_page = hits as f64 / times.len() as f64;
    println!(
        "{what:<44} p50 {:>7.2}  p95 {:>7.2}  max {:>7.2} ms  {per_page:>5.1} hits",
        at(0.5),
        at(0.95),
        at(1.0)
    );
}

async fn search(store: &SqliteStore, what: &str, query: impl Fn(u64) -> String) {
    let (mut times, mut hits) = (Vec::new(), 0);
    for round in 0..ROUNDS {
        let query = Query::parse(&query(round)).unwrap();
        let start = Instant::now();
        let page = store.search(&query, None, 20, UserId::new(Uuid::nil())).await.unwrap();
        times.push(start.elapsed());
        hits += page.hits.len();
    }
    report(what, times, hits);
}

async fn searches(store: &SqliteStore) {
    let common = |round: u64| round % 20 + 1;
    let rare = |round: u64| VOCABULARY / 2 + mixed(round) % (VOCABULARY / 2);
    let first = |text: &str, length: usize| text.chars().take(length).collect::<String>();
    search(store, "1 kanji, common", |round| first(&kanji(common(round)), 1)).await;
    search(store, "1 kanji, any", |round| first(&kanji(rare(round)), 1)).await;
    search(store, "1 kana of the corpus", |round| {
        first(["の", "に", "は", "で", "を", "が"][round as usize % 6], 1)
    })
    .await;
    search(store, "2 kanji, common", |round| kanji(common(round))).await;
    search(store, "2 kanji, rare", |round| kanji(rare(round))).await;
    search(store, "2 kana of the corpus", |round| {
        ["です", "ます", "した", "ない"][round as usize % 4].to_owned()
    })
    .await;
    search(store, "3 katakana", |round| katakana(common(round) * 3 + 1)).await;
    search(store, "4 katakana, common", |round| katakana(common(round) * 3 + 2)).await;
    search(store, "4 katakana, rare", |round| katakana(rare(round) / 3 * 3 + 2)).await;
    search(store, "4 characters that never stand together", |round| {
        format!("{}{}", kanji(common(round)), katakana(common(round) * 3))
    })
    .await;
    search(store, "word, common", |round| latin(common(round))).await;
    search(store, "word, rare", |round| latin(rare(round))).await;
    search(store, "two words, common and common", |round| {
        format!("{} {}", latin(common(round)), kanji(common(round * 7)))
    })
    .await;
    search(store, "two words, kana and common", |round| {
        format!("{} {}", ["の", "です", "は", "ます"][round as usize % 4], kanji(common(round)))
    })
    .await;
    search(store, "two words, common and rare", |round| {
        format!("{} {}", latin(common(round)), kanji(rare(round)))
    })
    .await;
    search(store, "two words, rare and rare", |round| {
        format!("{} {}", latin(rare(round)), kanji(rare(round * 3)))
    })
    .await;
    search(store, "two words of the corpus", |round| {
        ["meeting lunch", "the coffee", "会議 資料", "雨 明日", "please tomorrow", "です ます"]
            [round as usize % 6]
            .to_owned()
    })
    .await;
    search(store, "words that are not there", |round| format!("{}x", latin(common(round)))).await;
    search(store, "beginning of a word, 2 letters", |round| format!("{}*", first(&latin(common(round)), 2)))
        .await;
    search(store, "beginning of a word, 4 letters", |round| format!("{}*", first(&latin(round + 30), 4)))
        .await;
    search(store, "from: alone", |round| format!("from:\"person {}\"", round % PEOPLE)).await;
    search(store, "from: and a common word", |round| {
        format!("from:\"person {}\" {}", round % PEOPLE, latin(common(round)))
    })
    .await;
    search(store, "has:reaction, which nothing has", |_| "has:reaction".to_owned()).await;
    search(store, "a common word before: a day", |round| {
        format!("{} before:2023-11-{:02}", latin(common(round)), 16 + round % 9)
    })
    .await;
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

#[tokio::main]
async fn main() {
    let number = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    let messages = number.unwrap_or(MESSAGES).max(1);
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).await.unwrap();
    let room = fill(&store, messages).await;
    index(&store, messages).await;
    store.close().await;
    report_sizes(folder.path());
    drop(store);
    let store = SqliteStore::open(folder.path()).await.unwrap();
    while store.follow().await.unwrap().is_some() {}
    searches(&store).await;
    history(&store, &room, messages).await;
    store.close().await;
}
