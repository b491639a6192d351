//! Passwords: which ones are accepted, and how they are kept (argon2id, RFC 9106).

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use shared::Password;
use tokio::sync::Semaphore;

use super::Refusal;
use crate::error::Error;
use crate::store::StoreError;

/// The 10,000 most common passwords of at least eight characters, in lower case, sorted.
static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());
/// Hashes computed at once. Each takes 19 MiB and a core for about 20 ms.
const AT_ONCE: usize = 2;
/// Passwords waiting to be hashed; when it is full, the server answers that it is busy.
const WAITING: usize = 128;
/// A hash of nothing that is verified against when there is no such account, so that the answer takes as long.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
/// Salt in bytes, as RFC 9106 recommends.
const SALT: usize = 16;

/// Checks that a new password is not one that everybody tries first.
///
/// # Errors
/// It is common, or it is the name.
pub(super) fn check_new(password: &Password, name: &str) -> Result<(), Refusal> {
    let lower = shared::lowercase(password.as_str());
    if COMMON.contains(&*lower) || lower == shared::lowercase(name) {
        return Err(Refusal::CommonPassword);
    }
    Ok(())
}

/// Hashes and verifies passwords, away from the async threads and few at once.
pub(super) struct Hasher {
    argon2: Argon2<'static>,
    running: Arc<Semaphore>,
    waiting: Semaphore,
}

impl Hasher {
    /// Argon2id with 19 MiB and two passes, the minimum that OWASP recommends.
    pub fn new() -> Self {
        Self {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default()),
            running: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Semaphore::new(WAITING),
        }
    }

    /// Hashes a new password into its PHC string.
    ///
    /// # Errors
    /// Too many are waiting.
    pub async fn hash(&self, password: Password) -> Result<String, Error> {
        let argon2 = self.argon2.clone();
        self.run(move || hash(&argon2, password.as_str().as_bytes())).await?
    }

    /// Whether the password is that of the hash. Takes equally long without one.
    ///
    /// # Errors
    /// Too many are waiting.
    pub async fn verify(&self, password: Password, hash: Option<String>) -> Result<bool, Error> {
        let is_known = hash.is_some();
        let (argon2, hash) = (self.argon2.clone(), hash.unwrap_or_else(|| NOBODY.to_owned()));
        let verify = move || argon2.verify_password(password.as_str().as_bytes(), hash.as_str()).is_ok();
        Ok(self.run(verify).await? && is_known)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let waiting = self.waiting.try_acquire().map_err(|_| Error::Busy)?;
        let running = self.running.clone().acquire_owned().await.map_err(|_| Error::Busy)?;
        drop(waiting);
        let done = tokio::task::spawn_blocking(move || {
            // Held by the work, also if the request is cancelled.
            let _running = running;
            work()
        });
        done.await.map_err(|error| StoreError::Unavailable(error.into()).into())
    }
}

fn hash(argon2: &Argon2<'_>, password: &[u8]) -> Result<String, Error> {
    let mut salt = [0; SALT];
    getrandom::fill(&mut salt).map_err(|error| StoreError::Unavailable(anyhow::anyhow!(error)))?;
    let hash = argon2.hash_password_with_salt(password, &salt);
    hash.map(|hash| hash.to_string()).map_err(|error| StoreError::Unavailable(anyhow::anyhow!(error)).into())
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::phc::PasswordHash;

    use super::*;

    fn password(text: &str) -> Password {
        Password::new(text).unwrap()
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for common in ["password", "12345678", "QwertyUiop", "trustno1", "iloveyou", "Hanako-chan"] {
            assert!(check_new(&password(common), "hanako-CHAN").is_err(), "{common}");
        }
        for good in ["correct horse battery staple", "ひらがなのあいことば", "hanako-chan2"] {
            assert!(check_new(&password(good), "hanako-chan").is_ok(), "{good}");
        }
        assert_eq!(COMMON.len(), 10_000);
    }

    #[tokio::test]
    async fn a_hash_verifies_its_password_only() {
        let hasher = Hasher::new();
        let hash = hasher.hash(password("an uncommon one")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(hash.len(), NOBODY.len(), "the hash of nobody takes as long");
        assert!(PasswordHash::new(NOBODY).is_ok());
        assert_ne!(hash, hasher.hash(password("an uncommon one")).await.unwrap(), "each has a salt");
        assert!(hasher.verify(password("an uncommon one"), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify(password("another uncommon"), Some(hash)).await.unwrap());
        assert!(!hasher.verify(password("nobody has this password"), None).await.unwrap());
    }
}
