//! Configuration. Precedence: flag, environment, file, default.

use std::ffi::OsStr;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use serde::Deserialize;
use shared::account::{EntranceChange, SignUp};
use url::Url;

use crate::chat::Retention;
use crate::http::Network;
use crate::mail::{MailSettings, SmtpUrl};
use crate::maintenance::{InviteTask, UserTask};
use crate::tls::{AcmeDomain, AcmeSettings, CertificateFiles, CertificateSource};

/// Read from the working folder if it exists and `--config` names no other file.
const DEFAULT_FILE: &str = "hiroba.toml";
pub const DEFAULT_PORT: u16 = 8765;
/// Upper bound of durations in settings, in days: a hundred years.
const LONGEST_DAYS: u64 = 36_500;

/// Real-time chat in one binary. Without any setting it listens on port 8765 of this machine and keeps its data in
/// ./hiroba-data.
#[derive(Debug, Default, Parser)]
#[command(name = "hiroba", version)]
struct Flags {
    /// Address to listen on, for instance 0.0.0.0:8765 [default: port 8765 of this machine only]
    #[arg(long, env = "HIROBA_LISTEN", value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Folder that keeps everything [default: ./hiroba-data]
    #[arg(long, env = "HIROBA_DATA_DIR", value_name = "FOLDER", global = true)]
    data_dir: Option<PathBuf>,
    /// Address under which people reach this server, for instance <https://chat.example>
    #[arg(long, env = "HIROBA_PUBLIC_URL", value_name = "URL")]
    public_url: Option<Url>,
    /// Another page that may open a WebSocket; may be repeated
    #[arg(long, env = "HIROBA_ALLOW_ORIGIN", value_name = "URL", value_delimiter = ',')]
    allow_origin: Vec<Url>,
    /// A proxy before this server, or a network of them, that says whom it forwards; may be repeated
    #[arg(long, env = "HIROBA_TRUSTED_PROXY", value_name = "ADDRESS", value_delimiter = ',')]
    trusted_proxy: Vec<Network>,
    /// Certificate of this server, PEM, with those between it and its authority; replaced without a restart when the file changes
    #[arg(long, env = "HIROBA_TLS_CERT", value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// Private key of the certificate, PEM
    #[arg(long, env = "HIROBA_TLS_KEY", value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// A name of this server: the certificate for it is obtained and renewed by ACME; may be repeated
    #[arg(long, env = "HIROBA_ACME_DOMAIN", value_name = "NAME", value_delimiter = ',')]
    acme_domain: Vec<AcmeDomain>,
    /// The ACME directory of another authority [default: Let's Encrypt]
    #[arg(long, env = "HIROBA_ACME_DIRECTORY", value_name = "URL")]
    acme_directory: Option<Url>,
    /// Certificate, PEM, that the authority's own server is checked with [default: those that the system trusts]
    #[arg(long, env = "HIROBA_ACME_CA", value_name = "FILE")]
    acme_ca: Option<PathBuf>,
    /// Where to listen besides, to send to HTTPS those who come without it, for instance 0.0.0.0:80
    #[arg(long, env = "HIROBA_HTTP_LISTEN", value_name = "ADDRESS")]
    http_listen: Option<SocketAddr>,
    /// Where Prometheus finds /metrics, for instance 127.0.0.1:9765: everybody who reaches it may read them [default: nowhere]
    #[arg(long, env = "HIROBA_METRICS_LISTEN", value_name = "ADDRESS")]
    metrics_listen: Option<SocketAddr>,
    /// Who may create an account [default: invitation, or what the owner has decided]
    #[arg(long, env = "HIROBA_SIGN_UP", value_name = "open|invitation|closed")]
    sign_up: Option<SignUp>,
    /// Whether one may come in without an account [default: on while only this machine reaches the server, or what the
    /// owner has decided]
    #[arg(long, env = "HIROBA_GUESTS", value_name = "on|off")]
    guests: Option<Switch>,
    /// Mail server for links to people who forgot their password, for instance <smtps://USER:PASSWORD@mail.example>
    #[arg(long, env = "HIROBA_SMTP_URL", value_name = "URL", hide_env_values = true)]
    smtp_url: Option<SmtpUrl>,
    /// Whom that mail comes from, for instance "Hiroba <chat@chat.example>"
    #[arg(long, env = "HIROBA_SMTP_FROM", value_name = "MAILBOX")]
    smtp_from: Option<String>,
    /// Whether people are slowed down; off for a load test [default: on]
    #[arg(long, env = "HIROBA_RATE_LIMITS", value_name = "on|off")]
    rate_limits: Option<Switch>,
    /// How long the log of a room is kept after its last member went, for instance 12h or 30d [default: 7d]
    #[arg(long, env = "HIROBA_ROOM_RETENTION", value_name = "TIME", value_parser = duration)]
    room_retention: Option<Duration>,
    /// How long messages are kept [default: for ever]
    #[arg(long, env = "HIROBA_MESSAGE_RETENTION", value_name = "TIME", value_parser = duration)]
    message_retention: Option<Duration>,
    /// How logs are written [default: text]
    #[arg(long, env = "HIROBA_LOG_FORMAT", value_name = "text|json")]
    log_format: Option<LogFormat>,
    /// File with these settings, TOML, keys with underscores [default: ./hiroba.toml if there is one]
    #[arg(long, env = "HIROBA_CONFIG", value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    task: Option<Task>,
}

