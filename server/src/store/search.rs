//! The port to the search index.

use async_trait::async_trait;
use shared::search::Query;
use shared::{Epoch, Posted, UserId};

use super::StoreError;

/// Full-text search over messages. The index is derived data: it holds nothing that the logs do not, and it follows
/// them asynchronously, behind the commits.
///
/// An index keeps its position in each room's log and reads on where the head is further. It relies on no order between
/// rooms: with several writers, commit numbers become visible out of order, but a room's own `seq` does not. (An
/// adapter whose log has a single writer may derive the positions from the commit order.)
#[async_trait]
pub trait SearchIndex: Send + Sync {
    /// Indexes the next batch of committed events. Returns how many events are left, which may be 0 when only
    /// maintenance is left, or `None` when there is nothing to do.
    async fn follow(&self) -> Result<Option<u64>, StoreError>;

    /// Returns at most `limit` messages of public rooms that are not deserted and of the private rooms that `viewer` is a
    /// member of, as many as fit into a frame. A private room that the viewer may not read is searched exactly as one
    /// that does not exist. Deleted or edited messages are never found by their old text; messages not indexed yet are not found.
    async fn search(
        &self,
        query: &Query,
        cursor: Option<u64>,
        limit: u16,
        viewer: UserId,
    ) -> Result<SearchPage, StoreError>;
}

/// A page of search hits, newest first, read from one snapshot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchPage {
    /// The messages in their present state, with the epochs of their rooms.
    pub hits: Vec<(Epoch, Posted)>,
    /// Where the next page starts; opaque to everything but the index. `None` on the last page.
    pub cursor: Option<u64>,
    /// Whether hits may be missing because the index is not complete yet.
    pub incomplete: bool,
}
