//! Refresh tokens: what a client keeps of a session, 128 random bits behind the id of the session.

use std::fmt;

use sha2::{Digest, Sha256};
use shared::SessionId;
use uuid::Uuid;

use crate::store::{SecretHash, StoreError};

/// A refresh token. Its text goes into a cookie and nowhere else.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    pub session: SessionId,
    secret: Uuid,
}

impl RefreshToken {
    /// Generates the next token of a session.
    ///
    /// # Errors
    /// The operating system cannot provide random bytes.
    pub fn draw(session: SessionId) -> Result<Self, StoreError> {
        let mut secret = [0; 16];
        getrandom::fill(&mut secret).map_err(|error| StoreError::Unavailable(anyhow::anyhow!(error)))?;
        Ok(Self { session, secret: Uuid::from_bytes(secret) })
    }

    /// Reads the text of a token; `None` if it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (session, secret) = text.split_once('.')?;
        let read = |text: &str| Uuid::try_parse(text).ok();
        Some(Self { session: SessionId::new(read(session)?), secret: read(secret)? })
    }

    /// The text of the token.
    pub fn text(&self) -> String {
        format!("{}.{}", self.session.uuid().simple(), self.secret.simple())
    }

    /// Hashes the token for the store. It has full entropy, so a plain hash is enough.
    pub fn hash(&self) -> SecretHash {
        Sha256::digest(self.secret.as_bytes()).into()
    }
}

/// Shows whose it is, never the secret.
impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshToken").field("session", &self.session).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_written_and_not_shown() {
        let token = RefreshToken::draw(SessionId::new(Uuid::from_u128(7))).unwrap();
        assert_eq!(RefreshToken::parse(&token.text()), Some(token.clone()));
        assert!(!format!("{token:?}").contains(&token.secret.simple().to_string()));
        for wrong in ["", ".", "a.b", &token.text()[1..], &format!("{}.", Uuid::from_u128(7))] {
            assert_eq!(RefreshToken::parse(wrong), None, "{wrong}");
        }
    }
}
