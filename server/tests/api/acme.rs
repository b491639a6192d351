//! The server obtains its certificate itself, from Debian's `pebble`, an authority for tests.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use hiroba::config::Config;
use hiroba::tls::{AcmeSettings, CertificateSource};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::harness::tls::Authority;
use crate::harness::{Process, eventually, eventually_within};

const DOMAIN: &str = "chat.example.test";
/// An order takes some seconds, because the library asks for its state with pauses.
const ISSUED_WITHIN: Duration = Duration::from_mins(1);

/// A port that nobody listens on.
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Programs that end with the test.
struct Pebble {
    programs: Vec<Child>,
    folder: TempDir,
    directory: u16,
    management: u16,
    /// The authority whose certificate the server of pebble has.
    _own: Authority,
    root: PathBuf,
}

impl Drop for Pebble {
    fn drop(&mut self) {
        for program in &mut self.programs {
            let _ = program.kill();
            let _ = program.wait();
        }
    }
}

impl Pebble {
    /// Starts an authority that looks for domains on this machine, at these ports. `None`: it is not installed.
    async fn start(tls_port: u16, http_port: u16) -> Option<Self> {
        let is_installed = |name| Command::new(name).arg("-h").stderr(Stdio::null()).status().is_ok();
        if !is_installed("pebble") || !is_installed("pebble-challtestsrv") {
            assert!(std::env::var_os("HIROBA_NEEDS_PEERS").is_none(), "pebble is missing");
            eprintln!("left out: Debian's package pebble is not installed");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let own = Authority::new();
        let (directory, management, dns, control) = (free_port(), free_port(), free_port(), free_port());
        let files = own.files();
        let config = serde_json::json!({"pebble": {
            "listenAddress": format!("127.0.0.1:{directory}"),
            "managementListenAddress": format!("127.0.0.1:{management}"),
            "certificate": files.chain, "privateKey": files.key,
            "httpPort": http_port, "tlsPort": tls_port, "ocspResponderURL": "",
            "externalAccountBindingRequired": false,
        }});
        let file = folder.path().join("pebble.json");
        fs::write(&file, config.to_string()).unwrap();
        let names = Command::new("pebble-challtestsrv")
            .args(["-dns01", &format!("127.0.0.1:{dns}"), "-management", &format!("127.0.0.1:{control}")])
            .args(["-http01", "", "-https01", "", "-tlsalpn01", "", "-defaultIPv6", ""])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let pebble = Command::new("pebble")
            .args(["-config", file.to_str().unwrap(), "-dnsserver", &format!("127.0.0.1:{dns}")])
            .env("PEBBLE_VA_NOSLEEP", "1")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let root = files.chain.parent().unwrap().join("authority.pem");
        let programs = vec![names.unwrap(), pebble.unwrap()];
        let this = Self { programs, folder, directory, management, _own: own, root };
        let listens = async || TcpStream::connect(("127.0.0.1", directory)).await.ok();
        eventually("pebble listens", listens).await;
        Some(this)
    }

    fn settings(&self) -> Vec<String> {
        let directory = format!("https://localhost:{}/dir", self.directory);
        let root = self.root.to_str().unwrap();
        ["--acme-domain", DOMAIN, "--acme-directory", &directory, "--acme-ca", root].map(String::from).into()
    }

    /// A client that trusts what the authority issues, whose root is another one at each start.
    async fn client(&self) -> Arc<ClientConfig> {
        let own = self.root.clone();
        let port = self.management;
        let roots = self.folder.path().join("roots.pem");
        let fetched = tokio::task::spawn_blocking(move || {
            let url = format!("https://localhost:{port}/roots/0");
            Command::new("curl").args(["-sf", "--cacert"]).arg(own).arg(url).output().unwrap().stdout
        });
        fs::write(&roots, fetched.await.unwrap()).unwrap();
        let mut store = RootCertStore::empty();
        store.add(CertificateDer::from_pem_file(&roots).unwrap()).unwrap();
        let provider = Arc::new(aws_lc_rs::default_provider());
        let config =
            ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        Arc::new(config.with_root_certificates(store).with_no_client_auth())
    }
}

/// Connects as a browser of the domain does and returns the certificate, if it is one to trust.
async fn certificate(server: SocketAddr, client: Arc<ClientConfig>) -> Option<CertificateDer<'static>> {
    let stream = TcpStream::connect(server).await.ok()?;
    let name = ServerName::try_from(DOMAIN).unwrap();
    let stream = TlsConnector::from(client).connect(name, stream).await.ok()?;
    stream.get_ref().1.peer_certificates().map(|chain| chain[0].clone())
}

fn start(folder: &Path, port: u16, pebble: &Pebble) -> Process {
    let mut settings = pebble.settings();
    settings.extend(["--listen".to_owned(), format!("127.0.0.1:{port}")]);
    let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
    Process::start_at(folder, &settings)
}

async fn obtains(tls_port: u16, http_port: u16, port: u16) {
    let Some(pebble) = Pebble::start(tls_port, http_port).await else { return };
    let folder = tempfile::tempdir().unwrap();
    let client = pebble.client().await;
    let server = start(folder.path(), port, &pebble);
    let issued = async || certificate(server.address, client.clone()).await;
    let first = eventually_within(ISSUED_WITHIN, "a certificate is issued", issued).await;
    // After a restart it is there at once, and none is ordered.
    server.kill();
    let server = start(folder.path(), port, &pebble);
    assert_eq!(certificate(server.address, client.clone()).await, Some(first));
    let others: Vec<_> = fs::read_dir(folder.path().join("acme/localhost")).unwrap().collect();
    assert_eq!(others.len(), 3, "an account, a certificate and its key: {others:?}");
}

#[tokio::test]
async fn a_domain_is_shown_to_be_ours_by_tls() {
    let port = free_port();
    obtains(port, free_port(), port).await;
}

#[tokio::test]
async fn a_domain_is_shown_to_be_ours_by_http_where_tls_does_not_arrive() {
    let port = free_port();
    obtains(free_port(), port, port).await;
}

#[tokio::test]
async fn an_authority_that_is_away_is_asked_again_and_meanwhile_nobody_is_served_wrongly() {
    let folder = tempfile::tempdir().unwrap();
    let settings = ["--acme-domain", DOMAIN, "--acme-directory", "https://127.0.0.1:1/dir"];
    let server = Process::start(folder.path(), &settings);
    server.says("tried again in 5 minutes").await;
    let authority = Authority::new();
    let refused =
        crate::harness::tls::connect(server.address, authority.client(rustls::DEFAULT_VERSIONS)).await;
    assert!(refused.is_err(), "there is no certificate");
    let acme = AcmeSettings { domains: vec![DOMAIN.parse().unwrap()], directory: None, authority: None };
    let config = Config { tls: Some(CertificateSource::Acme(acme)), ..Config::new(folder.path()) };
    assert_eq!(config.scheme(), "https");
}
