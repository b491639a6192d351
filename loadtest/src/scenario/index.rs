//! Waiting for Hiroba's search index, which follows behind the messages.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::time::{Instant, sleep};

use crate::client::{Connection, Route};
use crate::dialect::{self, Dialect};
use crate::endpoint::Endpoint;
use crate::stage::Company;

/// How often the search is asked for the last message.
const EVERY: Duration = Duration::from_millis(50);
/// How long it may lag behind.
const LIMIT: Duration = Duration::from_mins(1);

/// Waits until the search finds the last message of a room; seconds since its delivery. None from a server without
/// search.
///
/// # Errors
/// Nothing was posted, or it is not found within a minute.
pub(super) async fn catch_up(endpoint: &Endpoint, company: &Company, room: &str) -> Result<Option<f64>> {
    let stage = &company.stage;
    if stage.dialect != Dialect::Hiroba {
        return Ok(None);
    }
    let newest = company.members.iter().find_map(|member| member.borrow().newest);
    let newest = newest.context("there is nothing to search for")?;
    let mut connection = Connection::open(endpoint, stage.dialect.wire(), Route::default()).await?;
    // In the room, so that it is there while the search is asked.
    stage.dialect.enter(&mut connection, "load-search", room).await?;
    let started = Instant::now();
    while !dialect::search(&mut connection, room, newest).await? {
        ensure!(started.elapsed() < LIMIT, "the search did not find the last message in a minute");
        sleep(EVERY).await;
    }
    let (last, now) = (Duration::from_nanos(stage.last.get()), Duration::from_nanos(stage.now()));
    connection.close().await;
    Ok(Some(now.saturating_sub(last).as_secs_f64()))
}
