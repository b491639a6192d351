//! Structured logs. Never message text, names, tokens or addresses.

use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// Begins to log to standard error. `RUST_LOG` chooses what; without it, what an operator wants to know.
pub fn start(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("hiroba=info,warn"));
    // Where a line cannot be written (a full disk), complaining of it would panic in whoever had something to say.
    let logs = tracing_subscriber::fmt().log_internal_errors(false);
    let logs = logs.with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => logs.compact().init(),
        LogFormat::Json => logs.json().init(),
    }
}
