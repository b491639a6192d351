use std::path::Path;
use std::sync::Arc;

use shared::{Action, Epoch, Mentions, MessageId, MessageText, RoomName, Seq, Timestamp, UserName};
use uuid::Uuid;

use super::*;
use crate::room::RoomInfo;
use crate::server_time::ServerTime;
use crate::store::sqlite::SqliteStore;
use crate::store::{Author, NewChange, NewPost, Outcome, Store, Write};

async fn opened(folder: &Path) -> (SqliteStore, Arc<RoomInfo>) {
    let store = SqliteStore::open(folder).await.unwrap();
    let at = Timestamp::from_millis(0);
    let open = Write::OpenRoom {
        name: RoomName::general(),
        epoch: Epoch::from_random(1),
        make: true,
        permanent: true,
        at,
    };
    let Outcome::Room(room) = store.commit(&[open]).await.unwrap().remove(0) else { panic!("no room") };
    (store, room)
}

/// Everything in the room until now is too old.
fn trim(room: &Arc<RoomInfo>) -> [Write; 2] {
    let (at, time) = (Timestamp::from_millis(6_000), ServerTime::from_millis(6_000));
    [Write::Tick { time, wall: at }, Write::Trim { room: room.clone(), before: time, at }]
}

fn author() -> Author {
    Author { id: UserId::new(Uuid::nil()), name: UserName::new("alice").unwrap(), client_message_id: None }
}

fn post(room: &Arc<RoomInfo>, content: &str) -> Write {
    Write::Post(NewPost {
        room: room.clone(),
        author: author(),
        message_id: MessageId::new(Uuid::now_v7()),
        content: MessageText::new(content).unwrap(),
        reply_to: None,
        mentions: Mentions::default(),
        timestamp: Timestamp::from_millis(5_000),
    })
}

async fn catch_up(store: &SqliteStore) {
    while store.index().await.unwrap().is_some() {}
}

async fn run(store: &SqliteStore, sql: &'static str) {
    let pools = store.search.pools().await.unwrap();
    pools.writer.run(async |writer| Ok(sqlx::query(sql).execute(writer).await.map(drop)?)).await.unwrap();
}

async fn column<T: sqlx::Type<sqlx::Sqlite> + for<'r> sqlx::Decode<'r, sqlx::Sqlite> + Send + Unpin>(
    store: &SqliteStore,
    sql: &'static str,
) -> Vec<T> {
    let pools = store.search.pools().await.unwrap();
    let rows = pools.writer.run(async |writer| Ok(sqlx::query_scalar(sql).fetch_all(writer).await?));
    rows.await.unwrap()
}

async fn documents(store: &SqliteStore) -> Vec<i64> {
    column(store, "SELECT id FROM docs_docsize ORDER BY id").await
}

#[tokio::test]
async fn the_terms_stand_in_the_index_as_they_were_made() {
    let folder = tempfile::tempdir().unwrap();
    let (store, room) = opened(&folder.path().join("odd %41?#é name")).await;
    let text = "Snake_case ÄÖ Σας ﾃｽﾄ 東京 e\u{301}x x\u{302} 👩‍👩‍👧 हिन्दी 서울 １２ don't https://a.example";
    store.commit(&[post(&room, text)]).await.unwrap();
    catch_up(&store).await;
    run(&store, "CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, docs, row)").await;
    let terms: Vec<String> = column(&store, "SELECT term FROM temp.terms ORDER BY term").await;
    let author = UserName::new("alice").unwrap();
    let made = shared::search::document_terms(&author, u64::from(room.id.0), text, false);
    assert_eq!(terms, made.split(' ').collect::<Vec<_>>());
}

#[tokio::test]
async fn an_index_of_another_log_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (store, room) = opened(folder.path()).await;
    store.commit(&[post(&room, "one"), post(&room, "two")]).await.unwrap();
    catch_up(&store).await;
    for change in [
        "UPDATE position SET log_id = 'another'",
        "UPDATE position SET version = 0",
        "UPDATE position SET commit_no = 99",
    ] {
        // What is found may only come from a new beginning.
        run(&store, "DELETE FROM docs WHERE rowid = 1").await;
        assert_eq!(documents(&store).await, [2]);
        run(&store, change).await;
        let pools = store.search.pools().await.unwrap();
        pools.writer.write(follow::begin).await.unwrap();
        catch_up(&store).await;
        assert_eq!(documents(&store).await, [1, 2], "{change}");
    }
}

