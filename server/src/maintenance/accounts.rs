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

/// How times are printed.
const MINUTE: &str = "%Y-%m-%d %H:%M";

/// Carries out an order and prints what was done. The server may be running.
///
/// # Errors
/// There is no data, or the order is not possible.
pub(super) async fn carry_out(config: &Config, order: Order) -> anyhow::Result<()> {
    let done = match control::ask(&config.data_dir, &order).await? {
        Some(done) => done,
        None => on_the_store(config, order).await?,
    };
    print(done);
    Ok(())
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

fn print(done: Done) {
    let time = |at: Timestamp| DateTime::from_timestamp_millis(at.millis()).unwrap_or_default();
    match done {
        Done::Changed { name, ended: 0 } => println!("{name}: done"),
        Done::Changed { name, ended: 1 } => println!("{name}: done; one session ended"),
        Done::Changed { name, ended } => println!("{name}: done; {ended} sessions ended"),
        Done::Accounts(accounts) => {
            for account in accounts {
                let state = if account.disabled { "disabled" } else { "" };
                let (created, role) = (time(account.created_at).format(MINUTE), account.role.as_str());
                println!("{created}\t{}\t{role}\t{state}", account.name);
            }
        }
        Done::Token(token) => println!("{token}"),
        Done::Link { url, expires_at } => {
            println!("{url}");
            let until = time(expires_at).with_timezone(&Local);
            eprintln!("It can be used until {}.", until.format(MINUTE));
        }
    }
}
