//! The configuration: flag before environment before file before default.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Parser, ValueEnum};
use serde::Deserialize;
use url::Url;

/// The file that is read from the working folder when there is one and `--config` names no other.
const DEFAULT_FILE: &str = "hiroba.toml";
const DEFAULT_PORT: u16 = 8765;

/// Real-time chat in one binary. Without any setting it listens on port 8765 of this machine and keeps its data in
/// ./hiroba-data.
#[derive(Debug, Parser)]
#[command(name = "hiroba", version)]
struct Flags {
    /// Address to listen on, for instance 0.0.0.0:8765 [default: port 8765 of this machine only]
    #[arg(long, env = "HIROBA_LISTEN", value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Folder that keeps everything [default: ./hiroba-data]
    #[arg(long, env = "HIROBA_DATA_DIR", value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
    /// Address under which people reach this server, for instance <https://chat.example>
    #[arg(long, env = "HIROBA_PUBLIC_URL", value_name = "URL")]
    public_url: Option<Url>,
    /// Another page that may open a WebSocket; may be repeated
    #[arg(long, env = "HIROBA_ALLOW_ORIGIN", value_name = "URL", value_delimiter = ',')]
    allow_origin: Vec<Url>,
    /// Whether people are slowed down; off for a load test [default: on]
    #[arg(long, env = "HIROBA_RATE_LIMITS", value_name = "on|off")]
    rate_limits: Option<Switch>,
    /// How logs are written [default: text]
    #[arg(long, env = "HIROBA_LOG_FORMAT", value_name = "text|json")]
    log_format: Option<LogFormat>,
    /// File with these settings, TOML, keys with underscores [default: ./hiroba.toml if there is one]
    #[arg(long, env = "HIROBA_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Switch {
    On,
    Off,
}

/// How logs are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    listen: Option<SocketAddr>,
    data_dir: Option<PathBuf>,
    public_url: Option<Url>,
    #[serde(default)]
    allow_origin: Vec<Url>,
    rate_limits: Option<Switch>,
    log_format: Option<LogFormat>,
}

/// What the server runs with.
#[derive(Debug, Clone)]
pub struct Config {
    /// Addresses to listen on.
    pub listen: Listen,
    /// Folder that keeps everything.
    pub data_dir: PathBuf,
    /// Address under which people reach this server.
    pub public_url: Option<Url>,
    /// Other pages that may open a WebSocket.
    pub allow_origin: Vec<Url>,
    /// Whether people are slowed down.
    pub rate_limits: bool,
    /// How logs are written.
    pub log_format: LogFormat,
}

/// Addresses to listen on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listen {
    /// This one.
    At(SocketAddr),
    /// This port of the loopback addresses, IPv6 where there is one.
    Loopback(u16),
}

impl Config {
    /// Reads flags, environment and file. Asked for help or given a wrong flag, it prints and exits.
    ///
    /// # Errors
    /// The file cannot be read or holds something else than settings.
    pub fn read() -> anyhow::Result<Self> {
        let flags = Flags::parse();
        let file = read_file(flags.config.as_deref())?;
        Ok(merge(flags, file))
    }
}

fn merge(flags: Flags, file: File) -> Config {
    let listen = flags.listen.or(file.listen).map_or(Listen::Loopback(DEFAULT_PORT), Listen::At);
    Config {
        listen,
        data_dir: flags.data_dir.or(file.data_dir).unwrap_or_else(|| "hiroba-data".into()),
        public_url: flags.public_url.or(file.public_url),
        allow_origin: if flags.allow_origin.is_empty() { file.allow_origin } else { flags.allow_origin },
        rate_limits: flags.rate_limits.or(file.rate_limits).unwrap_or(Switch::On) == Switch::On,
        log_format: flags.log_format.or(file.log_format).unwrap_or_default(),
    }
}

fn read_file(named: Option<&Path>) -> anyhow::Result<File> {
    let path = named.unwrap_or(Path::new(DEFAULT_FILE));
    if named.is_none() && !path.exists() {
        return Ok(File::default());
    }
    let source = config::File::from(path).format(config::FileFormat::Toml);
    config::Config::builder()
        .add_source(source)
        .build()
        .and_then(config::Config::try_deserialize)
        .with_context(|| format!("cannot read the settings in {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_goes_before_the_file() {
        let flags = Flags::parse_from(["hiroba", "--rate-limits", "off"]);
        let file =
            File { rate_limits: Some(Switch::On), data_dir: Some("elsewhere".into()), ..File::default() };
        let config = merge(flags, file);
        assert!(!config.rate_limits);
        assert_eq!(config.data_dir, Path::new("elsewhere"));
        assert_eq!(config.listen, Listen::Loopback(8765));
    }
}
