//! Certificates of an authority of the tests, and clients that trust it.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use hiroba::tls::CertificateFiles;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs::{self, kx_group};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use socket2::SockRef;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Size of the buffers of the system, in bytes.
const BUFFER: usize = 64 * 1024;

/// A certificate authority, with the files of a server in a folder of its own.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    folder: TempDir,
}

impl Authority {
    /// An authority that has issued a certificate for `localhost`.
    pub fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        params.distinguished_name.push(DnType::CommonName, "Authority of the tests");
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("authority.pem"), params.self_signed(&key).unwrap().pem()).unwrap();
        let this = Self { issuer: Issuer::new(params, key), folder };
        this.issue(&["localhost", "127.0.0.1"], 2_096);
        this
    }

    /// The files of the server.
    pub fn files(&self) -> CertificateFiles {
        let file = |name| self.folder.path().join(name);
        CertificateFiles { chain: file("chain.pem"), key: file("key.pem") }
    }

    /// Replaces the files with a new certificate for `names`, valid until the first day of that year.
    pub fn issue(&self, names: &[&str], until: i32) {
        let key = KeyPair::generate().unwrap();
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.not_after = rcgen::date_time_ymd(until, 1, 1);
        let chain = params.signed_by(&key, &self.issuer).unwrap();
        let files = self.files();
        fs::write(files.chain, chain.pem()).unwrap();
        fs::write(files.key, key.serialize_pem()).unwrap();
    }

    /// A client that trusts the authority and speaks these versions.
    pub fn client(&self, versions: &[&'static SupportedProtocolVersion]) -> Arc<ClientConfig> {
        client(self.folder.path(), versions)
    }
}

/// A client that trusts the authority whose files are in `folder`.
fn client(folder: &Path, versions: &[&'static SupportedProtocolVersion]) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(folder.join("authority.pem")).unwrap()).unwrap();
    // In the order of browsers.
    let kx_groups = vec![kx_group::X25519MLKEM768, kx_group::X25519, kx_group::SECP256R1];
    let provider = Arc::new(CryptoProvider { kx_groups, ..aws_lc_rs::default_provider() });
    let config = ClientConfig::builder_with_provider(provider).with_protocol_versions(versions).unwrap();
    Arc::new(config.with_root_certificates(roots).with_no_client_auth())
}

/// Connects with TLS, as a client of `localhost`.
pub async fn connect(
    address: SocketAddr,
    config: Arc<ClientConfig>,
) -> std::io::Result<TlsStream<TcpStream>> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(BUFFER as u32)?;
    let stream = socket.connect(address).await?;
    stream.set_nodelay(true)?;
    TlsConnector::from(config).connect(ServerName::try_from("localhost").unwrap(), stream).await
}

/// Asks `/healthz` on a connection that is kept.
pub async fn ask_health(stream: &mut TlsStream<TcpStream>) -> String {
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    while !answer.ends_with("ok\n") {
        let mut bytes = [0; 4_096];
        let count = stream.read(&mut bytes).await.unwrap();
        assert!(count > 0, "the connection ended after {answer:?}");
        answer.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
    }
    answer
}

/// Listens without TLS and speaks it to the server, for clients that have none.
pub struct Tunnel {
    /// Where clients connect to.
    pub address: SocketAddr,
}

impl Tunnel {
    /// Starts a tunnel to that server, whose files these are.
    pub async fn start(server: SocketAddr, files: &CertificateFiles) -> Self {
        let config = client(files.chain.parent().unwrap(), rustls::DEFAULT_VERSIONS);
        Self::with(server, config).await
    }

    /// [`Self::start`] as this client.
    pub async fn with(server: SocketAddr, config: Arc<ClientConfig>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut plain, _)) = listener.accept().await {
                plain.set_nodelay(true).unwrap();
                // A reader that stops is felt by the server, not hidden by buffers.
                SockRef::from(&plain).set_send_buffer_size(BUFFER).unwrap();
                let config = config.clone();
                tokio::spawn(async move {
                    if let Ok(mut secure) = connect(server, config).await {
                        let _ = copy_bidirectional(&mut plain, &mut secure).await;
                    }
                });
            }
        });
        Self { address }
    }
}
