//! Certificates by ACME (RFC 8555): obtained and renewed without the operator, and written to files that
//! [`Certificates`] follows like those of an operator.

mod challenge;
mod domain;
mod order;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, anyhow};
use chrono::Utc;
use instant_acme::{Account, AccountCredentials, ChallengeType, LetsEncrypt, NewAccount};
use tokio::time::sleep;
use url::Url;

pub(super) use challenge::ALPN;
pub use challenge::Challenges;
pub use domain::AcmeDomain;

use super::{CertificateFiles, Certificates};

/// How often the age of the certificate is looked at.
const LOOK_EVERY: Duration = Duration::from_hours(1);
/// Pause after an attempt that failed, doubled with each further one: authorities allow few failures an hour.
const FIRST_PAUSE: Duration = Duration::from_mins(5);
const LONGEST_PAUSE: Duration = Duration::from_hours(6);
/// The ways to show that a domain is ours, in the order in which they are tried.
const WAYS: [ChallengeType; 2] = [ChallengeType::TlsAlpn01, ChallengeType::Http01];

/// What the operator wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcmeSettings {
    /// The names of this server; at least one.
    pub domains: Vec<AcmeDomain>,
    /// The authority; by default Let's Encrypt.
    pub directory: Option<Url>,
    /// The certificate, PEM, that signs the one of the authority's own server; by default those that the system trusts.
    pub authority: Option<PathBuf>,
}

/// Keeps a certificate for the domains.
pub(super) struct Acme {
    settings: AcmeSettings,
    directory: Url,
    folder: PathBuf,
}

impl Acme {
    /// Everything is kept in a folder below `data_dir`, one for each authority.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub(super) fn new(settings: AcmeSettings, data_dir: &Path) -> anyhow::Result<Self> {
        let usual = || Url::parse(LetsEncrypt::Production.url());
        let directory = settings.directory.clone().map_or_else(usual, Ok)?;
        let folder = data_dir.join("acme").join(directory.host_str().unwrap_or("authority"));
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self { settings, directory, folder })
    }

    /// The files of the certificate, which may not be there yet.
    pub(super) fn files(&self) -> CertificateFiles {
        CertificateFiles { chain: self.folder.join("chain.pem"), key: self.folder.join("key.pem") }
    }

    /// Obtains a certificate when there is none, or when two thirds of the time of the present one are over. Never ends.
    pub(super) async fn run(&self, certificates: &Certificates, challenges: &Challenges) {
        let mut pause = FIRST_PAUSE;
        loop {
            if !self.is_due(certificates) {
                sleep(LOOK_EVERY).await;
                continue;
            }
            match self.obtain(challenges).await {
                Ok(()) => {
                    pause = FIRST_PAUSE;
                    certificates.refresh_and_tell();
                }
                Err(error) => {
                    let minutes = pause.as_secs() / 60;
                    tracing::warn!("no certificate was issued: {error:#}; tried again in {minutes} minutes");
                    sleep(pause).await;
                    pause = (2 * pause).min(LONGEST_PAUSE);
                }
            }
        }
    }

    fn is_due(&self, certificates: &Certificates) -> bool {
        let covers_all = self.settings.domains.iter().all(|domain| certificates.cover(domain.as_str()));
        let renewal = certificates.validity().map(|(begin, end)| end - (end - begin) / 3);
        !covers_all || renewal.is_none_or(|at| at <= Utc::now())
    }

    async fn obtain(&self, challenges: &Challenges) -> anyhow::Result<()> {
        let account = self.account().await.context("the authority gives no account")?;
        let mut failed = Vec::new();
        for way in WAYS {
            let name = format!("{way:?}");
            let issued = order::place(&account, &self.settings.domains, way, challenges).await;
            challenges.clear();
            match issued {
                Ok(issued) => return self.keep(&issued),
                Err(error) => failed.push(format!("{name}: {error:#}")),
            }
        }
        Err(anyhow!("{}", failed.join("; ")))
    }

    /// The key first: until the certificate follows, the pair does not match, and the old one stays in use.
    fn keep(&self, issued: &order::Issued) -> anyhow::Result<()> {
        let files = self.files();
        replace(&files.key, &issued.key)?;
        replace(&files.chain, &issued.chain)
    }

    async fn account(&self) -> anyhow::Result<Account> {
        let builder = match &self.settings.authority {
            Some(root) => Account::builder_with_root(root)?,
            None => Account::builder()?,
        };
        let file = self.folder.join("account.json");
        if let Ok(kept) = fs::read(&file) {
            let kept: AccountCredentials = serde_json::from_slice(&kept)
                .with_context(|| format!("{} is no account; remove it to get another", file.display()))?;
            return Ok(builder.from_credentials(kept).await?);
        }
        let wanted = NewAccount { contact: &[], terms_of_service_agreed: true, only_return_existing: false };
        let (account, credentials) = builder.create(&wanted, self.directory.to_string(), None).await?;
        replace(&file, &serde_json::to_string(&credentials)?)?;
        Ok(account)
    }
}

/// Replaces a file as a whole. What is in it is for the user of the server alone.
fn replace(file: &Path, contents: &str) -> anyhow::Result<()> {
    let new = file.with_extension("new");
    let written = fs::write(&new, contents).and_then(|()| fs::rename(&new, file));
    written.with_context(|| format!("cannot write {}", file.display()))
}