#[tokio::test]
async fn removed_messages_leave_the_index_also_when_the_server_ended_in_between() {
    let folder = tempfile::tempdir().unwrap();
    let (store, room) = opened(folder.path()).await;
    store.commit(&[post(&room, "one"), post(&room, "two")]).await.unwrap();
    catch_up(&store).await;
    assert_eq!(documents(&store).await, [1, 2]);
    store.commit(&trim(&room)).await.unwrap();
    catch_up(&store).await;
    assert_eq!(documents(&store).await, [0; 0]);

    store.commit(&[post(&room, "three")]).await.unwrap();
    catch_up(&store).await;
    store.commit(&trim(&room)).await.unwrap();
    store.close().await;
    drop(store);
    let (store, room) = opened(folder.path()).await;
    store.commit(&[post(&room, "four")]).await.unwrap();
    catch_up(&store).await;
    let kept = documents(&store).await;
    assert_eq!(kept.len(), 1);
    store.close().await;
    drop(store);
    let (store, _) = opened(folder.path()).await;
    catch_up(&store).await;
    assert_eq!(documents(&store).await, kept);
}

#[tokio::test]
async fn the_words_of_a_deleted_message_leave_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let (store, room) = opened(folder.path()).await;
    let is_in_file = || {
        let bytes = std::fs::read(folder.path().join(crate::store::sqlite::SEARCH_FILE)).unwrap();
        bytes.windows(6).any(|window| window == b"secret")
    };
    for round in 0..40 {
        let texts = (0..50).map(|number| post(&room, &format!("word{} of round{round}", number * number)));
        store.commit(&texts.collect::<Vec<_>>()).await.unwrap();
        if round % 10 == 5 {
            store.commit(&[post(&room, "secret plan")]).await.unwrap();
        }
        catch_up(&store).await;
    }
    let secret =
        store.search(&Query::parse("secret").unwrap(), None, 9, UserId::new(Uuid::nil())).await.unwrap();
    assert_eq!(secret.hits.len(), 4);
    let deletions = secret.hits.iter().map(|(_, posted)| {
        Write::Change(NewChange {
            room: room.clone(),
            author: author(),
            target: posted.seq,
            action: Action::DeleteMessage,
            mentions: Mentions::default(),
            timestamp: posted.timestamp,
        })
    });
    store.commit(&deletions.collect::<Vec<_>>()).await.unwrap();
    catch_up(&store).await;
    run(&store, "PRAGMA main.wal_checkpoint(TRUNCATE)").await;
    assert!(is_in_file(), "or this test shows nothing");
    store.search.rewriting.hurry();
    catch_up(&store).await;
    run(&store, "PRAGMA main.wal_checkpoint(TRUNCATE)").await;
    assert!(!is_in_file());
    let words =
        store.search(&Query::parse("word49").unwrap(), None, 50, UserId::new(Uuid::nil())).await.unwrap();
    assert_eq!(words.hits.len(), 40);
}

#[tokio::test]
async fn an_index_that_breaks_while_it_is_used_heals() {
    let folder = tempfile::tempdir().unwrap();
    let (store, room) = opened(folder.path()).await;
    store.commit(&[post(&room, "one")]).await.unwrap();
    catch_up(&store).await;
    run(&store, "UPDATE docs_data SET block = x'ff' WHERE id > 10").await;
    store.commit(&[post(&room, "two")]).await.unwrap();
    let query = Query::parse("one").unwrap();
    let viewer = UserId::new(Uuid::nil());
    assert!(store.search(&query, None, 5, viewer).await.is_err());
    catch_up(&store).await;
    assert_eq!(store.search(&query, None, 5, viewer).await.unwrap().hits.len(), 1);
    assert_eq!(documents(&store).await, [1, 2]);
}

/// So many words that no other message has.
fn words(batch: usize, number: usize, count: usize) -> String {
    let words: Vec<String> = (0..count).map(|word| format!("{batch}x{number}x{word}")).collect();
    words.join(" ")
}

