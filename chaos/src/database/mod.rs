//! Reads the data file with plain SQL after the server has stopped.

mod doors;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use shared::{ClientMessageId, MessageId, RoomAddress, Seq, UserId};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{ConnectOptions, Row};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

pub use doors::{DoorEvent, Standings, StoredDoors};

/// Polling interval.
const LOOK: Duration = Duration::from_millis(500);
/// Row ids are `room id << 40 | seq`.
const SEQ_BITS: u32 = 40;
/// The kind of changes that delete a message.
const DELETION: i64 = 2;

/// A row of `messages`.
#[derive(Debug, Clone)]
pub struct StoredMessage {
    pub message_id: MessageId,
    pub author: UserId,
    pub client_id: Option<ClientMessageId>,
    /// The current text.
    pub content: String,
    /// The text before the first edit, if there was one.
    pub original: Option<String>,
    pub reply_to: Option<Seq>,
    pub deleted: bool,
    pub pinned: bool,
    /// Seq of the last change that the row includes.
    pub changed: Seq,
    /// Number of reactions, of all emoji together.
    pub reactions: u64,
}

/// A row of `changes`.
#[derive(Debug, Clone)]
pub struct StoredChange {
    pub seq: Seq,
    /// 1 edit, 2 deletion, 3 reaction added, 4 reaction removed, 5 pin, 6 unpin.
    pub kind: i64,
    /// Seq of the changed message.
    pub target: Seq,
    pub author: Option<UserId>,
    pub client_id: Option<ClientMessageId>,
    /// The new text of an edit.
    pub content: Option<String>,
    /// The emoji of a reaction.
    pub emoji: Option<String>,
}

/// The rows of a room.
#[derive(Debug, Default)]
pub struct StoredRoom {
    id: i64,
    pub messages: BTreeMap<Seq, StoredMessage>,
    /// Changes of messages, ordered by seq.
    pub changes: Vec<StoredChange>,
    /// What a private room has beside them.
    pub doors: Option<StoredDoors>,
    /// Read marks.
    pub marks: HashMap<UserId, Seq>,
}

/// The server's SQLite file.
pub struct Database {
    connection: SqliteConnection,
    pub rooms: BTreeMap<RoomAddress, StoredRoom>,
    /// Everybody who is stored.
    pub accounts: HashMap<UserId, StoredAccount>,
}

/// A row of `users`, and what belongs to it.
#[derive(Debug, Clone)]
pub struct StoredAccount {
    pub kind: i64,
    pub name: String,
    pub sessions: i64,
    pub memberships: i64,
}

impl StoredAccount {
    pub const GUEST: i64 = 0;
    pub const ACCOUNT: i64 = 1;
    /// It was an account.
    pub const DELETED: i64 = 2;
}

impl Database {
    /// Checks the integrity of `file` and reads all its rooms.
    pub async fn read(file: &Path) -> Result<Self> {
        let mut connection = SqliteConnectOptions::new().filename(file).connect().await?;
        let sound: String =
            sqlx::query("PRAGMA integrity_check").fetch_one(&mut connection).await?.try_get(0)?;
        ensure!(sound == "ok", "SQLite finds the data file damaged: {sound}");
        let mut this = Self { connection, rooms: BTreeMap::new(), accounts: HashMap::new() };
        this.read_accounts().await?;
        let query = sqlx::query(
            "SELECT id, name, kind, title, topic, description, creator, client_id FROM rooms WHERE state = 0",
        );
        for row in query.fetch_all(&mut this.connection).await? {
            let id = row.try_get(0)?;
            let doors = StoredDoors::read(&mut this.connection, id, &row).await?;
            let room = this.room(id, doors).await?;
            this.rooms.insert(RoomAddress::new(row.try_get(1)?)?, room);
        }
        Ok(this)
    }

    async fn read_accounts(&mut self) -> Result<()> {
        let query = sqlx::query(
            "SELECT id, kind, name, (SELECT count(*) FROM sessions WHERE user = users.id),
             (SELECT count(*) FROM memberships WHERE user = users.id) FROM users",
        );
        for row in query.fetch_all(&mut self.connection).await? {
            let account = StoredAccount {
                kind: row.try_get(1)?,
                name: row.try_get(2)?,
                sessions: row.try_get(3)?,
                memberships: row.try_get(4)?,
            };
            self.accounts.insert(UserId::new(Uuid::from_slice(row.try_get(0)?)?), account);
        }
        Ok(())
    }

    /// Whether the server deleted a message because its author deleted the account.
    pub fn is_farewell(&self, change: &StoredChange) -> bool {
        let author = change.author.and_then(|author| self.accounts.get(&author));
        change.kind == DELETION
            && change.client_id.is_none()
            && author.is_some_and(|author| author.kind == StoredAccount::DELETED)
    }

