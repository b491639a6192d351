//! Waits for Hiroba's search index, which lags behind the messages.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::time::{Instant, sleep};

use crate::client::{Connection, Route};
use crate::dialect::{self, Dialect};
use crate::endpoint::Endpoint;
use crate::stage::Company;

/// Polling interval of the search.
const EVERY: Duration = Duration::from_millis(100);
/// How long the index may lag, and how much longer for each event of the room.
const LIMIT: Duration = Duration::from_mins(1);
const LIMIT_EACH: Duration = Duration::from_micros(100);

/// Waits until the search finds the last message of a room. Returns the seconds since its delivery; none for a server
/// without search.
///
/// # Errors
/// Nothing was posted, or the message is not found for minutes.
pub(super) async fn catch_up(endpoint: &Endpoint, company: &Company, room: &str) -> Result<Option<f64>> {
    let stage = &company.stage;
    if stage.dialect != Dialect::Hiroba {
        return Ok(None);
    }
    let newest = company.members.iter().find_map(|member| {
        let member = member.borrow();
        Some((member.newest?, member.ledger.seq()))
    });
    let (newest, seq) = newest.context("there is nothing to search for")?;
    let limit = LIMIT + LIMIT_EACH.saturating_mul(u32::try_from(seq).unwrap_or(u32::MAX));
    let mut connection = Connection::open(endpoint, stage.dialect.wire(), Route::default()).await?;
    // Joins the room, so that it exists while the search is polled.
    stage.dialect.enter(&mut connection, "load-search", room).await?;
    let started = Instant::now();
    loop {
        sleep(EVERY).await;
        if dialect::search(&mut connection, room, newest, seq).await? {
            break;
        }
        ensure!(started.elapsed() < limit, "the search did not find the last message in {limit:.0?}");
    }
    let (last, now) = (Duration::from_nanos(stage.last.get()), Duration::from_nanos(stage.now()));
    connection.close().await;
    Ok(Some(now.saturating_sub(last).as_secs_f64()))
}
