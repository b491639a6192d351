//! Structured logs. Never message text, names, tokens or addresses.

use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// Begins to log to standard error. `RUST_LOG` chooses what; without it, what an operator wants to know.
pub fn start(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("hiroba=info,warn"));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => logs.compact().init(),
        LogFormat::Json => logs.json().init(),
    }
}