#[tokio::test]
async fn an_index_without_room_catches_up_when_there_is_some() {
    let folder = tempfile::tempdir().unwrap();
    let (store, room) = opened(folder.path()).await;
    store.commit(&[post(&room, "before")]).await.unwrap();
    catch_up(&store).await;
    for round in 0..3 {
        let texts = (0..40).map(|number| post(&room, &words(round, number, 300)));
        store.commit(&texts.collect::<Vec<_>>()).await.unwrap();
        run(&store, "PRAGMA max_page_count = 1").await;
        assert!(store.index().await.is_err(), "or this test shows nothing");
    }
    catch_up(&store).await;
    assert_eq!(documents(&store).await, (1..=121).collect::<Vec<_>>());
}

/// The size of the index, in bytes.
fn bytes(folder: &Path) -> u64 {
    folder.join(crate::store::sqlite::SEARCH_FILE).metadata().unwrap().len()
}

async fn tidy(store: &SqliteStore) {
    for _ in 0..3 {
        while store.tidy().await.unwrap() {}
    }
}

#[tokio::test]
async fn the_room_of_messages_that_are_gone_goes_back_to_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let (store, room) = opened(folder.path()).await;
    for batch in 0..6 {
        let texts = (0..500).map(|number| post(&room, &words(batch, number, 150)));
        store.commit(&texts.collect::<Vec<_>>()).await.unwrap();
        catch_up(&store).await;
    }
    tidy(&store).await;
    let full = bytes(folder.path());
    assert!(full > 2 * 1024 * 1024, "{full}");
    for _ in 0..3 {
        store.commit(&trim(&room)).await.unwrap();
    }
    catch_up(&store).await;
    store.search.rewriting.hurry();
    catch_up(&store).await;
    tidy(&store).await;
    assert_eq!(documents(&store).await, [0; 0]);
    let empty = bytes(folder.path());
    assert!(empty * 2 < full, "{empty} of {full}");
}

#[tokio::test]
async fn an_index_whose_file_cannot_shrink_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (store, room) = opened(folder.path()).await;
    store.commit(&[post(&room, "one"), post(&room, "two")]).await.unwrap();
    catch_up(&store).await;
    store.close().await;
    drop(store);
    // As earlier versions made it.
    let file = files::options(&folder.path().join(crate::store::sqlite::SEARCH_FILE)).unwrap();
    let mut old = sqlx::ConnectOptions::connect(&file).await.unwrap();
    for sql in ["PRAGMA journal_mode = DELETE", "PRAGMA auto_vacuum = NONE", "VACUUM"] {
        sqlx::raw_sql(sql).execute(&mut old).await.unwrap();
    }
    let kept: i64 = sqlx::query_scalar("PRAGMA auto_vacuum").fetch_one(&mut old).await.unwrap();
    assert_eq!(kept, 0, "or this test shows nothing");
    sqlx::Connection::close(old).await.unwrap();

    let (store, _) = opened(folder.path()).await;
    catch_up(&store).await;
    assert_eq!(column::<i64>(&store, "PRAGMA main.auto_vacuum").await, [2]);
    assert_eq!(documents(&store).await, [1, 2]);
}

#[tokio::test]
async fn a_damaged_log_is_not_taken_for_a_damaged_index() {
    let folder = tempfile::tempdir().unwrap();
    let (store, room) = opened(folder.path()).await;
    store.commit(&[post(&room, "found")]).await.unwrap();
    catch_up(&store).await;
    let texts = (0..500).map(|number| post(&room, &format!("not indexed yet {number}")));
    store.commit(&texts.collect::<Vec<_>>()).await.unwrap();
    store.close().await;
    drop(store);
    // A page of messages in the middle.
    let log = folder.path().join(crate::store::sqlite::FILE);
    let mut database = sqlx::ConnectOptions::connect(&files::options(&log).unwrap()).await.unwrap();
    let query = "SELECT pageno FROM dbstat WHERE name = 'messages' AND pagetype = 'leaf' LIMIT 1 OFFSET 5";
    let page: i64 = sqlx::query_scalar(query).fetch_one(&mut database).await.unwrap();
    sqlx::Connection::close(database).await.unwrap();
    let mut bytes = std::fs::read(&log).unwrap();
    let start = (page as usize - 1) * 4_096;
    bytes[start..start + 4_096].fill(0xAA);
    std::fs::write(&log, bytes).unwrap();

    let (store, _) = opened(folder.path()).await;
    for _ in 0..3 {
        let Err(StoreError::Corrupt(error)) = store.index().await else { panic!("it cannot be indexed") };
        let said = error.to_string();
        assert!(said.contains("hiroba.db is damaged") && said.contains("restore a backup"), "{said}");
    }
    store.close().await;
    drop(store);
    let index = files::options(&folder.path().join(crate::store::sqlite::SEARCH_FILE)).unwrap();
    let mut index = sqlx::ConnectOptions::connect(&index).await.unwrap();
    let kept: Vec<i64> =
        sqlx::query_scalar("SELECT id FROM docs_docsize").fetch_all(&mut index).await.unwrap();
    assert_eq!(kept, [1], "the index is left as it was");
}

