//! Reads the data file with plain SQL after the server has stopped.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use shared::{ClientMessageId, MessageId, RoomAddress, Seq, UserId};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{ConnectOptions, Row};
use uuid::Uuid;

/// Row ids are `room id << 40 | seq`.
const SEQ_BITS: u32 = 40;

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
    /// Ordered by seq.
    pub changes: Vec<StoredChange>,
    /// Read marks.
    pub marks: HashMap<UserId, Seq>,
}

/// The server's SQLite file.
pub struct Database {
    connection: SqliteConnection,
    pub rooms: BTreeMap<RoomAddress, StoredRoom>,
}

impl Database {
    /// Checks the integrity of `file` and reads all its rooms.
    pub async fn read(file: &Path) -> Result<Self> {
        let mut connection = SqliteConnectOptions::new().filename(file).connect().await?;
        let sound: String =
            sqlx::query("PRAGMA integrity_check").fetch_one(&mut connection).await?.try_get(0)?;
        ensure!(sound == "ok", "SQLite finds the data file damaged: {sound}");
        let mut this = Self { connection, rooms: BTreeMap::new() };
        for row in sqlx::query("SELECT id, name FROM rooms").fetch_all(&mut this.connection).await? {
            let room = this.room(row.try_get(0)?).await?;
            this.rooms.insert(RoomAddress::new(row.try_get(1)?)?, room);
        }
        Ok(this)
    }

    async fn room(&mut self, id: i64) -> Result<StoredRoom> {
        let mut room = StoredRoom { id, ..StoredRoom::default() };
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
            room.changes.push(change(&row)?);
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
