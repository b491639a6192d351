//! Pages of history: as many messages as were asked for, or as fit into a frame.

use shared::limits::PAGE_BYTES;
use shared::{Posted, Seq, UserId};
use sqlx::sqlite::SqliteConnection;

use super::log::{extent, messages_after, messages_before};
use crate::room::RoomInfo;
use crate::store::{LogPage, PageAt, StoreError, wire_size};

pub(super) async fn page(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    at: PageAt,
    limit: u16,
    viewer: UserId,
) -> Result<LogPage, StoreError> {
    let head = extent(connection, room.id).await?.head;
    match at {
        PageAt::Latest => older(connection, room, None, head, limit, viewer, PAGE_BYTES).await,
        PageAt::Before(before) => {
            let end = before.before().min(head);
            older(connection, room, Some(before), end, limit, viewer, PAGE_BYTES).await
        }
        PageAt::After(after) => newer(connection, room, after, head, limit, viewer, PAGE_BYTES).await,
        PageAt::Around(middle) => {
            let (half, bytes) = ((limit / 2).max(1), PAGE_BYTES / 2);
            let before = middle.before().min(head);
            let above = older(connection, room, Some(middle), before, half, viewer, bytes).await?;
            let below = newer(connection, room, before, head, limit - limit / 2, viewer, bytes).await?;
            let messages = [above.messages, below.messages].concat();
            Ok(LogPage { start: above.start, end: below.end, messages, more: below.more })
        }
    }
}

/// The last messages up to `end`.
async fn older(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    before: Option<Seq>,
    end: Seq,
    limit: u16,
    viewer: UserId,
    bytes: usize,
) -> Result<LogPage, StoreError> {
    // One more than asked for tells whether there is more.
    let mut messages = messages_before(connection, room, before, limit + 1, viewer).await?;
    let fit = fitting(messages.iter().rev().take(usize::from(limit)), bytes);
    let left = messages.len() - fit;
    let start = left.checked_sub(1).map_or(Seq::ZERO, |last| messages[last].seq);
    messages.drain(..left);
    Ok(LogPage { start, end, messages, more: left > 0 })
}

/// The first messages after `after`.
async fn newer(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    after: Seq,
    head: Seq,
    limit: u16,
    viewer: UserId,
    bytes: usize,
) -> Result<LogPage, StoreError> {
    let mut messages = messages_after(connection, room, after, limit + 1, viewer).await?;
    let fit = fitting(messages.iter().take(usize::from(limit)), bytes);
    let more = messages.len() > fit;
    let end = messages.get(fit).map_or(head.max(after), |next| next.seq.before());
    messages.truncate(fit);
    Ok(LogPage { start: after, end, messages, more })
}

/// How many of these messages fit: at least one.
fn fitting<'a>(messages: impl Iterator<Item = &'a Posted>, most: usize) -> usize {
    let mut bytes = 0;
    let mut count = 0;
    for message in messages {
        bytes += wire_size(message);
        if bytes > most && count > 0 {
            break;
        }
        count += 1;
    }
    count
}
