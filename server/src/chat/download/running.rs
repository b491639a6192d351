//! Which downloads are under way: one for each account, and all of them take turns at the store.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use shared::{ErrorCode, Failure, UserId};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::error::Error;

/// When somebody may try again whose download is under way, in milliseconds.
const TRY_AGAIN: u64 = 10_000;

/// The downloads under way.
pub struct Downloads {
    of: Arc<Mutex<HashSet<UserId>>>,
    /// However many there are, one page is read at a time, so that those who chat find free readers of the store.
    turns: Semaphore,
}

impl Default for Downloads {
    fn default() -> Self {
        Self { of: Arc::default(), turns: Semaphore::new(1) }
    }
}

/// The download of an account; it is over when this is dropped.
pub(super) struct Running {
    user: UserId,
    of: Arc<Mutex<HashSet<UserId>>>,
}

impl Downloads {
    /// Begins the download of an account.
    ///
    /// # Errors
    /// Another one is under way.
    pub(super) fn begin(&self, user: UserId) -> Result<Running, Error> {
        if !self.of.lock().unwrap_or_else(PoisonError::into_inner).insert(user) {
            let failure = Failure::new(ErrorCode::RateLimited, "a download of this account is under way");
            return Err(Failure { retry_after_ms: Some(TRY_AGAIN), ..failure }.into());
        }
        Ok(Running { user, of: self.of.clone() })
    }

    /// Waits for the turn to read a page, which lasts until the permit is dropped.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // It is never closed.
        self.turns.acquire().await.ok()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.of.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.user);
    }
}
