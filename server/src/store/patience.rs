//! Waiting, at the start, for a database that another program holds, or for a disk that is full. Later nobody waits: what
//! cannot be stored is refused.

use std::fmt::Display;
use std::time::{Duration, Instant};

use tokio::time::sleep;

/// How long a start waits in all.
const PATIENCE: Duration = Duration::from_mins(1);
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Repeats `work` for a minute while it fails with an error that `may_pass`.
///
/// # Errors
/// The last error.
pub async fn patiently<T, E: Display, F: Future<Output = Result<T, E>>>(
    mut work: impl FnMut() -> F,
    may_pass: impl Fn(&E) -> bool,
) -> Result<T, E> {
    let begun = Instant::now();
    loop {
        match work().await {
            Err(error) if may_pass(&error) && begun.elapsed() < PATIENCE => {
                tracing::warn!(
                    error = format!("{error:#}"),
                    "nothing can be stored at the moment; the start waits"
                );
                sleep(AGAIN_AFTER).await;
            }
            done => return done,
        }
    }
}
