//! Converts between rows and protocol types.

use shared::{
    Change, Changed, ClientMessageId, Emoji, Mentions, MessageId, MessageText, Person, Posted, RoomAddress,
    Seq, Timestamp, UserId, UserName,
};
use sqlx::sqlite::SqliteRow;
use sqlx::{ColumnIndex, Row};
use uuid::Uuid;

use super::doors;
use crate::room::RoomId;
use crate::store::StoreError;

const SEQ_BITS: u32 = 40;
/// The highest room id: the row id just behind its range must still be a valid one.
pub(super) const HIGHEST_ROOM: u32 = (1 << (63 - SEQ_BITS)) - 2;

/// The columns of [`posted`], in its order.
macro_rules! message_columns {
    () => {
        "id, message_id, author, name, client_message_id, content, created_at, reply_to, mentions, changed, \
         edited_at, deleted, pinned"
    };
}
pub(super) use message_columns;

/// The columns of [`changed`], which reads them by name.
macro_rules! change_columns {
    () => {
        "id, kind, target, author, name, client_message_id, content, mentions, emoji, created_at"
    };
}
pub(super) use change_columns;

/// Returns the row id of an event: one clustered range per room.
pub(super) fn event_id(room: RoomId, seq: Seq) -> i64 {
    (i64::from(room.0) << SEQ_BITS) | seq.0.min((1 << SEQ_BITS) - 1) as i64
}

/// Returns the first row id after a room's range.
pub(super) fn end_of(room: RoomId) -> i64 {
    (i64::from(room.0) + 1) << SEQ_BITS
}

/// Returns the seq of a row id.
pub(super) fn seq_of(id: i64) -> Seq {
    Seq((id & ((1 << SEQ_BITS) - 1)) as u64)
}

/// Reads a message. Its reactions are in another table and stay empty here.
pub(super) fn posted(row: &SqliteRow, room: &RoomAddress) -> Result<Posted, StoreError> {
    let deleted = row.try_get(11)?;
    let changed: i64 = row.try_get(9)?;
    Ok(Posted {
        room: room.clone(),
        seq: seq_of(row.try_get(0)?),
        message_id: MessageId::new(uuid(row, 1)?),
        sender_id: UserId::new(uuid(row, 2)?),
        sender: name(row, 3)?,
        client_message_id: client_id(row, 4)?,
        content: if deleted { None } else { Some(text(row.try_get(5)?)?) },
        timestamp: Timestamp::from_millis(row.try_get(6)?),
        reply_to: row.try_get::<Option<i64>, _>(7)?.map(seq_of),
        mentions: mentions(row.try_get(8)?)?,
        changed_seq: (changed > 0).then_some(Seq(changed as u64)),
        edited_at: row.try_get::<Option<i64>, _>(10)?.map(Timestamp::from_millis),
        deleted,
        pinned: row.try_get(12)?,
        reactions: Vec::new(),
    })
}

/// Returns the stored number of a kind of change. Numbers are never reused.
pub(super) const fn kind(change: &Change) -> i64 {
    match change {
        Change::Edited { .. } => 1,
        Change::Deleted => 2,
        Change::ReactionAdded(_) => 3,
        Change::ReactionRemoved(_) => 4,
        Change::Pinned => 5,
        Change::Unpinned => 6,
        Change::Trimmed => 7,
        Change::MemberAdded { .. } => 8,
        Change::MemberRemoved { .. } => 9,
        Change::RoleChanged { .. } => 10,
        Change::DetailsChanged(_) => 11,
    }
}

pub(super) fn changed(row: &SqliteRow, room: &RoomAddress) -> Result<Changed, StoreError> {
    let emoji = || Emoji::known(row.try_get::<&str, _>("emoji")?).map_err(corrupt);
    let change = match row.try_get::<i64, _>("kind")? {
        1 => Change::Edited {
            content: row.try_get::<Option<&str>, _>("content")?.map(text).transpose()?,
            mentions: mentions(row.try_get("mentions")?)?,
        },
        2 => Change::Deleted,
        3 => Change::ReactionAdded(emoji()?),
        4 => Change::ReactionRemoved(emoji()?),
        5 => Change::Pinned,
        6 => Change::Unpinned,
        7 => Change::Trimmed,
        kind @ 8..=11 => doors::change(kind, row.try_get("content")?)?,
        other => return Err(corrupt(anyhow::anyhow!("there is no change of kind {other}"))),
    };
    let by = match row.try_get::<Option<&[u8]>, _>("author")? {
        Some(id) => Some(Person {
            user_id: UserId::new(Uuid::from_slice(id).map_err(corrupt)?),
            user: name(row, "name")?,
        }),
        None => None,
    };
    Ok(Changed {
        room: room.clone(),
        seq: seq_of(row.try_get("id")?),
        target: seq_of(row.try_get("target")?),
        by,
        timestamp: Timestamp::from_millis(row.try_get("created_at")?),
        client_message_id: client_id(row, "client_message_id")?,
        change,
    })
}

/// Encodes mentions as 16 bytes per user, with one byte before them if the whole room is mentioned.
pub(super) fn mention_bytes(mentions: &Mentions) -> Option<Vec<u8>> {
    if mentions.is_empty() {
        return None;
    }
    let mut bytes = vec![1; usize::from(mentions.room)];
    for user in &mentions.users {
        bytes.extend_from_slice(user.uuid().as_bytes());
    }
    Some(bytes)
}

pub(super) fn mentions(bytes: Option<&[u8]>) -> Result<Mentions, StoreError> {
    let Some(bytes) = bytes else { return Ok(Mentions::default()) };
    let room = bytes.len() % 16 == 1;
    let users = bytes[usize::from(room)..].chunks(16);
    let users = users.map(|user| Uuid::from_slice(user).map(UserId::new).map_err(corrupt));
    Ok(Mentions { users: users.collect::<Result<_, _>>()?, room })
}

pub(super) fn text(raw: &str) -> Result<MessageText, StoreError> {
    MessageText::known(raw).map_err(corrupt)
}

pub(super) fn name(row: &SqliteRow, column: impl ColumnIndex<SqliteRow>) -> Result<UserName, StoreError> {
    UserName::known(row.try_get(column)?).map_err(corrupt)
}

pub(super) fn uuid(row: &SqliteRow, column: usize) -> Result<Uuid, StoreError> {
    Uuid::from_slice(row.try_get(column)?).map_err(corrupt)
}

pub(super) fn client_id(
    row: &SqliteRow,
    column: impl ColumnIndex<SqliteRow>,
) -> Result<Option<ClientMessageId>, StoreError> {
    let bytes = row.try_get::<Option<&[u8]>, _>(column)?;
    bytes.map(|bytes| Uuid::from_slice(bytes).map(ClientMessageId::new).map_err(corrupt)).transpose()
}

/// Encodes an id for storage.
pub(super) fn blob(id: Uuid) -> Vec<u8> {
    id.as_bytes().to_vec()
}

pub(super) fn corrupt(error: impl Into<anyhow::Error>) -> StoreError {
    StoreError::Corrupt(error.into())
}
