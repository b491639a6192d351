//! Invitations, from a shell.

use std::time::Duration;

use clap::Args;

use super::accounts::carry_out;
use crate::accounts::Order;
use crate::config::{Config, duration};

/// What an invitation is for.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct InviteTask {
    /// How long it can be used, for instance 12h; at most 30d
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "7d")]
    expires: Duration,
    /// How many may use it
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    uses: u32,
    /// Whoever uses it becomes the owner; replaces the link that was shown at the start
    #[arg(long, conflicts_with_all = ["expires", "uses"])]
    owner: bool,
}

/// Makes an invitation and prints it.
///
/// # Errors
/// There is no data, or the invitation is not possible.
pub async fn invite(config: &Config, task: InviteTask) -> anyhow::Result<()> {
    let order = if task.owner {
        Order::InviteOwner
    } else {
        let expires_in = u32::try_from(task.expires.as_secs()).unwrap_or(u32::MAX);
        Order::Invite { expires_in, uses: Some(task.uses) }
    };
    carry_out(config, order).await
}
