//! Behaviour specific to the SQLite adapter.

use std::path::Path;
use std::str::FromStr;

use hiroba::store::sqlite::SqliteStore;
use hiroba::store::{SearchIndex, Store, Write};
use shared::{Action, Seq};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection, Row, SqlSafeStr};
use uuid::Uuid;

use crate::people::session;
use crate::place::{
    at, change, commit, edit, head, id, log, open_room, post, react, said, these, time, user,
};

async fn database(folder: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::from_str("sqlite://").unwrap();
    let options = options.filename(folder.join("hiroba.db")).create_if_missing(true);
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// Creates a database as the release with the first `number` migrations left it.
async fn release(number: usize, folder: &Path) -> SqliteConnection {
    let files = [
        ("log", include_str!("../../src/store/sqlite/migrations/0001_log.sql")),
        ("life", include_str!("../../src/store/sqlite/migrations/0002_life.sql")),
    ];
    let migrations = (1..).zip(files).take(number).map(|(version, (name, sql))| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    });
    let mut database = database(folder).await;
    Migrator::with_migrations(migrations.collect()).run(&mut database).await.unwrap();
    database
}

#[tokio::test]
async fn a_database_of_the_first_release_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut old = release(1, folder.path()).await;
    sqlx::raw_sql(
        "INSERT INTO rooms VALUES (1, 'general', 11, 1, 1000, NULL), (2, 'tea', 12, 0, 1000, NULL),
                                  (3, 'deserted', 13, 0, 1000, 1000);",
    )
    .execute(&mut old)
    .await
    .unwrap();
    // Rooms alternate, so that the commit order differs from the table order.
    let messages =
        [(1_i64, 1, "general 1"), (2, 1, "お茶 1"), (1, 2, "general 2"), (2, 2, "お茶 2"), (3, 1, "gone 1")];
    for (number, (room, seq, content)) in messages.into_iter().enumerate() {
        sqlx::query("INSERT INTO events VALUES (?, ?, ?, 'alice', ?, ?, ?)")
            .bind(room << 40 | seq)
            .bind(Uuid::from_u128(1_000 + number as u128).as_bytes().to_vec())
            .bind(user(1).uuid().as_bytes().to_vec())
            .bind((number > 0).then(|| id(number as u128).uuid().as_bytes().to_vec()))
            .bind(content)
            .bind(5_000 + number as i64)
            .execute(&mut old)
            .await
            .unwrap();
    }
    for number in [1, 2] {
        let guest = user(number).uuid().as_bytes().to_vec();
        let query = sqlx::query("INSERT INTO guests VALUES (?, 'alice', ?, 9000)").bind(guest.clone());
        query.bind(vec![number as u8; 32]).execute(&mut old).await.unwrap();
        let query = sqlx::query("INSERT INTO memberships VALUES (2, ?, ?)").bind(guest);
        query.bind(number as i64).execute(&mut old).await.unwrap();
    }
    old.close().await.unwrap();

    let store = SqliteStore::open(folder.path()).await.unwrap();
    let live = store.live_rooms().await.unwrap();
    assert_eq!(live.iter().map(|(info, _)| info.address.as_str()).collect::<Vec<_>>(), ["general", "tea"]);
    let marks: Vec<_> = live[1].1.iter().map(|member| (member.user.id, member.read)).collect();
    assert_eq!(marks, [(user(1), Some(Seq(1))), (user(2), Some(Seq(2)))]);
    assert_eq!(store.read_mark(live[1].0.id, user(2)).await.unwrap(), Some(Seq(2)));
    assert!(store.session(&[1; 32], time(8)).await.unwrap().is_some());

    let tea = open_room(&store, "tea", 99, false).await;
    assert_eq!(tea, live[1].0);
    let messages = log(&store, &tea, 0).await;
    assert_eq!(messages.iter().map(said).collect::<Vec<_>>(), ["お茶 1", "お茶 2"]);
    let first = &messages[0];
    assert_eq!((first.seq, first.sender_id, first.client_message_id), (Seq(1), user(1), Some(id(1))));
    assert!(first.changed_seq.is_none() && first.edited_at.is_none() && !first.deleted && !first.pinned);
    let deserted = open_room(&store, "deserted", 99, false).await;
    assert_eq!(said(&log(&store, &deserted, 0).await[0]), "gone 1");

    // The log continues: old messages can be changed, old ids are known, and `commit_no` counts on.
    let batch = vec![
        post(&tea, 1, id(3), "お茶 2"),
        change(&tea, 1, None, 1, edit("edited")),
        change(&tea, 2, None, 2, react("👍")),
        post(&tea, 1, None, "new"),
    ];
    let outcomes = commit(&store, batch).await;
    assert!(matches!(&outcomes[0], hiroba::store::Outcome::Repeated(again) if again.seq == Seq(2)));
    assert_eq!(head(&store, tea.id).await, Seq(5));
    assert_eq!(store.unread(tea.id, user(2), Seq(1), Seq(5)).await.unwrap().messages, 2);
    store.close().await;

    let mut database = database(folder.path()).await;
    let rows = sqlx::query("SELECT content, commit_no FROM messages ORDER BY commit_no");
    let rows = rows.fetch_all(&mut database).await.unwrap();
    let order: Vec<(String, i64)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let expected = ["general 1", "edited", "general 2", "お茶 2", "gone 1"].into_iter().zip(1..);
    assert_eq!(order[..5], expected.map(|(text, place)| (text.to_owned(), place)).collect::<Vec<_>>());
    assert_eq!(order[5], ("new".to_owned(), 8), "after the two changes");
}