/// What the program is to do; without a word it serves.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Task {
    /// Serve the chat
    Serve,
    /// Write a copy of everything into a new file, also while the server runs
    Backup {
        /// The file to write
        file: PathBuf,
    },
    /// Fill an empty data folder from a backup
    Restore {
        /// The backup
        file: PathBuf,
    },
    /// Write every room as a file of JSON lines into a new folder, also while the server runs
    Export {
        /// The folder to write
        folder: PathBuf,
    },
    /// Look whether the stored logs are whole, also while the server runs
    Check,
    /// Create, change and list accounts, also while the server runs
    #[command(subcommand)]
    User(UserTask),
    /// Make a link with which somebody creates an account, also while the server runs
    Invite(InviteTask),
    /// Print an access token of an account for a program, valid for 15 minutes, also while the server runs
    Token {
        /// The name of the account
        name: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Switch {
    On,
    Off,
}

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
    #[serde(default)]
    trusted_proxy: Vec<Network>,
    tls_cert: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    #[serde(default)]
    acme_domain: Vec<AcmeDomain>,
    acme_directory: Option<Url>,
    acme_ca: Option<PathBuf>,
    http_listen: Option<SocketAddr>,
    metrics_listen: Option<SocketAddr>,
    sign_up: Option<SignUp>,
    guests: Option<Switch>,
    smtp_url: Option<SmtpUrl>,
    smtp_from: Option<String>,
    rate_limits: Option<Switch>,
    #[serde(default, deserialize_with = "duration_text")]
    room_retention: Option<Duration>,
    #[serde(default, deserialize_with = "duration_text")]
    message_retention: Option<Duration>,
    log_format: Option<LogFormat>,
}

