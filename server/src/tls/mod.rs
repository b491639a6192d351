//! TLS of the server itself (RFC 8446, RFC 5246): which protocols, the certificate, and the connections.

mod acme;
mod certificates;
mod protocol;
mod session;
mod stream;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use acme::Acme;

pub use acme::{AcmeDomain, AcmeSettings, Challenges};
pub use certificates::Certificates;
pub use stream::TlsStream;

/// First byte of a TLS connection: the type of a handshake record (RFC 8446, section 5.1). No HTTP request begins with it.
pub const FIRST_BYTE: u8 = 22;
/// Time limit for a handshake.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);

/// Where the certificate comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateSource {
    Files(CertificateFiles),
    Acme(AcmeSettings),
}

/// The files of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFiles {
    /// PEM, the certificate of this server first.
    pub chain: PathBuf,
    /// PEM: PKCS #8, PKCS #1 or SEC 1.
    pub key: PathBuf,
}

/// What connections need to speak TLS.
pub struct Tls {
    config: Arc<ServerConfig>,
    certificates: Arc<Certificates>,
    acme: Option<(Acme, Arc<Challenges>)>,
    /// Half of the processors at most are busy with handshakes, so that a flood of them leaves the rest to those who are
    /// connected.
    handshakes: Semaphore,
}

impl Tls {
    /// Reads the certificate. With ACME it may come later, when [`Self::keep_certificate`] runs.
    ///
    /// # Errors
    /// It cannot be read or used.
    pub fn open(source: &CertificateSource, data_dir: &Path) -> anyhow::Result<Self> {
        let provider = Arc::new(protocol::provider());
        let (certificates, acme) = match source {
            CertificateSource::Files(files) => (Certificates::open(files.clone(), provider.clone())?, None),
            CertificateSource::Acme(settings) => {
                let acme = Acme::new(settings.clone(), data_dir)?;
                let challenges = Arc::new(Challenges::new(provider.clone()));
                let certificates = Certificates::of_acme(acme.files(), provider.clone(), challenges.clone());
                (certificates, Some((acme, challenges)))
            }
        };
        let certificates = Arc::new(certificates);
        let config = Arc::new(protocol::config(provider, certificates.clone(), acme.is_some())?);
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self { config, certificates, acme, handshakes: Semaphore::new((processors / 2).max(1)) })
    }

    pub fn certificates(&self) -> &Arc<Certificates> {
        &self.certificates
    }

    /// What the authority is answered over HTTP, if ACME is used.
    pub fn challenges(&self) -> Option<Arc<Challenges>> {
        self.acme.as_ref().map(|(_, challenges)| challenges.clone())
    }

    /// Keeps the certificate up to date. Never ends.
    pub async fn keep_certificate(&self) {
        match &self.acme {
            None => self.certificates.follow().await,
            Some((acme, challenges)) => {
                tokio::join!(self.certificates.follow(), acme.run(&self.certificates, challenges));
            }
        }
    }

    /// Makes the handshake with a peer whose first bytes have not been read yet.
    ///
    /// # Errors
    /// The peer speaks no TLS that we do, went away, or took too long.
    pub async fn accept(&self, tcp: TcpStream) -> io::Result<TlsStream> {
        timeout(HANDSHAKE_WITHIN, TlsStream::accept(tcp, self.config.clone(), &self.handshakes)).await?
    }
}
