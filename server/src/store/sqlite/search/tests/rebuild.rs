//! Rebuilding an index while searches run.

use super::*;

/// Returns every text that a query finds, newest first, and whether hits may be missing.
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

/// Returns a store with several batches of messages whose index has an older version, and their texts. The index lacks
/// every third message, as if the older version had used other terms for them.
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
        let more = store.follow().await.unwrap().is_some();
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
    while store.follow().await.unwrap().is_some() {
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
            moderates: false,
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
        if store.follow().await.unwrap().is_none() {
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
    store.follow().await.unwrap();
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
    store.follow().await.unwrap();
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

#[tokio::test]
async fn an_index_that_was_only_begun_by_an_older_version_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (store, room) = opened(folder.path()).await;
    store.commit(&[post(&room, "nothing is lost")]).await.unwrap();
    store.close().await;
    drop(store);
    let file = folder.path().join(crate::store::sqlite::SEARCH_FILE);
    crate::store::sqlite::search::remove_all(&file).unwrap();
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file).create_if_missing(true);
    let mut begun = sqlx::ConnectOptions::connect(&options).await.unwrap();
    let tables = "CREATE TABLE position (log_id TEXT, version INTEGER, commit_no INTEGER)";
    sqlx::raw_sql(tables).execute(&mut begun).await.unwrap();
    sqlx::Connection::close(begun).await.unwrap();
    let (store, _) = opened(folder.path()).await;
    catch_up(&store).await;
    assert_eq!(found(&store, "lost").await, (vec!["nothing is lost".to_owned()], false));
}
