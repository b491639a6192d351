//! Access tokens: JSON Web Tokens (RFC 7519) signed with ES256, valid for a quarter of an hour.

use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use shared::{SessionId, Timestamp, UserId};
use uuid::Uuid;

use crate::store::SigningKey;

/// How long an access token is valid.
pub const VALID_FOR: Duration = Duration::from_mins(15);
/// The only algorithm that is signed with and accepted.
const ALGORITHM: Algorithm = Algorithm::ES256;
/// The audience of our tokens.
const AUDIENCE: &str = "hiroba";

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who signed it: this installation.
    pub iss: String,
    pub aud: String,
    /// The user.
    pub sub: Uuid,
    /// The session, which must still exist.
    pub sid: Uuid,
    /// When it was signed and until when it is valid, in seconds of UNIX time.
    pub iat: i64,
    pub exp: i64,
}

/// A token, and until when it is valid.
#[derive(Debug, Clone)]
pub struct Issued {
    pub token: String,
    pub expires_at: Timestamp,
}

/// Why a token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invalid {
    /// It was valid.
    Expired,
    /// Not a token of this installation.
    Foreign,
    /// Signed with a key that is not known here, perhaps that of another node.
    UnknownKey,
}

/// The keys of an installation; the newest signs.
pub(super) struct Keys {
    issuer: String,
    keys: Vec<Key>,
}

struct Key {
    id: String,
    signs: EncodingKey,
    verifies: DecodingKey,
    public: Jwk,
}

/// Generates a key, in PKCS #8.
pub(super) fn generate() -> anyhow::Result<Vec<u8>> {
    let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
    Ok(key.map_err(|_| anyhow::anyhow!("cannot generate a key"))?.as_ref().to_vec())
}

impl Keys {
    /// Reads the stored keys, newest first.
    ///
    /// # Errors
    /// One of them is no key.
    pub fn new(installation: Uuid, stored: &[SigningKey]) -> anyhow::Result<Self> {
        let issuer = installation.urn().to_string();
        let keys = stored.iter().map(|key| Key::new(&key.private)).collect::<anyhow::Result<_>>()?;
        Ok(Self { issuer, keys })
    }

    /// Signs a token at `now`.
    ///
    /// # Errors
    /// There is no key, or it cannot sign.
    pub fn issue(&self, user: UserId, session: SessionId, now: Timestamp) -> anyhow::Result<Issued> {
        let key = self.keys.first().ok_or_else(|| anyhow::anyhow!("there is no key"))?;
        let iat = now.millis() / 1_000;
        let exp = iat + VALID_FOR.as_secs() as i64;
        let (iss, aud) = (self.issuer.clone(), AUDIENCE.to_owned());
        let claims = Claims { iss, aud, sub: user.uuid(), sid: session.uuid(), iat, exp };
        let header = Header { kid: Some(key.id.clone()), ..Header::new(ALGORITHM) };
        let token = jsonwebtoken::encode(&header, &claims, &key.signs)?;
        Ok(Issued { token, expires_at: Timestamp::from_millis(exp * 1_000) })
    }

    /// Verifies a token. Its session must still be looked up.
    ///
    /// # Errors
    /// It is not valid, or not ours.
    pub fn verify(&self, token: &str) -> Result<Claims, Invalid> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| Invalid::Foreign)?;
        if header.alg != ALGORITHM {
            return Err(Invalid::Foreign);
        }
        let named = header.kid.ok_or(Invalid::Foreign)?;
        let key = self.keys.iter().find(|key| key.id == named).ok_or(Invalid::UnknownKey)?;
        let mut validation = Validation::new(ALGORITHM);
        validation.leeway = 0;
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[&self.issuer]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        let decoded = jsonwebtoken::decode(token, &key.verifies, &validation);
        decoded.map(|token| token.claims).map_err(|error| match error.kind() {
            ErrorKind::ExpiredSignature => Invalid::Expired,
            _ => Invalid::Foreign,
        })
    }

    /// The public keys (RFC 7517), for services that accept our tokens.
    pub fn public(&self) -> JwkSet {
        JwkSet { keys: self.keys.iter().map(|key| key.public.clone()).collect() }
    }
}

