//! Refresh tokens: what a client keeps of a session. 128 random bits that stay, which say whose it is, and 128 that are
//! replaced at each use.

use std::fmt;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::store::{RefreshHashes, StoreError};

/// A refresh token. Its text goes into a cookie and nowhere else.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    family: Uuid,
    secret: Uuid,
}

impl RefreshToken {
    /// Generates the first token of a session.
    ///
    /// # Errors
    /// The operating system cannot provide random bytes.
    pub fn first() -> Result<Self, StoreError> {
        Ok(Self { family: random()?, secret: random()? })
    }

    /// Generates the token that replaces this one.
    ///
    /// # Errors
    /// The operating system cannot provide random bytes.
    pub fn next(&self) -> Result<Self, StoreError> {
        Ok(Self { family: self.family, secret: random()? })
    }

    /// Reads the text of a token; `None` if it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (family, secret) = text.split_once('.')?;
        let read = |text: &str| Uuid::try_parse(text).ok();
        Some(Self { family: read(family)?, secret: read(secret)? })
    }

    /// The text of the token.
    pub fn text(&self) -> String {
        format!("{}.{}", self.family.simple(), self.secret.simple())
    }

    /// Hashes the token for the store. It has full entropy, so plain hashes are enough.
    pub fn hashes(&self) -> RefreshHashes {
        let hash = |part: Uuid| Sha256::digest(part.as_bytes()).into();
        RefreshHashes { family: hash(self.family), secret: hash(self.secret) }
    }
}

fn random() -> Result<Uuid, StoreError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| StoreError::Unavailable(anyhow::anyhow!(error)))?;
    Ok(Uuid::from_bytes(bytes))
}

/// Never shows the secrets.
impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_written_and_not_shown() {
        let token = RefreshToken::first().unwrap();
        assert_eq!(RefreshToken::parse(&token.text()), Some(token.clone()));
        assert_eq!(format!("{token:?}"), "RefreshToken(…)");
        let next = token.next().unwrap();
        assert_eq!(next.hashes().family, token.hashes().family);
        assert_ne!(next.hashes().secret, token.hashes().secret);
        for wrong in ["", ".", "a.b", &token.text()[1..], &format!("{}.", Uuid::from_u128(7))] {
            assert_eq!(RefreshToken::parse(wrong), None, "{wrong}");
        }
    }
}
