//! Between rows and the types of the protocol.

use shared::{
    ClientMessageId, MessageId, MessageText, Posted, RoomAddress, Seq, Timestamp, UserId, UserName,
};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use crate::room::RoomId;
use crate::store::StoreError;

const SEQ_BITS: u32 = 40;

/// The columns of [`posted`], in its order.
macro_rules! event_columns {
    () => {
        "id, message_id, author, name, client_message_id, content, created_at"
    };
}
pub(super) use event_columns;

/// The row number of an event: one clustered range per room.
pub(super) fn event_id(room: RoomId, seq: Seq) -> i64 {
    (i64::from(room.0) << SEQ_BITS) | seq.0.min((1 << SEQ_BITS) - 1) as i64
}

/// The first row number after a room's range.
pub(super) fn end_of(room: RoomId) -> i64 {
    (i64::from(room.0) + 1) << SEQ_BITS
}

/// The place of a row in its room's log.
pub(super) fn seq_of(id: i64) -> Seq {
    Seq((id & ((1 << SEQ_BITS) - 1)) as u64)
}

pub(super) fn posted(row: &SqliteRow, room: &RoomAddress) -> Result<Posted, StoreError> {
    Ok(Posted {
        room: room.clone(),
        seq: seq_of(row.try_get(0)?),
        message_id: MessageId::new(uuid(row, 1)?),
        sender_id: UserId::new(uuid(row, 2)?),
        sender: name(row, 3)?,
        client_message_id: match row.try_get::<Option<&[u8]>, _>(4)? {
            Some(bytes) => Some(ClientMessageId::new(Uuid::from_slice(bytes).map_err(corrupt)?)),
            None => None,
        },
        content: MessageText::new(row.try_get(5)?).map_err(corrupt)?,
        timestamp: Timestamp::from_millis(row.try_get(6)?),
    })
}

pub(super) fn name(row: &SqliteRow, column: usize) -> Result<UserName, StoreError> {
    UserName::new(row.try_get(column)?).map_err(corrupt)
}

pub(super) fn uuid(row: &SqliteRow, column: usize) -> Result<Uuid, StoreError> {
    Uuid::from_slice(row.try_get(column)?).map_err(corrupt)
}

pub(super) fn corrupt(error: impl Into<anyhow::Error>) -> StoreError {
    StoreError::Corrupt(error.into())
}
