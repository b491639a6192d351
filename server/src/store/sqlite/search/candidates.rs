//! Candidates for a query from the index, newest first, joined with the present state of the messages.

use shared::search::{Filter, Query};
use shared::{Timestamp, UserId};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{QueryBuilder, Row, Sqlite};

use super::super::row::message_columns;
use super::backfill::floor;
use super::readable::{self, Readable, push_condition};
use crate::store::StoreError;

/// Wall clocks are sometimes set back: log order and timestamp order may differ by this much.
const CLOCK_STEP_MILLIS: i64 = 60 * 60 * 1_000;
/// Messages of the log that are looked through at once for those that may be read.
const STRETCH: i64 = 2_500;

/// Indexes of the columns of [`Candidates::next`] after those of the message.
pub(super) const PLACE: usize = 13;
pub(super) const ROOM: usize = 14;
pub(super) const EPOCH: usize = 15;

/// A walk through the log from new to old.
pub(super) struct Candidates<'q> {
    filter: &'q Filter,
    viewer: UserId,
    readable: Readable,
    /// The FTS expression; `None`: every message is a candidate.
    terms: Option<String>,
    /// Lower bound of the walk, inclusive.
    end: i64,
    /// The walk continues below this `commit_no`.
    below: i64,
    /// Whether there are no more.
    is_over: bool,
    /// The index covers everything from this `commit_no` on.
    floor: i64,
    /// Candidates below `floor` come from the index of an older version, whose terms may differ.
    has_old: bool,
}

impl<'q> Candidates<'q> {
    /// Starts a walk below `cursor`. Returns `None` if there is nothing that `viewer` may read, as in a room
    /// that does not exist.
    pub(super) async fn of(
        connection: &mut SqliteConnection,
        query: &'q Query,
        has_old: bool,
        cursor: Option<u64>,
        viewer: UserId,
    ) -> Result<Option<Self>, StoreError> {
        let filter = query.filter();
        let readable = match &filter.room {
            Some(address) => readable::room_at(connection, address, viewer).await?,
            None => readable::rooms(connection, viewer).await?,
        };
        let Some(readable) = readable else { return Ok(None) };
        let terms = readable.expression(&query.terms(readable.named()));
        let below = cursor.map_or(i64::MAX, |cursor| i64::try_from(cursor).unwrap_or(i64::MAX));
        let until = match filter.until {
            Some(until) => first_after(connection, until.millis().saturating_add(CLOCK_STEP_MILLIS)).await?,
            None => i64::MAX,
        };
        let end = match filter.since {
            Some(since) => first_after(connection, since.millis().saturating_sub(CLOCK_STEP_MILLIS)).await?,
            None => 0,
        };
        let floor = floor(connection).await?;
        let below = below.min(until);
        Ok(Some(Self { filter, viewer, readable, terms, end, below, is_over: false, floor, has_old }))
    }

    /// Returns whether a walk down to `reached`, or to its end, entered the part where the index is incomplete.
    pub(super) fn may_have_missed(&self, reached: Option<u64>) -> bool {
        let reached = reached.map_or(self.end, |reached| reached as i64);
        self.terms.is_some() && reached < self.floor
    }

    /// Returns where the walk continues, or `None` at its end.
    pub(super) fn cursor(&self) -> Option<u64> {
        (!self.is_over).then_some(self.below as u64)
    }

