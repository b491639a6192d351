//! What the writer knows of the ends of the logs.

use std::collections::HashMap;

use shared::Seq;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::log;
use crate::room::RoomId;
use crate::store::StoreError;

/// The place of a new event.
pub(super) struct Place {
    /// In its room.
    pub(super) seq: Seq,
    /// In the whole log.
    pub(super) commit_no: i64,
}

/// The ends of the logs that were written to since the start.
#[derive(Debug, Default)]
pub(super) struct Heads {
    rooms: HashMap<RoomId, Seq>,
    commits: Option<i64>,
}

impl Heads {
    /// A room's log is gone.
    pub(super) fn forget_room(&mut self, room: RoomId) {
        self.rooms.remove(&room);
    }

    /// The last place that was given out in the whole log.
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

    /// The place of the next event of a room.
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
