//! Builds a page of hits by checking candidates until the page is full.

use shared::limits::PAGE_BYTES;
use shared::search::Query;
use shared::{Epoch, Posted, RoomAddress, UserId};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::super::page_fill::{PageFill, PageLimit};
use super::super::reactions::reactions;
use super::super::row::{self, corrupt};
use super::candidates::{Candidates, EPOCH, PLACE, ROOM};
use crate::store::{SearchPage, StoreError, wire_size};

/// Candidates read at once: little more than a page first, because most are hits; then more, because most of them turn
/// out to be none.
const LEAST_PIECE: usize = 16;
const LARGEST_PIECE: usize = 256;
/// Upper bounds of pieces and of text bytes checked for one page. The page ends there, full or not.
const MOST_PIECES: usize = 10;
const MOST_BYTES: usize = 1024 * 1024;
/// Column indexes of the message.
const ID: usize = 0;
const CONTENT: usize = 5;

pub(super) async fn page(
    connection: &mut SqliteConnection,
    query: &Query,
    has_old: bool,
    cursor: Option<u64>,
    limit: u16,
    viewer: UserId,
) -> Result<SearchPage, StoreError> {
    let Some(mut candidates) = Candidates::of(connection, query, has_old, cursor, viewer).await? else {
        return Ok(SearchPage::default());
    };
    let page = hits(connection, &mut candidates, query, limit, viewer).await?;
    Ok(SearchPage { incomplete: candidates.may_have_missed(page.cursor), ..page })
}

async fn hits(
    connection: &mut SqliteConnection,
    candidates: &mut Candidates<'_>,
    query: &Query,
    limit: u16,
    viewer: UserId,
) -> Result<SearchPage, StoreError> {
    let mut page = SearchPage::default();
    let mut fill = PageFill::new(PageLimit { count: limit.into(), bytes: PAGE_BYTES });
    let mut text_bytes = 0;
    let mut piece = LEAST_PIECE.max(usize::from(limit) * 3 / 2);
    for _ in 0..MOST_PIECES {
        let rows = candidates.next(connection, piece).await?;
        for row in &rows {
            if text_bytes > MOST_BYTES {
                return Ok(page);
            }
            text_bytes += row.try_get::<Option<&str>, _>(CONTENT)?.map_or(0, str::len);
            if let Some((epoch, posted)) = hit(connection, row, query, viewer).await? {
                if !fill.takes(wire_size::message(&posted)) {
                    return Ok(page);
                }
                page.hits.push((epoch, posted));
            }
            page.cursor = Some(row.try_get::<i64, _>(PLACE)? as u64);
        }
        page.cursor = candidates.cursor();
        if page.cursor.is_none() {
            break;
        }
        piece = LARGEST_PIECE.min(piece * 2);
    }
    Ok(page)
}

/// Returns the message of a candidate if it is visible and its present text matches the query.
async fn hit(
    connection: &mut SqliteConnection,
    row: &SqliteRow,
    query: &Query,
    viewer: UserId,
) -> Result<Option<(Epoch, Posted)>, StoreError> {
    let Some(id) = row.try_get::<Option<i64>, _>(ID)? else { return Ok(None) };
    if !query.matches(row.try_get(CONTENT)?) {
        return Ok(None);
    }
    let room = RoomAddress::known(row.try_get(ROOM)?).map_err(corrupt)?;
    let epoch = Epoch::from_random(row.try_get::<i64, _>(EPOCH)? as u64);
    let mut posted = row::posted(row, &room)?;
    if !query.filter().admits(&posted.sender, &room) {
        return Ok(None);
    }
    if posted.changed_seq.is_some() {
        posted.reactions = reactions(connection, id, viewer).await?;
    }
    Ok(Some((epoch, posted)))
}
