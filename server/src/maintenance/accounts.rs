//! Orders about accounts: through the server that runs, otherwise on the stored data.

use std::sync::Arc;

use anyhow::bail;
use chrono::{DateTime, Local};
use shared::Timestamp;

use crate::accounts::{Accounts, Done, Now, Order, Rules};
use crate::config::Config;
use crate::control;
use crate::hub::wall_clock;
use crate::site;
use crate::store::Store;
use crate::store::sqlite::SqliteStore;

/// Carries out an order. The server may be running.
///
/// # Errors
/// There is no data, or the order is not possible.
pub(super) async fn carry_out(config: &Config, order: Order) -> anyhow::Result<Done> {
    match control::ask(&config.data_dir, &order).await? {
        Some(done) => Ok(done),
        None => on_the_store(config, order).await,
    }
}

async fn on_the_store(config: &Config, order: Order) -> anyhow::Result<Done> {
    let data = &config.data_dir;
    if !matches!(order, Order::Add { .. }) && !SqliteStore::is_in(data) {
        bail!("there is no data in {}; name the folder with --data-dir", data.display());
    }
    let store = Arc::new(SqliteStore::open(data).await?);
    let now = Now { server: store.noted_time().await?.time, wall: wall_clock() };
    let rules = Rules { site: site::of_config(config), ..Rules::default() };
    let accounts = Accounts::open(store.clone(), rules, now).await?;
    let carried_out = accounts.carry_out(order, now).await;
    store.close().await;
    match carried_out {
        Ok((done, _)) => Ok(done),
        Err(error) => bail!("{}", error.into_failure().message),
    }
}

/// Prints a link that was made.
pub(super) fn print_link(url: &str, expires_at: Timestamp) {
    let until = DateTime::from_timestamp_millis(expires_at.millis()).unwrap_or_default();
    println!("{url}");
    eprintln!("It can be used until {}.", until.with_timezone(&Local).format("%Y-%m-%d %H:%M"));
}
