//! Lists are read row by row, as far as they fit into a frame: what nobody is told is not held in memory.

use futures_util::TryStreamExt;
use shared::{Posted, Seq, UserId};
use sqlx::Sqlite;
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqliteRow};

use super::reactions::add_reactions;
use super::row;
use crate::room::RoomInfo;
use crate::store::{StoreError, wire_size};

/// How many, and how many bytes of them. One fits always.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    pub(super) count: usize,
    pub(super) bytes: usize,
}

impl Room {
    /// Whether another one fits of `bytes` in all, behind `count`.
    fn has(self, count: usize, bytes: usize) -> bool {
        count < self.count && (bytes <= self.bytes || count == 0)
    }
}

/// The rows of a query as far as they fit, and the first one that does not.
pub(super) async fn rows<T>(
    connection: &mut SqliteConnection,
    query: Query<'_, Sqlite, SqliteArguments>,
    room: Room,
    read: impl Fn(&SqliteRow) -> Result<T, StoreError>,
    size: impl Fn(&T) -> usize,
) -> Result<(Vec<T>, Option<T>), StoreError> {
    let (mut fit, mut bytes) = (Vec::new(), 0);
    let mut rows = query.fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let item = read(&row)?;
        bytes += size(&item);
        if !room.has(fit.len(), bytes) {
            return Ok((fit, Some(item)));
        }
        fit.push(item);
    }
    Ok((fit, None))
}

/// Messages with their reactions, as far as they fit, and the place of the first one that does not.
pub(super) async fn messages(
    connection: &mut SqliteConnection,
    query: Query<'_, Sqlite, SqliteArguments>,
    info: &RoomInfo,
    room: Room,
    viewer: UserId,
) -> Result<(Vec<Posted>, Option<Seq>), StoreError> {
    let read = |row: &SqliteRow| row::posted(row, &info.address);
    let (mut messages, next) = rows(connection, query, room, read, wire_size::message).await?;
    let mut bytes = 0;
    for at in 0..messages.len() {
        add_reactions(connection, info.id, &mut messages[at], viewer).await?;
        bytes += wire_size::message(&messages[at]);
        if !room.has(at, bytes) {
            let next = messages[at].seq;
            messages.truncate(at);
            return Ok((messages, Some(next)));
        }
    }
    Ok((messages, next.map(|posted| posted.seq)))
}
