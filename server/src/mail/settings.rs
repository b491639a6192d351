//! The mail server that the operator named.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use anyhow::{Context, ensure};
use lettre::message::Mailbox;
use lettre::{AsyncSmtpTransport, Tokio1Executor};
use serde::Deserialize;
use url::{Host, Url};

/// The address of a mail server, with its password. Neither is ever shown.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct SmtpUrl(String);

impl FromStr for SmtpUrl {
    type Err = Infallible;

    /// Checked later, so that no message about a wrong flag repeats the password.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SmtpUrl(…)")
    }
}

/// Where mail is handed in, and whom it comes from.
#[derive(Debug, Clone)]
pub struct MailSettings {
    url: SmtpUrl,
    pub(super) from: Mailbox,
}

impl MailSettings {
    /// Checks the settings.
    ///
    /// # Errors
    /// The address is no `smtps:` or `smtp:` one, would send its password in the clear to another machine, or `from` is no
    /// mailbox.
    pub fn new(url: SmtpUrl, from: &str) -> anyhow::Result<Self> {
        check(&url.0)?;
        let from: Mailbox =
            from.parse().context("--smtp-from is no mailbox: give one as \"Hiroba <chat@chat.example>\"")?;
        let settings = Self { url, from };
        settings.transport()?;
        Ok(settings)
    }

    /// Connects when something is sent.
    pub(super) fn transport(&self) -> anyhow::Result<lettre::transport::smtp::AsyncSmtpTransportBuilder> {
        // The library's words may hold parts of the address.
        AsyncSmtpTransport::<Tokio1Executor>::from_url(&self.url.0)
            .map_err(|_| anyhow::anyhow!("--smtp-url cannot be used"))
    }
}

fn check(url: &str) -> anyhow::Result<()> {
    let url = Url::parse(url).context("--smtp-url is no address: give one as smtps://user:password@host")?;
    let is_encrypted = match url.scheme() {
        "smtps" => true,
        "smtp" => url.query_pairs().any(|(name, value)| name == "tls" && value == "required"),
        _ => anyhow::bail!("--smtp-url must begin with smtps:// or smtp://"),
    };
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || is_loopback(name),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => anyhow::bail!("--smtp-url names no host"),
    };
    ensure!(
        url.username().is_empty() == url.password().is_none(),
        "--smtp-url needs both a user and a password, or neither"
    );
    ensure!(
        is_encrypted || is_here || url.password().is_none(),
        "--smtp-url would send the password in the clear: use smtps:// or add ?tls=required"
    );
    Ok(())
}

/// A host of a scheme that is not the web's is not parsed as an address.
fn is_loopback(host: &str) -> bool {
    host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROM: &str = "Hiroba <chat@chat.example>";

    fn settings(url: &str, from: &str) -> anyhow::Result<MailSettings> {
        MailSettings::new(url.parse()?, from)
    }

    #[test]
    fn a_mail_server_is_named_by_its_address() {
        for url in [
            "smtps://user:secret@mail.example",
            "smtps://user:secret@mail.example:465",
            "smtp://user:secret@mail.example:587?tls=required",
            "smtp://mail.example",
            "smtp://user:secret@127.0.0.1:2525",
            "smtp://user:secret@localhost",
        ] {
            let settings = settings(url, FROM).unwrap();
            assert!(!format!("{settings:?}").contains("secret"), "{settings:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_without_the_password() {
        for (url, from, problem) in [
            ("user:secret@mail.example", FROM, "smtps://"),
            ("secret", FROM, "no address"),
            ("https://user:secret@mail.example", FROM, "must begin with"),
            ("smtp://user:secret@mail.example", FROM, "in the clear"),
            ("smtp://user:secret@mail.example?tls=opportunistic", FROM, "in the clear"),
            ("smtps://user@mail.example", FROM, "both a user and a password"),
            ("smtps://user:secret@mail.example", "nobody", "--smtp-from"),
            ("smtps://user:secret@mail.example", "a@b.example\r\nBcc: c@d.example", "--smtp-from"),
            ("smtp://mail.example?tls=secret", FROM, "cannot be used"),
        ] {
            let said = format!("{:#}", settings(url, from).unwrap_err());
            assert!(said.contains(problem) && !said.contains("secret"), "{url}: {said}");
        }
    }
}