/// Every text that a query finds, newest first, and whether some may be missing.
async fn found(store: &SqliteStore, query: &str) -> (Vec<String>, bool) {
    let query = Query::parse(query).unwrap();
    let (mut cursor, mut texts, mut incomplete) = (None, Vec::new(), false);
    loop {
        let page = store.search(&query, cursor, 50, UserId::new(Uuid::nil())).await.unwrap();
        texts.extend(page.hits.into_iter().map(|(_, posted)| posted.content.unwrap().as_str().to_owned()));
        (cursor, incomplete) = (page.cursor, incomplete || page.incomplete);
        if cursor.is_none() {
            return (texts, incomplete);
        }
    }
}

/// A store with messages of several pieces whose index is of an older version. It lacks every third message, as if that
/// version had known them by other terms. Gives the texts too.
async fn outdated(folder: &Path) -> (SqliteStore, Arc<RoomInfo>, Vec<String>) {
    let (store, room) = opened(folder).await;
    let texts: Vec<String> =
        (0..3_500).map(|number| format!("Straße {} of {}", number % 7, number)).collect();
    for batch in texts.chunks(500) {
        store.commit(&batch.iter().map(|text| post(&room, text)).collect::<Vec<_>>()).await.unwrap();
    }
    catch_up(&store).await;
    run(&store, "DELETE FROM docs WHERE rowid % 3 = 0").await;
    run(&store, "UPDATE position SET version = version - 1").await;
    store.close().await;
    drop(store);
    let (store, room) = opened(folder).await;
    (store, room, texts)
}

fn naive(texts: &[String], query: &str) -> Vec<String> {
    let query = Query::parse(query).unwrap();
    texts.iter().rev().filter(|text| query.matches(text)).cloned().collect()
}

#[tokio::test]
async fn while_the_index_is_made_anew_the_old_one_helps_and_results_say_what_they_lack() {
    let folder = tempfile::tempdir().unwrap();
    let old = old::place(&folder.path().join(crate::store::sqlite::SEARCH_FILE));
    let (store, room, mut texts) = outdated(folder.path()).await;
    let known: Vec<String> =
        texts.iter().zip(1..).filter(|(_, place)| place % 3 != 0).map(|(text, _)| text.clone()).collect();
    assert_eq!(
        found(&store, "strasse -5 of").await,
        (naive(&known, "strasse -5 of"), true),
        "before anything was done"
    );
    assert!(old.exists());
    let mut steps = 0;
    loop {
        let fresh = format!("STRASSE 6 of step{steps}");
        store.commit(&[post(&room, &fresh)]).await.unwrap();
        texts.push(fresh.clone());
        let more = store.index().await.unwrap().is_some();
        assert_eq!(found(&store, &format!("step{steps}")).await.0, [fresh], "what is new comes first");
        for query in ["6 strasse", "5", "of -6", "\"of 2000\"", "strasse from:alice -of"] {
            let (hits, incomplete) = found(&store, query).await;
            let all = naive(&texts, query);
            assert!(hits == all || incomplete, "{query} in step {steps}: {} of {}", hits.len(), all.len());
            let mut of_all = all.iter();
            assert!(
                hits.iter().all(|hit| of_all.any(|text| text == hit)),
                "{query}: in order, once, and nothing wrong"
            );
            assert!(
                hits.len() + all.len() / 3 + 1 >= all.len(),
                "{query} in step {steps}: {} of {}",
                hits.len(),
                all.len()
            );
        }
        steps += 1;
        if !more {
            break;
        }
    }
    assert!(steps > 3, "{steps}");
    catch_up(&store).await;
    assert_eq!(found(&store, "6 strasse").await, (naive(&texts, "6 strasse"), false));
    assert!(!old.exists());
}

