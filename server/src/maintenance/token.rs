//! Access tokens for programs, from a shell.

use super::accounts::carry_out;
use crate::accounts::Order;
use crate::config::Config;

/// Prints an access token of an account.
///
/// # Errors
/// There is no such account, or it is disabled.
pub async fn token(config: &Config, name: String) -> anyhow::Result<()> {
    carry_out(config, Order::Token { name }).await
}
