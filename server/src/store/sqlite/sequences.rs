//! Allocates `seq` and `commit_no` for the writer.

use std::collections::HashMap;

use shared::Seq;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::log;
use crate::room::RoomId;
use crate::store::StoreError;

/// The position of a new event.
pub(super) struct Place {
    /// In its room's log.
    pub(super) seq: Seq,
    /// Over all rooms.
    pub(super) commit_no: i64,
}

/// Caches the last `seq` of each log written to since the start, and the last `commit_no`.
#[derive(Debug, Default)]
pub(super) struct SequenceAllocator {
    rooms: HashMap<RoomId, Seq>,
    commits: Option<i64>,
}

impl SequenceAllocator {
    /// Drops the cached position of a purged room.
    pub(super) fn forget_room(&mut self, room: RoomId) {
        self.rooms.remove(&room);
    }

    /// Returns the last `commit_no` given out.
    pub(super) async fn commits(&mut self, connection: &mut SqliteConnection) -> Result<i64, StoreError> {
        if let Some(commits) = self.commits {
            return Ok(commits);
        }
        let query = sqlx::query(
            "SELECT max(coalesce((SELECT max(commit_no) FROM messages), 0),
                        coalesce((SELECT max(commit_no) FROM changes), 0),
                        (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'commits'))",
        );
        let commits = query.fetch_one(connection).await?.try_get(0)?;
        self.commits = Some(commits);
        Ok(commits)
    }

    /// Allocates the position of a room's next event.
    pub(super) async fn next(
        &mut self,
        connection: &mut SqliteConnection,
        room: RoomId,
    ) -> Result<Place, StoreError> {
        let head = match self.rooms.get(&room) {
            Some(&head) => head,
            None => log::extent(connection, room).await?.head,
        };
        let commit_no = self.commits(connection).await? + 1;
        self.commits = Some(commit_no);
        self.rooms.insert(room, head.next());
        Ok(Place { seq: head.next(), commit_no })
    }
}