/// Settings of the server.
#[derive(Debug, Clone)]
pub struct Config {
    pub listen: Listen,
    /// Folder for all data.
    pub data_dir: PathBuf,
    /// Address under which clients reach this server.
    pub public_url: Option<Url>,
    /// Further origins that may open a WebSocket.
    pub allow_origin: Vec<Url>,
    /// Proxies whose reports of client addresses are believed.
    pub trusted_proxy: Vec<Network>,
    /// The certificate with which the server speaks TLS itself; `None`: it does not.
    pub tls: Option<CertificateSource>,
    /// Where else those are awaited who come without TLS.
    pub http_listen: Option<SocketAddr>,
    /// Where the metrics are.
    pub metrics_listen: Option<SocketAddr>,
    /// Who may come in; what is not said here is up to the owner.
    pub entrance: EntranceChange,
    /// Where mail is handed in; `None`: none is sent.
    pub mail: Option<MailSettings>,
    /// Whether rate limits are enforced.
    pub rate_limits: bool,
    pub retention: Retention,
    pub log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listen {
    At(SocketAddr),
    /// This port on the loopback addresses; IPv6 if the machine has it.
    Loopback(u16),
}

impl Config {
    /// Returns the defaults, with all data in `data_dir`.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        merge(Flags::default(), File { data_dir: Some(data_dir.into()), ..File::default() })
    }

    /// Reads flags, environment and file, and returns the settings and the task. Prints and exits on `--help` or a
    /// wrong flag.
    ///
    /// # Errors
    /// The file cannot be read or contains something other than settings.
    pub fn read() -> anyhow::Result<(Self, Task)> {
        let mut flags = Flags::from_arg_matches(&command().get_matches())?;
        let task = flags.task.take().unwrap_or(Task::Serve);
        let mut file = read_file(flags.config.as_deref())?;
        let url = flags.smtp_url.take().or(file.smtp_url.take());
        let from = flags.smtp_from.take().or(file.smtp_from.take());
        let tls = certificate(&mut flags, &mut file)?;
        let mut config = merge(flags, file);
        // The authority comes to the usual ports of that name, and people do too.
        if let (None, Some(CertificateSource::Acme(AcmeSettings { domains, .. }))) =
            (&config.public_url, &tls)
        {
            config.public_url = domains.first().map(AcmeDomain::url).transpose()?;
        }
        config.tls = tls;
        if config.http_listen.is_some() && config.tls.is_none() {
            bail!("--http-listen needs --tls-cert or --acme-domain: it sends people to HTTPS");
        }
        config.mail = mail(url, from.as_deref(), config.public_url.is_some())?;
        Ok((config, task))
    }

    /// The scheme under which the server itself is reached.
    pub fn scheme(&self) -> &'static str {
        if self.tls.is_some() { "https" } else { "http" }
    }
}

fn certificate(flags: &mut Flags, file: &mut File) -> anyhow::Result<Option<CertificateSource>> {
    let chain = flags.tls_cert.take().or(file.tls_cert.take());
    let key = flags.tls_key.take().or(file.tls_key.take());
    let named = std::mem::take(&mut flags.acme_domain);
    let domains = if named.is_empty() { std::mem::take(&mut file.acme_domain) } else { named };
    let directory = flags.acme_directory.take().or(file.acme_directory.take());
    let authority = flags.acme_ca.take().or(file.acme_ca.take());
    match (chain, key) {
        (Some(_), Some(_)) if !domains.is_empty() => {
            bail!("--tls-cert and --acme-domain are two ways to a certificate: choose one")
        }
        (Some(chain), Some(key)) => Ok(Some(CertificateSource::Files(CertificateFiles { chain, key }))),
        (Some(_), None) => bail!("--tls-cert needs --tls-key: the private key of the certificate"),
        (None, Some(_)) => bail!("--tls-key needs --tls-cert: the certificate"),
        (None, None) if domains.is_empty() => Ok(None),
        (None, None) => Ok(Some(CertificateSource::Acme(AcmeSettings { domains, directory, authority }))),
    }
}

/// Builds the flags. An empty environment variable counts as unset, because forms of containers and unit files often
/// leave a variable empty.
fn command() -> clap::Command {
    let command = Flags::command();
    let is_empty = |name: &OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    let empty = command.get_arguments().filter(|argument| argument.get_env().is_some_and(is_empty));
    let empty: Vec<clap::Id> = empty.map(|argument| argument.get_id().clone()).collect();
    empty.into_iter().fold(command, |command, id| {
        command.mut_arg(id, |argument| argument.env(clap::builder::Resettable::Reset))
    })
}