impl Key {
    fn new(private: &[u8]) -> anyhow::Result<Self> {
        let signs = EncodingKey::from_ec_der(private);
        let mut public = Jwk::from_encoding_key(&signs, ALGORITHM)?;
        let id = public.thumbprint(ThumbprintHash::SHA256)?;
        public.common.key_id = Some(id.clone());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        Ok(Self { id, verifies: DecodingKey::from_jwk(&public)?, signs, public })
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    const HERE: Uuid = Uuid::from_u128(1);

    fn keys(installation: Uuid, count: usize) -> (Keys, Vec<SigningKey>) {
        let stored: Vec<SigningKey> = (0..count)
            .map(|_| SigningKey { private: generate().unwrap(), made_at: Timestamp::from_millis(0) })
            .collect();
        (Keys::new(installation, &stored).unwrap(), stored)
    }

    fn issue(keys: &Keys, ago: i64) -> String {
        let now = Timestamp::from_millis(chrono::Utc::now().timestamp_millis() - ago * 1_000);
        keys.issue(UserId::new(Uuid::from_u128(7)), SessionId::new(Uuid::from_u128(8)), now).unwrap().token
    }

    /// A token with another header or other claims, signed by `key`.
    fn forge(key: &Key, header: &Header, change: impl FnOnce(&mut Claims), keys: &Keys) -> String {
        let mut claims = keys.verify(&issue(keys, 0)).unwrap();
        change(&mut claims);
        jsonwebtoken::encode(header, &claims, &key.signs).unwrap()
    }

    fn header(key: &Key) -> Header {
        Header { kid: Some(key.id.clone()), ..Header::new(ALGORITHM) }
    }

    #[test]
    fn a_token_is_valid_for_a_quarter_of_an_hour() {
        let (keys, _) = keys(HERE, 1);
        let claims = keys.verify(&issue(&keys, 0)).unwrap();
        assert_eq!((claims.sub, claims.sid), (Uuid::from_u128(7), Uuid::from_u128(8)));
        assert_eq!(claims.exp - claims.iat, 900);
        assert!(keys.verify(&issue(&keys, 898)).is_ok());
        assert_eq!(keys.verify(&issue(&keys, 901)), Err(Invalid::Expired), "a second too old");
    }

    #[test]
    fn nothing_else_is_accepted() {
        let (ours, _) = keys(HERE, 1);
        let (other, _) = keys(HERE, 1);
        let key = &ours.keys[0];
        assert!(ours.verify(&forge(key, &header(key), |_| {}, &ours)).is_ok());
        let foreign = Err(Invalid::Foreign);
        assert_eq!(ours.verify(&issue(&other, 0)), Err(Invalid::UnknownKey), "another key");
        assert_eq!(ours.verify(&forge(&other.keys[0], &header(key), |_| {}, &ours)), foreign, "of its name");
        let changes: [fn(&mut Claims); 3] = [
            |claims| claims.aud = "elsewhere".to_owned(),
            |claims| claims.iss = Uuid::from_u128(2).urn().to_string(),
            |claims| claims.iss = String::new(),
        ];
        for change in changes {
            assert_eq!(ours.verify(&forge(key, &header(key), change, &ours)), foreign);
        }
        let no_key_id = Header { kid: None, ..header(key) };
        assert_eq!(ours.verify(&forge(key, &no_key_id, |_| {}, &ours)), foreign);

        let token = issue(&ours, 0);
        let [_, body, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!("three parts") };
        for (algorithm, signature) in
            [("none", ""), ("none", signature), ("HS256", signature), ("ES384", signature)]
        {
            let header = format!(r#"{{"typ":"JWT","alg":"{algorithm}","kid":"{}"}}"#, key.id);
            let forged = format!("{}.{body}.{signature}", URL_SAFE_NO_PAD.encode(header));
            assert_eq!(ours.verify(&forged), foreign, "{algorithm}");
        }
        // The public key as the secret of a symmetric algorithm.
        let secret = EncodingKey::from_secret(&serde_json::to_vec(&key.public).unwrap());
        let header = Header { kid: Some(key.id.clone()), ..Header::new(Algorithm::HS256) };
        let symmetric = jsonwebtoken::encode(&header, &ours.verify(&token).unwrap(), &secret).unwrap();
        assert_eq!(ours.verify(&symmetric), foreign);
        for nonsense in ["", ".", "..", "a.b.c", "ey", &token[..token.len() - 1], &format!("{token}A")] {
            assert_eq!(ours.verify(nonsense), foreign, "{nonsense}");
        }
    }

    #[test]
    fn an_older_key_still_verifies_and_the_newest_signs() {
        let (old, stored) = keys(HERE, 1);
        let token = issue(&old, 0);
        let newest = SigningKey { private: generate().unwrap(), made_at: Timestamp::from_millis(1) };
        let both = Keys::new(HERE, &[newest, stored[0].clone()]).unwrap();
        assert!(both.verify(&token).is_ok());
        assert_eq!(old.verify(&issue(&both, 0)), Err(Invalid::UnknownKey));
        let public = serde_json::to_value(both.public()).unwrap();
        assert_eq!(public["keys"].as_array().unwrap().len(), 2);
        for key in public["keys"].as_array().unwrap() {
            assert_eq!(
                (&key["alg"], &key["kty"], &key["crv"]),
                (&"ES256".into(), &"EC".into(), &"P-256".into())
            );
            assert!(key.get("d").is_none(), "nothing private");
        }
    }
}
