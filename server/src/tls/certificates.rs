//! The certificate of the server, which is replaced when its files change.

use std::fs;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use anyhow::{Context, anyhow, ensure};
use chrono::{DateTime, Utc};
use rustls::client::verify_server_name;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::{ClientHello, ParsedCertificate, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::time::{MissedTickBehavior, interval};
use x509_parser::time::ASN1Time;

use super::CertificateFiles;
use super::acme::{self, Challenges};

/// How soon new files are noticed.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// A file that is larger is no certificate.
const MOST_BYTES: u64 = 1024 * 1024;

/// The files, and what was last read of them.
#[derive(Debug)]
pub struct Certificates {
    files: CertificateFiles,
    provider: Arc<CryptoProvider>,
    /// `None` until ACME has obtained one.
    present: RwLock<Option<Present>>,
    /// What ACME is answered.
    challenges: Option<Arc<Challenges>>,
}

#[derive(Debug, Clone)]
struct Present {
    certified: Arc<CertifiedKey>,
    /// From when until when it is valid.
    validity: (DateTime<Utc>, DateTime<Utc>),
    /// The contents of the files.
    source: [Vec<u8>; 2],
}

impl Certificates {
    /// Reads the files.
    ///
    /// # Errors
    /// They cannot be read, or are no certificate with its key.
    pub(super) fn open(files: CertificateFiles, provider: Arc<CryptoProvider>) -> anyhow::Result<Self> {
        let present = certificate(&files, read(&files)?, &provider)?;
        Ok(Self { files, provider, present: RwLock::new(Some(present)), challenges: None })
    }

    /// Reads the files of ACME, which need not be there or of use.
    pub(super) fn of_acme(
        files: CertificateFiles,
        provider: Arc<CryptoProvider>,
        challenges: Arc<Challenges>,
    ) -> Self {
        let present = read(&files).and_then(|source| certificate(&files, source, &provider)).ok();
        Self { files, provider, present: RwLock::new(present), challenges: Some(challenges) }
    }

    /// From when until when the certificate is valid; `None`: there is none yet.
    pub fn validity(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        self.present().map(|present| present.validity)
    }

    /// Whether the certificate is one for this host, a name or an address.
    pub fn cover(&self, host: &str) -> bool {
        let Some(Present { certified, .. }) = self.present() else { return false };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let (Ok(certificate), Ok(name)) = (certified.end_entity_cert(), ServerName::try_from(host)) else {
            return false;
        };
        ParsedCertificate::try_from(certificate)
            .is_ok_and(|parsed| verify_server_name(&parsed, &name).is_ok())
    }

    /// Replaces the certificate whenever its files change; present connections go on. While the new files are of no use, as
    /// between the writing of one and the other, the old certificate stays.
    pub async fn follow(&self) {
        let mut look = interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // What the last two looks found wrong: one may have come between two writes.
        let (mut before, mut told) = (None, None);
        loop {
            look.tick().await;
            let wrong = self.refresh().err().filter(|_| self.is_awaited()).map(|error| format!("{error:#}"));
            if wrong.is_some() && wrong == before && wrong != told {
                tracing::warn!("the certificate stays as it was: {}", wrong.as_deref().unwrap_or_default());
                told.clone_from(&wrong);
            }
            before = wrong;
        }
    }

    /// Whether files are there: those of ACME come later.
    fn is_awaited(&self) -> bool {
        self.challenges.is_none() || self.files.chain.exists()
    }

    /// Takes new files at once.
    pub(super) fn refresh_and_tell(&self) {
        if let Err(error) = self.refresh() {
            tracing::warn!("the new certificate is of no use: {error:#}");
        }
    }

    fn refresh(&self) -> anyhow::Result<()> {
        let source = read(&self.files)?;
        if self.present().is_some_and(|present| source == present.source) {
            return Ok(());
        }
        let new = certificate(&self.files, source, &self.provider)?;
        tracing::info!("a new certificate is used, valid until {}", new.validity.1.date_naive());
        *self.present.write().unwrap_or_else(PoisonError::into_inner) = Some(new);
        Ok(())
    }

    fn present(&self) -> Option<Present> {
        self.present.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        if let Some(challenges) = &self.challenges
            && hello.alpn().is_some_and(|protocols| protocols.eq([acme::ALPN]))
        {
            return challenges.certificate(hello.server_name()?);
        }
        let present = self.present.read().unwrap_or_else(PoisonError::into_inner);
        present.as_ref().map(|present| present.certified.clone())
    }
}

fn read(files: &CertificateFiles) -> anyhow::Result<[Vec<u8>; 2]> {
    let read = |path: &std::path::Path| {
        let readable = || format!("cannot read {}", path.display());
        let size = fs::metadata(path).with_context(readable)?.len();
        ensure!(size <= MOST_BYTES, "{} is too large for a certificate", path.display());
        fs::read(path).with_context(readable)
    };
    Ok([read(&files.chain)?, read(&files.key)?])
}

fn certificate(
    files: &CertificateFiles,
    source: [Vec<u8>; 2],
    provider: &CryptoProvider,
) -> anyhow::Result<Present> {
    let [chain, key] = &source;
    let (chain_file, key_file) = (files.chain.display(), files.key.display());
    let chain: Vec<_> = CertificateDer::pem_slice_iter(chain)
        .collect::<Result<_, _>>()
        .map_err(|error| anyhow!("{chain_file} is no certificate in PEM: {error}"))?;
    let leaf = chain.first().with_context(|| format!("{chain_file} has no certificate"))?;
    let validity =
        validity(leaf).with_context(|| format!("the certificate in {chain_file} cannot be read"))?;
    let key = PrivateKeyDer::from_pem_slice(key)
        .map_err(|error| anyhow!("{key_file} is no private key in PEM: {error}"))?;
    let certified = CertifiedKey::from_der(chain, key, provider)
        .map_err(|error| anyhow!("{key_file} is not the key of {chain_file}: {error}"))?;
    if validity.1 < Utc::now() {
        tracing::warn!("the certificate in {chain_file} ended on {}", validity.1.date_naive());
    }
    Ok(Present { certified: Arc::new(certified), validity, source })
}

fn validity(certificate: &CertificateDer<'_>) -> anyhow::Result<(DateTime<Utc>, DateTime<Utc>)> {
    let (_, parsed) = x509_parser::parse_x509_certificate(certificate)?;
    let time = |time: ASN1Time| DateTime::from_timestamp(time.timestamp(), 0).context("its time is none");
    Ok((time(parsed.validity().not_before)?, time(parsed.validity().not_after)?))
}