fn merge(flags: Flags, file: File) -> Config {
    let listen = flags.listen.or(file.listen).map_or(Listen::Loopback(DEFAULT_PORT), Listen::At);
    Config {
        listen,
        data_dir: flags.data_dir.or(file.data_dir).unwrap_or_else(|| "hiroba-data".into()),
        public_url: flags.public_url.or(file.public_url),
        allow_origin: if flags.allow_origin.is_empty() { file.allow_origin } else { flags.allow_origin },
        trusted_proxy: if flags.trusted_proxy.is_empty() { file.trusted_proxy } else { flags.trusted_proxy },
        tls: None,
        http_listen: flags.http_listen.or(file.http_listen),
        metrics_listen: flags.metrics_listen.or(file.metrics_listen),
        entrance: EntranceChange {
            sign_up: flags.sign_up.or(file.sign_up),
            guests: flags.guests.or(file.guests).map(|guests| guests == Switch::On),
        },
        mail: None,
        rate_limits: flags.rate_limits.or(file.rate_limits).unwrap_or(Switch::On) == Switch::On,
        retention: Retention {
            rooms: flags.room_retention.or(file.room_retention).unwrap_or(Retention::default().rooms),
            messages: flags.message_retention.or(file.message_retention),
        },
        log_format: flags.log_format.or(file.log_format).unwrap_or_default(),
    }
}

/// Checks what was said about mail. A link in a mail must lead to where its reader reaches the server.
fn mail(
    url: Option<SmtpUrl>,
    from: Option<&str>,
    is_address_known: bool,
) -> anyhow::Result<Option<MailSettings>> {
    match (url, from) {
        (None, None) => Ok(None),
        (Some(_), None) => bail!("--smtp-url needs --smtp-from: whom mail comes from"),
        (None, Some(_)) => bail!("--smtp-from needs --smtp-url: the mail server"),
        (Some(_), Some(_)) if !is_address_known => {
            bail!("--smtp-url needs --public-url: the address that links in mail lead to")
        }
        (Some(url), Some(from)) => MailSettings::new(url, from).map(Some),
    }
}

/// Parses a whole number with a unit: `90s`, `30m`, `12h`, `7d`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text:?} is no time: give a whole number and s, m, h or d, for instance 12h");
    let unit = text.chars().next_back().ok_or_else(wrong)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        'd' => 24 * 60 * 60,
        _ => return Err(wrong()),
    };
    let number = &text[..text.len() - 1];
    if number.is_empty() || !number.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(wrong());
    }
    let longest = Duration::from_hours(24 * LONGEST_DAYS);
    let time =
        number.parse().ok().and_then(|number: u64| number.checked_mul(seconds)).map(Duration::from_secs);
    match time {
        Some(Duration::ZERO) => Err(wrong()),
        Some(time) if time <= longest => Ok(time),
        Some(_) | None => Err(format!("{text:?} is too long: a time is at most {LONGEST_DAYS}d")),
    }
}

fn duration_text<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| duration(&text).map_err(serde::de::Error::custom)).transpose()
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

    #[test]
    fn times_have_a_unit() {
        assert_eq!(duration("7d"), Ok(Duration::from_hours(168)));
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        for wrong in ["", "7", "d", "7w", "-1d", "+1d", "0s", "1.5h", "７日", "７d"] {
            assert!(duration(wrong).unwrap_err().contains("is no time"), "{wrong}");
        }
    }

    #[test]
    fn a_time_has_an_end_in_every_unit() {
        assert_eq!(duration("36500d"), Ok(Duration::from_hours(24 * LONGEST_DAYS)));
        for long in ["36501d", "876001h", "3153600001s", "999999999999d", "99999999999999999999999999999d"] {
            let refused = duration(long).unwrap_err();
            assert_eq!(refused, format!("{long:?} is too long: a time is at most 36500d"));
        }
    }
}
