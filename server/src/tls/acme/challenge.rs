//! What the authority is answered when it looks whether a domain is ours: a certificate of a kind of its own (TLS-ALPN-01,
//! RFC 8737), or a text (HTTP-01, RFC 8555, section 8.3).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::bail;
use instant_acme::{ChallengeHandle, ChallengeType};
use rcgen::{CertificateParams, CustomExtension, KeyPair};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;

/// The protocol that the authority speaks for TLS-ALPN-01.
pub(in crate::tls) const ALPN: &[u8] = b"acme-tls/1";

/// The answers of the present order.
#[derive(Debug)]
pub struct Challenges {
    provider: Arc<CryptoProvider>,
    answers: Mutex<Answers>,
}

#[derive(Debug, Default)]
struct Answers {
    /// By domain.
    certificates: HashMap<String, Arc<CertifiedKey>>,
    /// By token.
    texts: HashMap<String, String>,
}

impl Challenges {
    pub(in crate::tls) fn new(provider: Arc<CryptoProvider>) -> Self {
        Self { provider, answers: Mutex::default() }
    }

    /// The text for a token of HTTP-01.
    pub fn text(&self, token: &str) -> Option<String> {
        self.answers().texts.get(token).cloned()
    }

    /// The certificate for a domain of TLS-ALPN-01.
    pub(in crate::tls) fn certificate(&self, domain: &str) -> Option<Arc<CertifiedKey>> {
        self.answers().certificates.get(domain).cloned()
    }

    /// Prepares the answer for `domain`.
    pub(super) fn prepare(&self, domain: &str, challenge: &ChallengeHandle<'_>) -> anyhow::Result<()> {
        let answer = challenge.key_authorization();
        match challenge.r#type {
            ChallengeType::Http01 => {
                self.answers().texts.insert(challenge.token.clone(), answer.as_str().to_owned());
            }
            ChallengeType::TlsAlpn01 => {
                let certificate = self.self_signed(domain, answer.digest().as_ref())?;
                self.answers().certificates.insert(domain.to_owned(), Arc::new(certificate));
            }
            ref other => bail!("there is no answer to {other:?}"),
        }
        Ok(())
    }

    pub(super) fn clear(&self) {
        *self.answers() = Answers::default();
    }

    fn self_signed(&self, domain: &str, digest: &[u8]) -> anyhow::Result<CertifiedKey> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new([domain.to_owned()])?;
        params.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
        let certificate = params.self_signed(&key)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let key = self.provider.key_provider.load_private_key(key)?;
        Ok(CertifiedKey::new(vec![certificate.der().clone()], key))
    }

    fn answers(&self) -> MutexGuard<'_, Answers> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