#[tokio::test]
async fn an_index_that_is_made_anew_goes_on_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, _, texts) = outdated(folder.path()).await;
    let mut floors = Vec::new();
    while store.index().await.unwrap().is_some() {
        let floor: Vec<i64> = column(&store, "SELECT floor FROM position").await;
        store.close().await;
        drop(store);
        store = opened(folder.path()).await.0;
        assert_eq!(column::<i64>(&store, "SELECT floor FROM position").await, floor);
        assert_eq!(
            found(&store, "of").await.0.len() + (floor[0].max(1) as usize - 1) / 3,
            texts.len(),
            "{floor:?}"
        );
        floors.extend(floor);
    }
    assert!(floors.len() > 2 && floors.is_sorted_by(|before, next| next < before), "{floors:?}");
    assert_eq!(found(&store, "of").await, (naive(&texts, "of"), false));
}

#[tokio::test]
async fn what_changes_while_the_index_is_made_anew_is_never_found_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let (store, room, _) = outdated(folder.path()).await;
    let change = |seq, action| {
        Write::Change(NewChange {
            room: room.clone(),
            author: author(),
            target: Seq(seq),
            action,
            mentions: Mentions::default(),
            timestamp: Timestamp::from_millis(6_000),
        })
    };
    let edited = |text: &str| Action::EditMessage { content: MessageText::new(text).unwrap() };
    let edits: Vec<Write> = [2, 1_000, 3_499].map(|seq| change(seq, edited("changed"))).into();
    store.commit(&edits).await.unwrap();
    store.commit(&[change(5, Action::DeleteMessage)]).await.unwrap();
    loop {
        for gone in ["\"of 1\"", "\"of 999\"", "\"of 3498\"", "\"of 4\""] {
            assert_eq!(found(&store, gone).await.0, [""; 0], "{gone}");
        }
        if store.index().await.unwrap().is_none() {
            break;
        }
    }
    assert_eq!(found(&store, "changed").await, (vec!["changed".to_owned(); 3], false));
    let documents = documents(&store).await;
    assert_eq!(documents.len(), 3_499);
    run(&store, "INSERT INTO docs (docs) VALUES ('integrity-check')").await;
}

#[tokio::test]
async fn a_missing_index_finds_the_newest_first_and_says_that_it_lacks_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _, texts) = outdated(folder.path()).await;
    store.close().await;
    drop(store);
    let file = folder.path().join(crate::store::sqlite::SEARCH_FILE);
    remove(&old::place(&file)).unwrap();
    remove(&file).unwrap();
    let (store, _) = opened(folder.path()).await;
    assert_eq!(found(&store, "of").await, (Vec::new(), true));
    store.index().await.unwrap();
    let (hits, incomplete) = found(&store, "of").await;
    assert!(incomplete && !hits.is_empty() && hits.len() < texts.len());
    assert_eq!(hits, naive(&texts, "of")[..hits.len()]);
    let newest =
        store.search(&Query::parse("of").unwrap(), None, 20, UserId::new(Uuid::nil())).await.unwrap();
    assert!(newest.hits.len() == 20 && !newest.incomplete, "a page of the newest lacks nothing");
    catch_up(&store).await;
    assert_eq!(found(&store, "of").await, (naive(&texts, "of"), false));
}

#[tokio::test]
async fn an_index_that_was_not_ready_makes_way_for_the_next_version() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _, texts) = outdated(folder.path()).await;
    store.index().await.unwrap();
    run(&store, "UPDATE position SET version = version - 2").await;
    store.close().await;
    drop(store);
    let (store, _) = opened(folder.path()).await;
    assert_eq!(
        found(&store, "of").await.0.len(),
        texts.len() - texts.len() / 3,
        "the whole old one is still there"
    );
    catch_up(&store).await;
    assert_eq!(found(&store, "of").await, (naive(&texts, "of"), false));
}