    /// Returns up to `limit` more candidates, which may be none before the end of the walk. Those whose message is not
    /// visible or does not match the filter have no message.
    pub(super) async fn next(
        &mut self,
        connection: &mut SqliteConnection,
        limit: usize,
    ) -> Result<Vec<SqliteRow>, StoreError> {
        let mut query = QueryBuilder::<Sqlite>::new(concat!(
            "SELECT ",
            message_columns!(),
            ", place, (SELECT name FROM rooms WHERE rooms.id = messages.id >> 40)",
            ", (SELECT epoch FROM rooms WHERE rooms.id = messages.id >> 40) FROM (",
        ));
        let (last, limit) = (self.below.saturating_sub(1), limit as i64);
        let mut end = self.end;
        if let Some(terms) = &self.terms {
            let is_split = self.has_old && self.end < self.floor;
            if is_split {
                query
                    .push("SELECT * FROM (SELECT rowid AS place FROM old.docs WHERE docs MATCH ")
                    .push_bind(terms);
                query.push(" AND rowid BETWEEN ").push_bind(self.end);
                query.push(" AND ").push_bind(last.min(self.floor - 1));
                query.push(" ORDER BY place DESC LIMIT ").push_bind(limit);
                query.push(") UNION ALL SELECT * FROM (");
            }
            query.push("SELECT rowid AS place FROM docs WHERE docs MATCH ").push_bind(terms);
            query
                .push(" AND rowid BETWEEN ")
                .push_bind(self.end.max(self.floor))
                .push(" AND ")
                .push_bind(last);
            if is_split {
                query.push(" ORDER BY place DESC LIMIT ").push_bind(limit).push(")");
            }
        } else {
            end = stretch(connection, end, last).await?;
            query.push("SELECT commit_no AS place FROM messages WHERE commit_no BETWEEN ");
            query.push_bind(end).push(" AND ").push_bind(last).push(" AND ");
            match self.readable.list() {
                Some(rooms) => {
                    query
                        .push("messages.id >> 40 IN (SELECT value FROM json_each(")
                        .push_bind(rooms)
                        .push("))");
                }
                None => push_condition(&mut query, self.viewer),
            }
        }
        query.push(" ORDER BY place DESC LIMIT ").push_bind(limit);
        query.push(") LEFT JOIN messages ON messages.commit_no = place AND NOT deleted AND ");
        push_condition(&mut query, self.viewer);
        let moment = |moment: Option<Timestamp>, otherwise| moment.map_or(otherwise, Timestamp::millis);
        query.push(" AND created_at >= ").push_bind(moment(self.filter.since, i64::MIN));
        query.push(" AND created_at < ").push_bind(moment(self.filter.until, i64::MAX));
        if self.filter.has_reaction {
            query.push(" AND EXISTS (SELECT 1 FROM reactions WHERE message = messages.id)");
        }
        if self.filter.no_reaction {
            query.push(" AND NOT EXISTS (SELECT 1 FROM reactions WHERE message = messages.id)");
        }
        query.push(" ORDER BY place DESC");
        let rows = query.build().fetch_all(connection).await?;
        match rows.last() {
            Some(last) if rows.len() as i64 == limit => self.below = last.try_get(PLACE)?,
            _ => (self.below, self.is_over) = (end, end == self.end),
        }
        Ok(rows)
    }
}

/// Returns the first `commit_no` of the last [`STRETCH`] messages in this range, or its beginning if there are fewer.
async fn stretch(connection: &mut SqliteConnection, first: i64, last: i64) -> Result<i64, StoreError> {
    let query = sqlx::query_scalar(
        "SELECT commit_no FROM messages WHERE commit_no BETWEEN ? AND ? ORDER BY commit_no DESC LIMIT 1 OFFSET ?",
    );
    let query = query.bind(first).bind(last).bind(STRETCH - 1);
    Ok(query.fetch_optional(connection).await?.unwrap_or(first))
}

/// Returns approximately the `commit_no` of the first message written at `moment` or later.
async fn first_after(connection: &mut SqliteConnection, moment: i64) -> Result<i64, StoreError> {
    let query = sqlx::query("SELECT coalesce(max(commit_no), 0) + 1 FROM messages");
    let (mut low, mut high): (i64, i64) = (0, query.fetch_one(&mut *connection).await?.try_get(0)?);
    while low < high {
        let middle = low + (high - low) / 2;
        let query = sqlx::query(
            "SELECT commit_no, created_at FROM messages WHERE commit_no >= ? ORDER BY commit_no LIMIT 1",
        );
        match query.bind(middle).fetch_optional(&mut *connection).await? {
            Some(row) if row.try_get::<i64, _>(1)? < moment => low = row.try_get::<i64, _>(0)? + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}
