//! Reads pages row by row until the frame is full, so that rows that are not sent are not held in memory.

use futures_util::TryStreamExt;
use shared::{Posted, Seq, UserId};
use sqlx::Sqlite;
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqliteRow};

use super::reactions::add_reactions;
use super::row;
use crate::room::RoomInfo;
use crate::store::{StoreError, wire_size};

/// The limits of a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct PageLimit {
    pub(super) count: usize,
    pub(super) bytes: usize,
}

/// Tracks how full a page is.
#[derive(Debug)]
pub(super) struct PageFill {
    limit: PageLimit,
    count: usize,
    bytes: usize,
}

impl PageFill {
    pub(super) const fn new(limit: PageLimit) -> Self {
        Self { limit, count: 0, bytes: 0 }
    }

    /// Adds an item of `size` bytes, or returns `false` if the page ends before it. The first item always fits.
    pub(super) const fn takes(&mut self, size: usize) -> bool {
        let is_full = self.count >= self.limit.count || self.bytes + size > self.limit.bytes;
        if is_full && self.count > 0 {
            return false;
        }
        self.count += 1;
        self.bytes += size;
        true
    }
}

/// Returns the rows of a query that fit, and the first one that does not.
pub(super) async fn rows<T>(
    connection: &mut SqliteConnection,
    query: Query<'_, Sqlite, SqliteArguments>,
    limit: PageLimit,
    read: impl Fn(&SqliteRow) -> Result<T, StoreError>,
    size: impl Fn(&T) -> usize,
) -> Result<(Vec<T>, Option<T>), StoreError> {
    let (mut items, mut page) = (Vec::new(), PageFill::new(limit));
    let mut rows = query.fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let item = read(&row)?;
        if !page.takes(size(&item)) {
            return Ok((items, Some(item)));
        }
        items.push(item);
    }
    Ok((items, None))
}

/// Returns the messages that fit, with their reactions, and the seq of the first one that does not.
pub(super) async fn messages(
    connection: &mut SqliteConnection,
    query: Query<'_, Sqlite, SqliteArguments>,
    info: &RoomInfo,
    limit: PageLimit,
    viewer: UserId,
) -> Result<(Vec<Posted>, Option<Seq>), StoreError> {
    let read = |row: &SqliteRow| row::posted(row, &info.address);
    let (mut messages, next) = rows(connection, query, limit, read, wire_size::message).await?;
    // Measured again: reactions make messages larger.
    let mut page = PageFill::new(limit);
    for at in 0..messages.len() {
        add_reactions(connection, info.id, &mut messages[at], viewer).await?;
        if !page.takes(wire_size::message(&messages[at])) {
            let next = messages[at].seq;
            messages.truncate(at);
            return Ok((messages, Some(next)));
        }
    }
    Ok((messages, next.map(|posted| posted.seq)))
}
