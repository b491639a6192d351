//! Structured logs. They never contain message text, names, tokens or addresses.

use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// Starts logging to standard error. `RUST_LOG` is the filter; the default shows what an operator needs.
pub fn start(format: LogFormat) {
    let chosen = std::env::var(EnvFilter::DEFAULT_ENV).ok().filter(|chosen| !chosen.is_empty());
    let filter = chosen.and_then(|chosen| EnvFilter::try_new(chosen).ok());
    let filter = filter.unwrap_or_else(|| EnvFilter::new("hiroba=info,warn"));
    // When a line cannot be written (full disk), reporting that would panic in the task that logged it.
    let logs = tracing_subscriber::fmt().log_internal_errors(false);
    let logs = logs.with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => logs.compact().init(),
        LogFormat::Json => logs.json().init(),
    }
}
