//! Private rooms in the index: what marks them, and what is read for whom.

use shared::{Person, RoomAddress, RoomDetails, RoomKind, SessionId};
use sqlx::Row;

use super::candidates::Candidates;
use super::readable::{self, Readable};
use super::*;
use crate::store::{NewPrivateRoom, Session, User};

/// Everything in private rooms.
const MARKED: &str = "SELECT rowid FROM docs WHERE docs MATCH '\"\u{E004}\"' ORDER BY rowid";

fn stranger() -> UserId {
    UserId::new(Uuid::from_u128(1))
}

fn member() -> UserId {
    author().id
}

async fn private_room(store: &SqliteStore, name: &str) -> Arc<RoomInfo> {
    let Author { id, name: username, .. } = author();
    let user = User { id, name: username, is_account: false };
    let session = Session { id: SessionId::new(Uuid::nil()), user };
    let create = Write::CreateRoom(NewPrivateRoom {
        kind: RoomKind::Private,
        make: true,
        address: RoomAddress::known(&format!("~{name}")).unwrap(),
        epoch: Epoch::from_random(1),
        details: RoomDetails::default(),
        author: author(),
        members: Vec::<Person>::new(),
        timestamp: Timestamp::from_millis(0),
    });
    let save = Write::SaveGuest { session, secret: [0; 32], at: ServerTime::from_millis(0) };
    match store.commit(&[save, create]).await.unwrap().remove(1) {
        Outcome::Created(room, _) => room,
        other => panic!("{other:?}"),
    }
}

/// Returns a store with messages in a public and in a private room in turn, and the `commit_no` of the private ones.
async fn mixed(folder: &Path, messages: usize) -> (SqliteStore, Arc<RoomInfo>, Vec<i64>) {
    let (store, public) = opened(folder).await;
    let private = private_room(&store, "plans").await;
    let numbers: Vec<usize> = (0..messages).collect();
    for piece in numbers.chunks(500) {
        let rooms = [&public, &private];
        let batch = piece.iter().map(|number| post(rooms[number % 2], &format!("word {number}")));
        store.commit(&batch.collect::<Vec<_>>()).await.unwrap();
    }
    catch_up(&store).await;
    let sql = "SELECT commit_no FROM messages WHERE id >> 40 = 2 AND NOT deleted ORDER BY commit_no";
    let private_ones = column(&store, sql).await;
    assert_eq!(private_ones.len(), messages / 2);
    (store, private, private_ones)
}

async fn found(store: &SqliteStore, query: &str, viewer: UserId) -> Vec<String> {
    let (query, mut cursor, mut texts) = (Query::parse(query).unwrap(), None, Vec::new());
    loop {
        let page = store.search(&query, cursor, 50, viewer).await.unwrap();
        texts.extend(page.hits.into_iter().map(|(_, posted)| posted.content.unwrap().as_str().to_owned()));
        cursor = page.cursor;
        if cursor.is_none() {
            return texts;
        }
    }
}

#[tokio::test]
async fn each_way_into_the_index_marks_what_is_private() {
    let folder = tempfile::tempdir().unwrap();
    let (store, private, expected) = mixed(folder.path(), 2_600).await;
    assert_eq!(column::<i64>(&store, MARKED).await, expected, "followed");

    let edit = |seq| {
        Write::Change(NewChange {
            moderates: false,
            room: private.clone(),
            author: author(),
            target: Seq(seq),
            action: Action::EditMessage { content: MessageText::new("other").unwrap() },
            mentions: Mentions::default(),
            timestamp: Timestamp::from_millis(6_000),
        })
    };
    store.commit(&[2, 100, 1_200].map(edit)).await.unwrap();
    catch_up(&store).await;
    assert_eq!(column::<i64>(&store, MARKED).await, expected, "edited");

    store.search.rewriting.hurry();
    catch_up(&store).await;
    assert_eq!(column::<i64>(&store, MARKED).await, expected, "rewritten");

    store.close().await;
    drop(store);
    remove(&folder.path().join(crate::store::sqlite::SEARCH_FILE)).unwrap();
    let (store, _) = opened(folder.path()).await;
    catch_up(&store).await;
    assert_eq!(column::<i64>(&store, MARKED).await, expected, "backfilled");
}

#[tokio::test]
async fn what_is_private_is_not_even_a_candidate() {
    let folder = tempfile::tempdir().unwrap();
    let (store, ..) = mixed(folder.path(), 400).await;
    let pools = store.search.pools().await.unwrap();
    let count = async |query: &str, viewer| {
        let query = Query::parse(query).unwrap();
        let rows = pools.readers.read(async |reader| {
            let candidates = Candidates::of(reader, &query, false, None, viewer).await?;
            Ok(match candidates {
                Some(mut candidates) => candidates.next(reader, 1_000).await?.len(),
                None => 0,
            })
        });
        rows.await.unwrap()
    };
    for query in ["word", "from:alice", "before:2000-01-01", "word -1"] {
        assert_eq!(count(query, member()).await, 400, "{query}");
        assert_eq!(count(query, stranger()).await, 200, "{query}");
    }
    assert_eq!(count("in:~plans word", member()).await, 200);
    assert_eq!(count("in:~plans word", stranger()).await, 0);
}