    async fn room(&mut self, id: i64, doors: Option<StoredDoors>) -> Result<StoredRoom> {
        let mut room = StoredRoom { id, doors, ..StoredRoom::default() };
        let query = sqlx::query(
            "SELECT id, message_id, author, client_message_id, content, original, reply_to, deleted, pinned, changed,
             (SELECT count(*) FROM reactions WHERE message = messages.id) FROM messages WHERE id >> 40 = ?",
        );
        for row in query.bind(id).fetch_all(&mut self.connection).await? {
            room.messages.insert(seq(row.try_get(0)?), message(&row)?);
        }
        let query = sqlx::query(
            "SELECT id, kind, target, author, client_message_id, content, emoji FROM changes WHERE id >> 40 = ?
             ORDER BY id",
        );
        for row in query.bind(id).fetch_all(&mut self.connection).await? {
            let change = change(&row)?;
            if change.kind < doors::FIRST_KIND {
                room.changes.push(change);
            } else if let Some(stored) = &mut room.doors {
                stored.events.push((change.seq, doors::event(change.kind, change.content.as_deref())?));
            }
        }
        let query = sqlx::query("SELECT user, read_seq FROM reads WHERE room = ?").bind(id);
        for row in query.fetch_all(&mut self.connection).await? {
            room.marks.insert(
                UserId::new(Uuid::from_slice(row.try_get(0)?)?),
                Seq(row.try_get::<i64, _>(1)? as u64),
            );
        }
        Ok(room)
    }

    /// Returns a person's read mark, the number of messages of others after it and the number of those that mention the
    /// person. Both counts are uncapped.
    pub async fn unread(&mut self, room: &RoomAddress, person: UserId) -> Result<(Seq, usize, usize)> {
        let stored = self.rooms.get(room).with_context(|| format!("the room {room} is not stored"))?;
        let mark = stored.marks.get(&person).copied().unwrap_or_default();
        let query = sqlx::query(
            "SELECT count(*), coalesce(sum(EXISTS (SELECT 1 FROM mentions WHERE message = messages.id
                                                   AND (user = ?1 OR user = x''))), 0)
             FROM messages WHERE id >> 40 = ?2 AND id > ?3 AND author <> ?1 AND NOT deleted",
        );
        let query = query.bind(person.uuid().as_bytes().to_vec()).bind(stored.id);
        let row = query.bind((stored.id << SEQ_BITS) + mark.0 as i64).fetch_one(&mut self.connection).await?;
        Ok((mark, row.try_get::<i64, _>(0)? as usize, row.try_get::<i64, _>(1)? as usize))
    }
}

/// Waits until the running server has deleted the messages of deleted accounts.
///
/// # Errors
/// It has not within `limit`.
pub async fn messages_are_gone(file: &Path, limit: Duration) -> Result<()> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true);
    let mut connection = options.connect().await?;
    let begun = Instant::now();
    loop {
        let query = sqlx::query("SELECT count(*) FROM departures").fetch_one(&mut connection).await?;
        if query.try_get::<i64, _>(0)? == 0 {
            return Ok(());
        }
        ensure!(begun.elapsed() < limit, "messages of deleted accounts are still there after {limit:?}");
        sleep(LOOK).await;
    }
}

const fn seq(id: i64) -> Seq {
    Seq((id & ((1 << SEQ_BITS) - 1)) as u64)
}

fn client_id(row: &SqliteRow, column: usize) -> Result<Option<ClientMessageId>> {
    let bytes: Option<&[u8]> = row.try_get(column)?;
    Ok(bytes.map(Uuid::from_slice).transpose()?.map(ClientMessageId::new))
}

fn message(row: &SqliteRow) -> Result<StoredMessage> {
    Ok(StoredMessage {
        message_id: MessageId::new(Uuid::from_slice(row.try_get(1)?)?),
        author: UserId::new(Uuid::from_slice(row.try_get(2)?)?),
        client_id: client_id(row, 3)?,
        content: row.try_get(4)?,
        original: row.try_get(5)?,
        reply_to: row.try_get::<Option<i64>, _>(6)?.map(seq),
        deleted: row.try_get(7)?,
        pinned: row.try_get(8)?,
        changed: Seq(row.try_get::<i64, _>(9)? as u64),
        reactions: row.try_get::<i64, _>(10)? as u64,
    })
}

fn change(row: &SqliteRow) -> Result<StoredChange> {
    let author: Option<&[u8]> = row.try_get(3)?;
    Ok(StoredChange {
        seq: seq(row.try_get(0)?),
        kind: row.try_get(1)?,
        target: seq(row.try_get(2)?),
        author: author.map(Uuid::from_slice).transpose()?.map(UserId::new),
        client_id: client_id(row, 4)?,
        content: row.try_get(5)?,
        emoji: row.try_get(6)?,
    })
}
