//! TLS of the server itself (RFC 8446, RFC 5246): which protocols, the certificate, and the connections.

mod certificates;
mod protocol;
mod session;
mod stream;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;

pub use certificates::Certificates;
pub use stream::TlsStream;

/// First byte of a TLS connection: the type of a handshake record (RFC 8446, section 5.1). No HTTP request begins with it.
pub const FIRST_BYTE: u8 = 22;
/// Time limit for a handshake.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);

/// Where the certificate comes from.
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
    /// Half of the processors at most are busy with handshakes, so that a flood of them leaves the rest to those who are
    /// connected.
    handshakes: Arc<Semaphore>,
}

impl Tls {
    /// Reads the certificate.
    ///
    /// # Errors
    /// It cannot be read or used.
    pub fn open(files: &CertificateFiles) -> anyhow::Result<Self> {
        let provider = Arc::new(protocol::provider());
        let certificates = Arc::new(Certificates::open(files.clone(), provider.clone())?);
        let config = Arc::new(protocol::config(provider, certificates.clone())?);
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self { config, certificates, handshakes: Arc::new(Semaphore::new((processors / 2).max(1))) })
    }

    pub fn certificates(&self) -> &Arc<Certificates> {
        &self.certificates
    }

    /// Makes the handshake with a peer whose first bytes have not been read yet.
    ///
    /// # Errors
    /// The peer speaks no TLS that we do, went away, or took too long.
    pub async fn accept(&self, tcp: TcpStream) -> io::Result<TlsStream> {
        timeout(HANDSHAKE_WITHIN, TlsStream::accept(tcp, self.config.clone(), &self.handshakes)).await?
    }
}