#[tokio::test]
async fn an_index_that_lacks_the_mark_gives_nothing_away() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _, private_ones) = mixed(folder.path(), 20).await;
    for place in private_ones {
        let sql = format!(
            "DELETE FROM docs WHERE rowid = {place};
             INSERT INTO docs (rowid, terms) VALUES ({place}, 'word \u{E001}1 \u{E001}2')"
        );
        let pools = store.search.pools().await.unwrap();
        let write = pools.writer.run(async |writer| {
            Ok(sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(writer).await.map(drop)?)
        });
        write.await.unwrap();
    }
    assert_eq!(column::<i64>(&store, MARKED).await, [0; 0], "or this test shows nothing");
    assert_eq!(found(&store, "word", member()).await.len(), 20);
    assert_eq!(found(&store, "word", stranger()).await.len(), 10);
    assert_eq!(found(&store, "in:general word", stranger()).await.len(), 10);
}

#[tokio::test]
async fn an_old_index_beside_a_new_one_keeps_what_is_private() {
    let folder = tempfile::tempdir().unwrap();
    let (store, ..) = mixed(folder.path(), 3_000).await;
    run(&store, "UPDATE position SET version = version - 1").await;
    store.close().await;
    drop(store);
    let (store, _) = opened(folder.path()).await;
    let mut steps = 0;
    loop {
        for (query, of_a_member, of_a_stranger) in [("word", 3_000, 1_500), ("in:~plans word", 1_500, 0)] {
            assert_eq!(found(&store, query, member()).await.len(), of_a_member, "{query} in step {steps}");
            assert_eq!(
                found(&store, query, stranger()).await.len(),
                of_a_stranger,
                "{query} in step {steps}"
            );
        }
        steps += 1;
        if store.follow().await.unwrap().is_none() {
            break;
        }
    }
    assert!(steps > 2, "{steps}");
}

#[tokio::test]
async fn few_rooms_are_listed_and_many_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let (store, public) = opened(folder.path()).await;
    let rooms = async |viewer| {
        let pools = store.search.pools().await.unwrap();
        pools.readers.read(async |reader| readable::rooms(reader, viewer).await).await.unwrap()
    };
    let general = u64::from(public.id.0);
    assert_eq!(rooms(stranger()).await, Some(Readable::PublicAnd(Vec::new())));
    let mut own = Vec::new();
    for number in 0..4_u64 {
        own.insert(0, u64::from(private_room(&store, &format!("room{number}")).await.id.0));
        assert_eq!(rooms(member()).await, Some(Readable::PublicAnd(own.clone())));
    }
    assert_eq!(rooms(stranger()).await, Some(Readable::Listed(vec![general])));
    let leave = Write::SetLive { room: public.id, empty_since: Some(ServerTime::from_millis(1)) };
    store.commit(&[leave]).await.unwrap();
    assert_eq!(rooms(stranger()).await, Some(Readable::Listed(vec![general])), "it stays");

    let last = private_room(&store, "last").await;
    store.commit(&[post(&last, "word")]).await.unwrap();
    catch_up(&store).await;
    for number in 5..201 {
        assert!(matches!(rooms(member()).await, Some(Readable::PublicAnd(own)) if own.len() == number));
        private_room(&store, &format!("room{number}")).await;
    }
    assert_eq!(rooms(member()).await, Some(Readable::TooMany));
    assert_eq!(found(&store, "word", member()).await, ["word"]);
    assert_eq!(found(&store, "word", stranger()).await, [""; 0]);
}

#[tokio::test]
async fn a_hidden_room_is_looked_for_like_none() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = opened(folder.path()).await;
    let pools = store.search.pools().await.unwrap();
    let plan = pools.readers.read(async |reader| {
        let sql = format!("EXPLAIN QUERY PLAN {}", readable::OWN_ROOM);
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(reader).await?;
        Ok(rows.iter().map(|row| row.get::<String, _>(3)).collect::<Vec<_>>())
    });
    let plan = plan.await.unwrap();
    assert!(plan[0].starts_with("SEARCH memberships USING") && plan[0].contains("(user=?)"), "{plan:?}");
    assert_eq!(plan[1..], ["SEARCH rooms USING INTEGER PRIMARY KEY (rowid=?)"]);
}