#[tokio::test]
async fn nothing_of_a_purged_room_is_left_in_any_table() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).await.unwrap();
    let tea = open_room(&store, "tea", 1, false).await;
    let batch = vec![
        Write::SaveGuest { session: session(1, "alice"), secret: [1; 32], at: time(1) },
        Write::SetMember { room: tea.id, user: user(1), member: true },
        Write::SetRead { room: tea.id, user: user(1), read: Seq(1) },
        crate::place::call(&tea, 1, these([1, 2]), "a"),
        change(&tea, 1, None, 1, edit("b")),
        change(&tea, 1, None, 1, react("👍")),
        change(&tea, 1, None, 1, Action::PinMessage),
        crate::place::call(&tea, 1, these([3]), "c"),
        Write::SetMember { room: tea.id, user: user(1), member: false },
        Write::SetLive { room: tea.id, empty_since: Some(time(1)) },
    ];
    commit(&store, batch).await;
    let rows = async || {
        let mut database = database(folder.path()).await;
        let mut counts = Vec::new();
        for table in ["rooms", "messages", "changes", "reactions", "mentions", "reads", "memberships"] {
            let query = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}")));
            counts.push(query.fetch_one(&mut database).await.unwrap().get::<i64, _>(0));
        }
        counts
    };
    assert_eq!(rows().await, [1, 2, 3, 1, 1, 1, 0]);
    while let hiroba::store::Outcome::Removed(removed) =
        commit(&store, vec![Write::Purge { room: tea.id, before: time(1) }]).await.remove(0)
        && removed.more
    {}
    assert_eq!(rows().await, [0; 7]);
    store.close().await;
}

fn bytes(folder: &Path, file: &str) -> u64 {
    folder.join(file).metadata().map_or(0, |metadata| metadata.len())
}

/// Reclaims all there is to reclaim; the second round sees that nothing is being written.
async fn tidy(store: &SqliteStore) {
    for _ in 0..3 {
        while store.reclaim().await.unwrap() {}
    }
}

const MIB: u64 = 1024 * 1024;

#[tokio::test]
async fn the_room_of_what_was_removed_goes_back_to_the_disk_and_writers_go_on_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).await.unwrap();
    let (tea, general) =
        (open_room(&store, "tea", 1, false).await, open_room(&store, "general", 2, true).await);
    for _ in 0..6 {
        let batch =
            (0..1_000).map(|number| post(&tea, 1, None, &format!("{number} {}", "word ".repeat(200))));
        commit(&store, batch.collect()).await;
    }
    while store.follow().await.unwrap().is_some() {}
    commit(&store, vec![Write::SetLive { room: tea.id, empty_since: Some(time(1)) }]).await;
    while let hiroba::store::Outcome::Removed(removed) =
        commit(&store, vec![Write::Purge { room: tea.id, before: time(1) }]).await.remove(0)
        && removed.more
    {}
    tidy_once_and_look_at(&store, folder.path()).await;
    let mut pieces = 0;
    while store.reclaim().await.unwrap() {
        pieces += 1;
        if pieces % 10 == 0 {
            commit(&store, vec![post(&general, 1, None, "beside it")]).await;
        }
    }
    assert!((15..80).contains(&pieces), "in pieces: {pieces}");
    tidy(&store).await;
    assert!(bytes(folder.path(), "hiroba.db") < 2 * MIB, "{}", bytes(folder.path(), "hiroba.db"));
    for wal in ["hiroba.db-wal", "hiroba-search.db-wal"] {
        assert_eq!(bytes(folder.path(), wal), 0, "{wal}");
    }
    assert_eq!(head(&store, general.id).await, Seq(pieces / 10));
    store.close().await;
}

/// Checks that there is something to reclaim and that the file is still large.
async fn tidy_once_and_look_at(store: &SqliteStore, folder: &Path) {
    assert!(store.reclaim().await.unwrap());
    assert!(bytes(folder, "hiroba.db") > 6 * MIB, "or this test shows nothing");
}

