//! A page of hits: what the index proposes is looked at until the page is full.

use shared::limits::PAGE_BYTES;
use shared::search::Query;
use shared::{Epoch, Hit, RoomAddress, RoomEvent, UserId};
use sqlx::sqlite::{SqliteConnection, SqlitePool, SqliteRow};
use sqlx::Row;

use super::super::row::{corrupt, posted};
use super::super::log::with_reactions;
use super::candidates::{Candidates, EPOCH, PLACE, ROOM};
use crate::store::{SearchPage, StoreError, wire_size};

/// Messages looked at together.
const PIECE: usize = 64;
/// Messages looked at for one page, and their text in bytes. Then the page ends, full or not.
const MOST: usize = 2_000;
const MOST_BYTES: usize = 1024 * 1024;

pub(super) async fn page(
    pool: &SqlitePool,
    query: &Query,
    cursor: Option<u64>,
    limit: u16,
    viewer: UserId,
) -> Result<SearchPage, StoreError> {
    let mut transaction = pool.begin().await?;
    let mut page = SearchPage::default();
    let Some(mut candidates) = Candidates::of(&mut transaction, query, cursor).await? else { return Ok(page) };
    let (mut looked_at, mut text_bytes, mut page_bytes) = (0, 0, 0);
    loop {
        let rows = candidates.next(&mut transaction, PIECE).await?;
        for row in &rows {
            let place = row.try_get::<i64, _>(PLACE)? as u64;
            looked_at += 1;
            text_bytes += row.try_get::<Option<&str>, _>(5)?.map_or(0, str::len);
            if let Some(hit) = hit(&mut transaction, row, query, viewer).await? {
                page_bytes += wire_size(&hit.message);
                page.hits.push(hit)
            }
        }
    }
}
