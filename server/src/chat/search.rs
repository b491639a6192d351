//! Full-text search over everything that a person may read: all public rooms that are not deserted, and their private
//! ones.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::anyhow;
use futures_util::FutureExt;
use shared::limits::SEARCH_PAGE;
use shared::search::Query;
use shared::{Hit, RequestId, RoomAddress, RoomEvent, SearchResults, ServerFrame, UserId};

use super::{Chat, Session};
use crate::error::Error;
use crate::secret;
use crate::store::StoreError;

/// Hits per page if the request does not say.
const HITS: u16 = 20;
/// Collects the commits of this interval, to index them together.
const GATHER: Duration = Duration::from_millis(100);
/// While messages are written, the indexer rests for this many times as long as a step took, to leave the machine to
/// writers.
const OTHERS: u32 = 5;
/// Upper bound of a rest: on a busy machine a step may take long.
const LONGEST_REST: Duration = Duration::from_millis(500);
/// From this many events behind, the rest shrinks; at twice as many it is as long as the step. A burst that ends
/// earlier is not slowed down. A longer one is, and the index falls behind more slowly.
const FAR_BEHIND: u64 = 100_000;
/// Delay before a retry after an error.
const TRY_AGAIN: Duration = Duration::from_secs(5);

impl Session {
    /// Answers with a page of search results.
    pub async fn search(
        &self,
        query: &str,
        limit: Option<u16>,
        cursor: Option<u64>,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let results = self.chat.search(self.user, query, limit, cursor).await?;
        for hit in &results.hits {
            self.introduce_authors_in(std::slice::from_ref(&hit.message));
        }
        let results = SearchResults { id, ..results };
        if results.hits.iter().any(|hit| hit.message.room().is_some_and(RoomAddress::is_private)) {
            return Ok(self.chat.hub.answer_hits(self.connection, results).await?);
        }
        self.handle.answer(&ServerFrame::SearchResults(results));
        Ok(())
    }
}

impl Chat {
    /// Checks the rate limit of reads for a session, before anything is read.
    pub fn may_read(&self, session: &str) -> Result<(), Error> {
        self.rates.read(secret::hash(session))
    }

    /// Returns a page of search results to somebody without a connection.
    pub async fn search_for(
        &self,
        user: UserId,
        query: &str,
        limit: Option<u16>,
        cursor: Option<u64>,
    ) -> Result<SearchResults, Error> {
        let results = self.search(user, query, limit, cursor).await?;
        Ok(*self.hub.readable(user, results).await?)
    }

    /// Returns a page of search results.
    async fn search(
        &self,
        user: UserId,
        query: &str,
        limit: Option<u16>,
        cursor: Option<u64>,
    ) -> Result<SearchResults, Error> {
        let query = Query::parse(query)?;
        let limit = limit.unwrap_or(HITS).clamp(1, SEARCH_PAGE as u16);
        let page = self.search.search(&query, cursor, limit, user).await?;
        let hits = page.hits.into_iter();
        let hits = hits.map(|(epoch, posted)| Hit { epoch, message: RoomEvent::Posted(posted) });
        Ok(SearchResults { hits: hits.collect(), cursor: page.cursor, incomplete: page.incomplete, id: None })
    }
}

/// Keeps the search index less than a second behind the log, until the server stops. While messages arrive faster than
/// they are indexed, it falls behind: at first most of the time is left to writers, later half of it. When nothing is
/// written it does not rest: most of its work runs on a low-priority thread.
pub(super) async fn index(chat: Arc<Chat>) {
    let mut commits = chat.writer.commits();
    loop {
        let start = Instant::now();
        let indexed = AssertUnwindSafe(chat.search.follow()).catch_unwind().await;
        match indexed.unwrap_or_else(|_| Err(StoreError::Unavailable(anyhow!("the index met a fault")))) {
            Ok(Some(left)) => {
                chat.metrics.index_is_behind(left);
                if commits.has_changed().is_ok_and(|changed| changed) {
                    commits.mark_unchanged();
                    tokio::time::sleep(rest(start.elapsed(), left)).await;
                }
            }
            Ok(None) => {
                chat.metrics.index_is_behind(0);
                if commits.changed().await.is_err() {
                    return;
                }
                tokio::time::sleep(GATHER).await;
            }
            Err(error) => {
                Error::Store(error).into_failure();
                tokio::time::sleep(TRY_AGAIN).await;
            }
        }
    }
}

/// How long to rest after a step of length `piece`, with `left` events to go.
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
