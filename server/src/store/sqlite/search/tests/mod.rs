mod disk;
mod doors;
mod rebuild;

use std::path::Path;
use std::sync::Arc;

use shared::{Action, Epoch, Mentions, MessageId, MessageText, RoomName, Seq, Timestamp, UserName};
use uuid::Uuid;

use super::*;
use crate::room::RoomInfo;
use crate::server_time::ServerTime;
use crate::store::sqlite::SqliteStore;
use crate::store::{Author, NewChange, NewPost, Outcome, SearchIndex, Store, Write};

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

/// Makes everything in the room so far expire.
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
    while store.follow().await.unwrap().is_some() {}
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
    let made = shared::search::document_terms(&author, u64::from(room.id.0), room.kind, text, false);
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
        // Makes sure that the document can only come from a rebuild.
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
            moderates: false,
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
