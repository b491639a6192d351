//! Lets the store give back room on the disk, behind those who write.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Chat;

/// Between two looks.
const LOOK: Duration = Duration::from_secs(3);
/// So many times as long as a piece took is left to those who write.
const OTHERS: u32 = 5;
const LONGEST_REST: Duration = Duration::from_millis(500);

/// Looks again and again, until the server stops.
pub(super) async fn keep(chat: Arc<Chat>) {
    loop {
        tokio::time::sleep(LOOK).await;
        loop {
            let start = Instant::now();
            match chat.store.tidy().await {
                Ok(true) => tokio::time::sleep((start.elapsed() * OTHERS).min(LONGEST_REST)).await,
                Ok(false) => break,
                Err(error) => {
                    tracing::warn!(error = format!("{error:?}"), "room on the disk could not be given back");
                    break;
                }
            }
        }
    }
}
