//! Structured logs. Never message text, names, tokens or addresses.

use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// Begins to log to standard error. `RUST_LOG` chooses what; without it, what an operator wants to know.
pub fn start(format: LogFormat) {
    let chosen = std::env::var(EnvFilter::DEFAULT_ENV).ok().filter(|chosen| !chosen.is_empty());
    let filter = chosen.and_then(|chosen| EnvFilter::try_new(chosen).ok());
    let filter = filter.unwrap_or_else(|| EnvFilter::new("hiroba=info,warn"));
    // Where a line cannot be written (a full disk), complaining of it would panic in whoever had something to say.
    let logs = tracing_subscriber::fmt().log_internal_errors(false);
    let logs = logs.with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => logs.compact().init(),
        LogFormat::Json => logs.json().init(),
    }
}
