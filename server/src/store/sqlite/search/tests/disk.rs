//! The index on a full disk, while disk space is reclaimed, and with damaged files.

use super::*;

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
        assert!(store.follow().await.is_err(), "or this test shows nothing");
    }
    catch_up(&store).await;
    assert_eq!(documents(&store).await, (1..=121).collect::<Vec<_>>());
}

/// Returns the size of the index in bytes.
fn bytes(folder: &Path) -> u64 {
    folder.join(crate::store::sqlite::SEARCH_FILE).metadata().unwrap().len()
}

async fn tidy(store: &SqliteStore) {
    for _ in 0..3 {
        while store.reclaim().await.unwrap() {}
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
    // As created by earlier versions.
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
    // Overwrites a leaf page in the middle of the messages.
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
        let Err(StoreError::Corrupt(error)) = store.follow().await else { panic!("it cannot be indexed") };
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
