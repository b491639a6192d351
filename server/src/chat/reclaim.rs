//! Returns free disk space to the file system, in small steps so that writers are not delayed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Chat;

/// Pause between two checks.
const LOOK: Duration = Duration::from_secs(3);
/// After each step, pause for this many times as long as the step took, to leave the disk to writers.
const OTHERS: u32 = 5;
const LONGEST_REST: Duration = Duration::from_millis(500);

/// Runs until the server stops.
pub(super) async fn run(chat: Arc<Chat>) {
    loop {
        tokio::time::sleep(LOOK).await;
        loop {
            let start = Instant::now();
            match chat.store.reclaim().await {
                Ok(true) => tokio::time::sleep((start.elapsed() * OTHERS).min(LONGEST_REST)).await,
                Ok(false) => break,
                Err(error) => {
                    tracing::warn!(error = format!("{error:?}"), "disk space could not be given back");
                    break;
                }
            }
        }
    }
}
