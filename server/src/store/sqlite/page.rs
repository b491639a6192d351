//! Pages of history: as many messages as requested, or as fit into a frame.

use shared::limits::PAGE_BYTES;
use shared::{Seq, UserId};
use sqlx::sqlite::SqliteConnection;

use super::log::{extent, messages_after, messages_before};
use super::page_fill::PageLimit;
use crate::room::RoomInfo;
use crate::store::{LogPage, PageAt, StoreError};

pub(super) async fn page(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    at: PageAt,
    limit: u16,
    viewer: UserId,
) -> Result<LogPage, StoreError> {
    let head = extent(connection, room.id).await?.head;
    let full = PageLimit { count: limit.into(), bytes: PAGE_BYTES };
    match at {
        PageAt::Latest => older(connection, room, None, head, full, viewer).await,
        PageAt::Before(before) => {
            let end = before.before().min(head);
            older(connection, room, Some(before), end, full, viewer).await
        }
        PageAt::After(after) => newer(connection, room, after, head, full, viewer).await,
        PageAt::Around(middle) => {
            let half = PageLimit { count: (full.count / 2).max(1), bytes: PAGE_BYTES / 2 };
            let rest = PageLimit { count: full.count - full.count / 2, ..half };
            let before = middle.before().min(head);
            let above = older(connection, room, Some(middle), before, half, viewer).await?;
            let below = newer(connection, room, before, head, rest, viewer).await?;
            let messages = [above.messages, below.messages].concat();
            Ok(LogPage { start: above.start, end: below.end, messages, more: below.more })
        }
    }
}

/// Returns the last messages up to `end`.
async fn older(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    before: Option<Seq>,
    end: Seq,
    limit: PageLimit,
    viewer: UserId,
) -> Result<LogPage, StoreError> {
    let (mut messages, next) = messages_before(connection, room, before, limit, viewer).await?;
    messages.reverse();
    Ok(LogPage { start: next.unwrap_or_default(), end, messages, more: next.is_some() })
}

/// Returns the first messages after `after`.
async fn newer(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    after: Seq,
    head: Seq,
    limit: PageLimit,
    viewer: UserId,
) -> Result<LogPage, StoreError> {
    let (messages, next) = messages_after(connection, room, after, limit, viewer).await?;
    let end = next.map_or(head.max(after), Seq::before);
    Ok(LogPage { start: after, end, messages, more: next.is_some() })
}
