//! What is spoken: TLS 1.3 and 1.2 with forward secrecy and authenticated encryption, nothing older or weaker.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs::{self, Ticketer, kx_group};
use rustls::server::{NoServerSessionStorage, ResolvesServerCert};
use rustls::version::{TLS12, TLS13};
use rustls::{Error, ServerConfig};

use super::acme;

/// The only protocol above TLS: WebSockets need no other, and their upgrade is one of HTTP/1.1.
const ALPN: &[u8] = b"http/1.1";

/// The suites of aws-lc. X25519MLKEM768 goes first: what is recorded today stays secret when quantum computers come.
pub(super) fn provider() -> CryptoProvider {
    CryptoProvider {
        kx_groups: vec![kx_group::X25519MLKEM768, kx_group::X25519, kx_group::SECP256R1, kx_group::SECP384R1],
        ..aws_lc_rs::default_provider()
    }
}

/// The settings of all connections. Sessions are resumed with tickets, so that none is kept in memory.
pub(super) fn config(
    provider: Arc<CryptoProvider>,
    certificates: Arc<dyn ResolvesServerCert>,
    speaks_acme: bool,
) -> Result<ServerConfig, Error> {
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .with_no_client_auth()
        .with_cert_resolver(certificates);
    config.alpn_protocols = vec![ALPN.to_vec()];
    if speaks_acme {
        config.alpn_protocols.push(acme::ALPN.to_vec());
    }
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.ticketer = Ticketer::new()?;
    config.send_tls13_tickets = 1;
    Ok(config)
}
