//! Kinds of searches, and how long they take.

use std::time::{Duration, Instant};

use hiroba::store::SearchIndex;
use hiroba::store::sqlite::SqliteStore;
use shared::UserId;
use shared::search::Query;

use crate::words::{VOCABULARY, kanji, katakana, latin, mixed};
use crate::{PEOPLE, ROUNDS};

/// Prints times of one kind.
pub fn report(what: &str, mut times: Vec<Duration>, hits: usize) {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize].as_secs_f64() * 1e3;
    let per_page = hits as f64 / times.len() as f64;
    println!(
        "{what:<58} p50 {:>7.2}  p95 {:>7.2}  p99 {:>7.2}  max {:>7.2} ms  {per_page:>5.1} hits",
        at(0.5),
        at(0.95),
        at(0.99),
        at(1.0)
    );
}

/// Times searches of one kind, by different people in turn.
pub async fn search(store: &SqliteStore, viewers: &[UserId], what: &str, query: impl Fn(u64) -> String) {
    let (mut times, mut hits) = (Vec::new(), 0);
    for round in 0..ROUNDS {
        let query = Query::parse(&query(round)).unwrap();
        let start = Instant::now();
        let page = store.search(&query, None, 20, viewers[round as usize % viewers.len()]).await.unwrap();
        times.push(start.elapsed());
        hits += page.hits.len();
    }
    report(what, times, hits);
}

/// Times searches of every kind.
pub async fn searches(store: &SqliteStore, viewers: &[UserId]) {
    let common = |round: u64| round % 20 + 1;
    let rare = |round: u64| VOCABULARY / 2 + mixed(round) % (VOCABULARY / 2);
    let first = |text: &str, length: usize| text.chars().take(length).collect::<String>();
    search(store, viewers, "1 kanji, common", |round| first(&kanji(common(round)), 1)).await;
    search(store, viewers, "1 kanji, any", |round| first(&kanji(rare(round)), 1)).await;
    search(store, viewers, "1 kana of the corpus", |round| {
        first(["の", "に", "は", "で", "を", "が"][round as usize % 6], 1)
    })
    .await;
    search(store, viewers, "2 kanji, common", |round| kanji(common(round))).await;
    search(store, viewers, "2 kanji, rare", |round| kanji(rare(round))).await;
    search(store, viewers, "2 kana of the corpus", |round| {
        ["です", "ます", "した", "ない"][round as usize % 4].to_owned()
    })
    .await;
    search(store, viewers, "3 katakana", |round| katakana(common(round) * 3 + 1)).await;
    search(store, viewers, "4 katakana, common", |round| katakana(common(round) * 3 + 2)).await;
    search(store, viewers, "4 katakana, rare", |round| katakana(rare(round) / 3 * 3 + 2)).await;
    search(store, viewers, "4 characters that never stand together", |round| {
        format!("{}{}", kanji(common(round)), katakana(common(round) * 3))
    })
    .await;
    search(store, viewers, "word, common", |round| latin(common(round))).await;
    search(store, viewers, "word, rare", |round| latin(rare(round))).await;
    search(store, viewers, "two words, common and common", |round| {
        format!("{} {}", latin(common(round)), kanji(common(round * 7)))
    })
    .await;
    search(store, viewers, "two words, kana and common", |round| {
        format!("{} {}", ["の", "です", "は", "ます"][round as usize % 4], kanji(common(round)))
    })
    .await;
    search(store, viewers, "two words, common and rare", |round| {
        format!("{} {}", latin(common(round)), kanji(rare(round)))
    })
    .await;
    search(store, viewers, "two words, rare and rare", |round| {
        format!("{} {}", latin(rare(round)), kanji(rare(round * 3)))
    })
    .await;
    search(store, viewers, "two words of the corpus", |round| {
        ["meeting lunch", "the coffee", "会議 資料", "雨 明日", "please tomorrow", "です ます"]
            [round as usize % 6]
            .to_owned()
    })
    .await;
    search(store, viewers, "words that are not there", |round| format!("{}x", latin(common(round)))).await;
    search(store, viewers, "beginning of a word, 2 letters", |round| {
        format!("{}*", first(&latin(common(round)), 2))
    })
    .await;
    search(store, viewers, "beginning of a word, 4 letters", |round| {
        format!("{}*", first(&latin(round + 30), 4))
    })
    .await;
    search(store, viewers, "from: alone", |round| format!("from:\"person {}\"", round % PEOPLE)).await;
    search(store, viewers, "from: and a common word", |round| {
        format!("from:\"person {}\" {}", round % PEOPLE, latin(common(round)))
    })
    .await;
    search(store, viewers, "has:reaction, which nothing has", |_| "has:reaction".to_owned()).await;
    search(store, viewers, "a common word before: a day", |round| {
        format!("{} before:2023-11-{:02}", latin(common(round)), 16 + round % 9)
    })
    .await;
}
