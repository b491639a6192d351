//! Searching what a person may read: all public rooms that are not deserted.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::anyhow;
use futures_util::FutureExt;
use shared::limits::SEARCH_PAGE;
use shared::search::Query;
use shared::{Hit, RequestId, RoomEvent, SearchResults, ServerFrame, UserId};

use super::{Chat, Session, secret};
use crate::error::Error;
use crate::store::StoreError;

/// Hits of a page unless another number is asked for.
const HITS: u16 = 20;
/// Commits follow each other closely: so long they are gathered, to be indexed together.
const GATHER: Duration = Duration::from_millis(100);
/// While anything is written, so many times as long as a piece took is left to those who write.
const OTHERS: u32 = 5;
/// On a busy machine a piece may take long.
const LONGEST_REST: Duration = Duration::from_millis(500);
/// So many events behind, the rest begins to shrink; at twice as many it is as long as the piece. A flood that ends
/// before is not slowed down; one that goes on is, and the index falls behind more slowly.
const FAR_BEHIND: u64 = 100_000;
/// After a fault.
const TRY_AGAIN: Duration = Duration::from_secs(5);

impl Session {
    /// Answers with a page of what a query finds.
    pub async fn search(
        &self,
        query: &str,
        limit: Option<u16>,
        cursor: Option<u64>,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let results = self.chat.search(self.user, query, limit, cursor).await?;
        self.link.answer(&ServerFrame::SearchResults(SearchResults { id, ..results }));
        Ok(())
    }
}

impl Chat {
    /// Whether somebody with that session may ask for something to be read now; asked before anything is.
    pub fn may_read(&self, session: &str) -> Result<(), Error> {
        self.rates.read(secret::hash(session))
    }

    /// A page of what a query finds.
    pub async fn search(
        &self,
        user: UserId,
        query: &str,
        limit: Option<u16>,
        cursor: Option<u64>,
    ) -> Result<SearchResults, Error> {
        let query = Query::parse(query)?;
        let limit = limit.unwrap_or(HITS).clamp(1, SEARCH_PAGE as u16);
        let page = self.store.search(&query, cursor, limit, user).await?;
        let hits = page.hits.into_iter();
        let hits = hits.map(|(epoch, posted)| Hit { epoch, message: RoomEvent::Posted(posted) });
        Ok(SearchResults { hits: hits.collect(), cursor: page.cursor, incomplete: page.incomplete, id: None })
    }
}

/// Keeps the search index less than a second behind the log, until the server stops. While messages come faster than
/// they are indexed it falls behind: at first most of the time is left to those who write them, later half of it. When
/// nothing is written it does not rest: most of its work is done by a thread that gives way.
pub(super) async fn index(chat: Arc<Chat>) {
    loop {
        let start = Instant::now();
        let indexed = AssertUnwindSafe(chat.store.index()).catch_unwind().await;
        match indexed.unwrap_or_else(|_| Err(StoreError::Unavailable(anyhow!("the index met a fault")))) {
            Ok(Some(left)) => {
                if chat.writer.has_committed().await {
                    tokio::time::sleep(rest(start.elapsed(), left)).await;
                }
            }
            Ok(None) => {
                chat.writer.committed().await;
                tokio::time::sleep(GATHER).await;
            }
            Err(error) => {
                Error::Store(error).into_failure();
                tokio::time::sleep(TRY_AGAIN).await;
            }
        }
    }
}

/// How long others have the machine after a piece that took so long, with so many events left.
fn rest(piece: Duration, left: u64) -> Duration {
    let too_far = left.saturating_sub(FAR_BEHIND).min(FAR_BEHIND) as f64 / FAR_BEHIND as f64;
    let times = f64::from(OTHERS) - too_far * f64::from(OTHERS - 1);
    piece.mul_f64(times).min(LONGEST_REST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_rests_less_the_further_it_is_behind() {
        let piece = Duration::from_millis(20);
        assert_eq!(rest(piece, 0), piece * OTHERS);
        assert_eq!(rest(piece, FAR_BEHIND), piece * OTHERS);
        assert_eq!(rest(piece, FAR_BEHIND * 3 / 2), piece * (OTHERS + 1) / 2);
        assert_eq!(rest(piece, FAR_BEHIND * 2), piece);
        assert_eq!(rest(piece, u64::MAX), piece);
        assert_eq!(rest(Duration::from_secs(10), 0), LONGEST_REST);
    }
}