#[tokio::test]
async fn after_a_long_read_beside_writes_the_write_ahead_log_shrinks() {
    let folder = tempfile::tempdir().unwrap();
    let wal = || bytes(folder.path(), "hiroba.db-wal");
    let store = SqliteStore::open(folder.path()).await.unwrap();
    let tea = open_room(&store, "tea", 1, false).await;
    let mut reader = database(folder.path()).await;
    let mut long_read = reader.begin().await.unwrap();
    sqlx::query("SELECT count(*) FROM messages").execute(&mut *long_read).await.unwrap();
    let write = async || {
        let batch =
            (0..1_000).map(|number| post(&tea, 1, None, &format!("{number} {}", "word ".repeat(200))));
        commit(&store, batch.collect()).await;
    };
    while wal() < 20 * MIB {
        write().await;
        // Does not wait for the reader, which goes on as long as it likes.
        store.reclaim().await.unwrap();
    }
    long_read.rollback().await.unwrap();
    for _ in 0..3 {
        write().await;
    }
    assert!(wal() <= 16 * MIB, "also while there is no quiet moment: {}", wal());
    assert!(wal() > 0);
    tidy(&store).await;
    assert_eq!(wal(), 0, "and nothing is left of it in a quiet one");
    write().await;
    store.close().await;
}

#[tokio::test]
async fn a_database_of_the_second_release_counts_ages_on() {
    const HOUR: i64 = 60 * 60 * 1_000;
    let folder = tempfile::tempdir().unwrap();
    let mut old = release(2, folder.path()).await;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64;
    let ten_years = now + 10 * 365 * 24 * HOUR;
    // One message was written while the clock was wrong; likewise a guest was last seen and a room last left then.
    for (seq, created_at) in (1..).zip([now - 50 * HOUR, now - 49 * HOUR, ten_years, now - 2 * HOUR]) {
        sqlx::query("INSERT INTO messages (id, message_id, author, name, content, created_at, commit_no) VALUES (?, ?, ?, 'alice', 'x', ?, ?)")
            .bind(1_i64 << 40 | seq)
            .bind(Uuid::from_u128(seq as u128).as_bytes().to_vec())
            .bind(user(1).uuid().as_bytes().to_vec())
            .bind(created_at)
            .bind(seq)
            .execute(&mut old)
            .await
            .unwrap();
    }
    for (number, seen_at) in [(1, now - 3 * HOUR), (2, ten_years)] {
        let query = sqlx::query("INSERT INTO guests VALUES (?, 'alice', ?, ?)");
        let query = query.bind(user(number).uuid().as_bytes().to_vec()).bind(vec![number as u8; 32]);
        query.bind(seen_at).execute(&mut old).await.unwrap();
    }
    let query = sqlx::query(
        "INSERT INTO rooms VALUES (1, 'tea', 11, 0, 1000, NULL, 0), (2, 'sake', 12, 0, 1000, ?, 0)",
    );
    query.bind(ten_years).execute(&mut old).await.unwrap();
    old.close().await.unwrap();

    let store = SqliteStore::open(folder.path()).await.unwrap();
    let noted = store.noted_time().await.unwrap();
    assert_eq!(noted.time.millis(), now - 2 * HOUR, "the last moment known that is not to come");
    assert_eq!(noted.wall.millis(), noted.time.millis());
    let ago = |hours: u64| noted.time.before(std::time::Duration::from_hours(hours));
    assert!(store.session(&[1; 32], ago(2)).await.unwrap().is_some());
    assert!(store.session(&[2; 32], ago(0)).await.unwrap().is_none(), "seen now at the latest");
    assert_eq!(store.deserted(noted.time).await.unwrap(), [hiroba::room::RoomId(2)]);
    let tea = open_room(&store, "tea", 99, false).await;
    for (hours, left) in [(49, 4), (48, 3), (1, 2)] {
        let trim = Write::Trim { room: tea.clone(), before: ago(hours), at: at(1) };
        commit(&store, vec![trim]).await;
        assert_eq!(log(&store, &tea, 0).await.len(), left, "{hours} hours before the last message");
    }
    let later = noted.time.after(std::time::Duration::from_secs(1));
    let trim = Write::Trim { room: tea.clone(), before: later, at: at(1) };
    commit(&store, vec![Write::Tick { time: later, wall: noted.wall }, trim]).await;
    assert_eq!(log(&store, &tea, 0).await.len(), 0);
    store.close().await;
}

#[tokio::test]
async fn room_numbers_do_not_run_out_while_some_are_free() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).await.unwrap();
    open_room(&store, "general", 1, true).await;
    // As after millions of rooms that were created and purged.
    let mut database = database(folder.path()).await;
    let insert = "INSERT INTO rooms (id, name, epoch, permanent, created_at, empty_since, horizon)
                  VALUES (8388606, 'last', 2, 0, 1, NULL, 0)";
    sqlx::query(insert).execute(&mut database).await.unwrap();
    let mut ids = std::collections::HashSet::new();
    for name in ["general", "last", "tea", "sake"] {
        let room = open_room(&store, name, 3, false).await;
        assert!(ids.insert(room.id), "{name} has a number of its own");
        commit(&store, vec![post(&room, 1, None, name), change(&room, 1, None, 1, react("👍"))]).await;
    }
    let store = {
        store.close().await;
        drop(store);
        SqliteStore::open(folder.path()).await.unwrap()
    };
    for name in ["general", "last", "tea", "sake"] {
        let room = open_room(&store, name, 4, false).await;
        assert_eq!(log(&store, &room, 0).await.iter().map(said).collect::<Vec<_>>(), [name]);
        assert_eq!(head(&store, room.id).await, Seq(2), "{name}");
    }
    store.close().await;
}
