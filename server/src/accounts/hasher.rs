//! How passwords are kept: argon2id (RFC 9106), away from the async threads and few at once.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::available_parallelism;

use anyhow::anyhow;
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use shared::Password;
use tokio::sync::Semaphore;

use crate::error::Error;
use crate::store::StoreError;

/// Passwords waiting to be hashed; when it is full, the server answers that it is busy.
const WAITING: usize = 128;
/// A hash of nothing that is verified against when there is no such account, so that the answer takes as long.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
/// Salt in bytes, as RFC 9106 recommends.
const SALT: usize = 16;

/// Hashes and verifies passwords.
pub(super) struct Hasher {
    running: Arc<Semaphore>,
    waiting: Semaphore,
    /// The memory of those that do not run, used again: an allocator keeps what each thread once had.
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
}

impl Hasher {
    /// Takes at most half of the cores, and 19 MiB and about 20 ms for a password.
    pub fn new() -> Self {
        let at_once = available_parallelism().map_or(1, |cores| (cores.get() / 2).max(1));
        let (running, waiting) = (Arc::new(Semaphore::new(at_once)), Semaphore::new(WAITING));
        Self { running, waiting, memory: Arc::default() }
    }

    /// Hashes a new password into its PHC string.
    ///
    /// # Errors
    /// Too many are waiting.
    pub async fn hash(&self, password: Password) -> Result<String, Error> {
        let mut salt = [0; SALT];
        getrandom::fill(&mut salt).map_err(|error| StoreError::Unavailable(anyhow!(error)))?;
        let hashed = self.run(move |memory| hash(&password, &salt, memory)).await?;
        Ok(hashed.map_err(StoreError::Unavailable)?)
    }

    /// Whether the password is that of the hash. Takes equally long without one.
    ///
    /// # Errors
    /// Too many are waiting, or the hash is none.
    pub async fn verify(&self, password: Password, hash: Option<String>) -> Result<bool, Error> {
        let is_known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let verified = self.run(move |memory| verify(&password, &hash, memory)).await?;
        Ok(verified.map_err(StoreError::Corrupt)? && is_known)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Vec<Block>) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let waiting = self.waiting.try_acquire().map_err(|_| Error::Busy)?;
        let running = self.running.clone().acquire_owned().await.map_err(|_| Error::Busy)?;
        drop(waiting);
        let pool = self.memory.clone();
        let done = tokio::task::spawn_blocking(move || {
            // Held by the work, also if the request is cancelled.
            let _running = running;
            let mut memory = pool.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
            let done = work(&mut memory);
            pool.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
            done
        });
        done.await.map_err(|error| StoreError::Unavailable(error.into()).into())
    }
}

/// Argon2id with 19 MiB and two passes, the minimum that OWASP recommends.
fn hash(password: &Password, salt: &[u8], memory: &mut Vec<Block>) -> anyhow::Result<String> {
    let params = Params::default();
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).map_err(|error| anyhow!(error))?,
        salt: Some(Salt::new(salt).map_err(|error| anyhow!(error))?),
        hash: Some(output(password, salt, params, memory)?),
    };
    Ok(hash.to_string())
}

fn verify(password: &Password, hash: &str, memory: &mut Vec<Block>) -> anyhow::Result<bool> {
    let hash = PasswordHash::new(hash).map_err(|error| anyhow!(error))?;
    let params = Params::try_from(&hash).map_err(|error| anyhow!(error))?;
    let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else {
        anyhow::bail!("a hash without salt or output");
    };
    // Outputs are compared in constant time.
    Ok(output(password, salt, params, memory)? == *expected)
}

fn output(
    password: &Password,
    salt: &[u8],
    params: Params,
    memory: &mut Vec<Block>,
) -> anyhow::Result<Output> {
    memory.resize(params.block_count(), Block::new());
    let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let password = password.as_str().as_bytes();
    argon2
        .hash_password_into_with_memory(password, salt, &mut output, &mut memory[..])
        .map_err(|error| anyhow!(error))?;
    Output::new(&output).map_err(|error| anyhow!(error))
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::PasswordVerifier;

    use super::*;

    fn password(text: &str) -> Password {
        Password::new(text).unwrap()
    }

    #[tokio::test]
    async fn a_hash_verifies_its_password_only() {
        let hasher = Hasher::new();
        let hash = hasher.hash(password("an uncommon one")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(hash.len(), NOBODY.len(), "the hash of nobody takes as long");
        assert_ne!(hash, hasher.hash(password("an uncommon one")).await.unwrap(), "each has a salt");
        assert!(
            Argon2::default().verify_password(b"an uncommon one", hash.as_str()).is_ok(),
            "as others hash"
        );
        assert!(hasher.verify(password("an uncommon one"), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify(password("another uncommon"), Some(hash)).await.unwrap());
        assert!(!hasher.verify(password("nobody has this password"), None).await.unwrap());
        assert!(hasher.verify(password("an uncommon one"), Some("no hash".to_owned())).await.is_err());
    }

    #[tokio::test]
    async fn the_memory_is_used_again_and_who_comes_when_too_many_wait_is_told() {
        let hasher = Arc::new(Hasher::new());
        let (running, waiting) = (hasher.running.available_permits(), WAITING);
        let mut asked = tokio::task::JoinSet::new();
        for _ in 0..running + waiting + 10 {
            let hasher = hasher.clone();
            asked.spawn(async move { hasher.verify(password("an uncommon one"), None).await });
        }
        let answers = asked.join_all().await;
        let busy = answers.iter().filter(|answer| matches!(answer, Err(Error::Busy))).count();
        assert!((10..=10 + running).contains(&busy), "{busy}");
        assert!(hasher.memory.lock().unwrap().len() <= running);
    }
}
