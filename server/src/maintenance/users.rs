//! Accounts, from a shell.

use std::io::{IsTerminal, stdin};

use anyhow::{Context, bail};
use clap::Subcommand;
use shared::account::Role;

use super::accounts::carry_out;
use crate::accounts::Order;
use crate::config::Config;

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
    /// Give an account a role
    Role {
        /// The name of the account
        name: String,
        /// member, admin (invites people, helps with lost passwords) or owner (decides who may come in)
        role: Role,
    },
    /// Make a link with which the owner of an account gives themselves a new password
    Reset {
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
pub async fn user(config: &Config, task: UserTask) -> anyhow::Result<()> {
    let order = match task {
        UserTask::Add { name } => Order::Add { name, password: password()? },
        UserTask::Passwd { name } => Order::SetPassword { name, password: password()? },
        UserTask::Disable { name } => Order::Disable { name },
        UserTask::Enable { name } => Order::Enable { name },
        UserTask::Role { name, role } => Order::SetRole { name, role },
        UserTask::Reset { name } => Order::Reset { name },
        UserTask::List => Order::List,
    };
    carry_out(config, order).await
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
