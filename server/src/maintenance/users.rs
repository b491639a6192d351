//! Accounts, from a shell: through the server that runs, otherwise on the stored data.

use std::io::{IsTerminal, stdin};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use chrono::DateTime;
use clap::Subcommand;

use crate::accounts::{Accounts, Done, Now, Order, SignUp};
use crate::control;
use crate::hub::wall_clock;
use crate::store::Store;
use crate::store::sqlite::SqliteStore;

/// What to do with accounts.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum UserTask {
    /// Create an account, whoever may sign up; the password is asked for, or read from standard input
    Add {
        /// The name of the account
        name: String,
    },
    /// Give an account a new password and end its sessions
    Passwd {
        /// The name of the account
        name: String,
    },
    /// Let nobody sign in to an account, and end its sessions
    Disable {
        /// The name of the account
        name: String,
    },
    /// Let its owner sign in again
    Enable {
        /// The name of the account
        name: String,
    },
    /// List all accounts
    List,
}

/// Carries out a task. The server may be running.
///
/// # Errors
/// There is no data, the task is not possible, or the password cannot be read.
pub async fn user(data: &Path, task: UserTask) -> anyhow::Result<()> {
    let order = match task {
        UserTask::Add { name } => Order::Add { name, password: password()? },
        UserTask::Passwd { name } => Order::SetPassword { name, password: password()? },
        UserTask::Disable { name } => Order::Disable { name },
        UserTask::Enable { name } => Order::Enable { name },
        UserTask::List => Order::List,
    };
    let done = match control::ask(data, &order).await? {
        Some(done) => done,
        None => on_the_store(data, order).await?,
    };
    match done {
        Done::Changed { name, ended: 0 } => println!("{name}: done"),
        Done::Changed { name, ended: 1 } => println!("{name}: done; one session ended"),
        Done::Changed { name, ended } => println!("{name}: done; {ended} sessions ended"),
        Done::Accounts(accounts) => {
            for account in accounts {
                let created =
                    DateTime::from_timestamp_millis(account.created_at.millis()).unwrap_or_default();
                let state = if account.disabled { "disabled" } else { "" };
                println!("{}\t{}\t{state}", created.format("%Y-%m-%d %H:%M"), account.name);
            }
        }
    }
    Ok(())
}

async fn on_the_store(data: &Path, order: Order) -> anyhow::Result<Done> {
    if !matches!(order, Order::Add { .. }) && !SqliteStore::is_in(data) {
        bail!("there is no data in {}; name the folder with --data-dir", data.display());
    }
    let store = Arc::new(SqliteStore::open(data).await?);
    let now = Now { server: store.noted_time().await?.time, wall: wall_clock() };
    let accounts = Accounts::open(store.clone(), SignUp::Closed, now.wall).await?;
    let carried_out = accounts.carry_out(order, now).await;
    store.close().await;
    match carried_out {
        Ok((done, _)) => Ok(done),
        Err(error) => bail!("{}", error.into_failure().message),
    }
}

/// Asks for a new password twice, or reads one line of standard input.
fn password() -> anyhow::Result<String> {
    if !stdin().is_terminal() {
        let mut line = String::new();
        stdin().read_line(&mut line).context("cannot read the password")?;
        return Ok(line.trim_end_matches(['\n', '\r']).to_owned());
    }
    let first = rpassword::prompt_password("New password: ").context("cannot read the password")?;
    if rpassword::prompt_password("Once more: ").context("cannot read the password")? != first {
        bail!("the two passwords differ");
    }
    Ok(first)
}
