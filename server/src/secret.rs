//! The secret that resumes a guest: 128 random bits, shown once, hashed at rest.

use sha2::{Digest, Sha256};
use std::fmt::Write;

use crate::store::SecretHash;

/// Generates a secret in its wire form, 32 hexadecimal digits.
///
/// # Errors
/// The operating system cannot provide random bytes.
pub fn draw() -> Result<String, getrandom::Error> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits)?;
    Ok(bits.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

/// Hashes a secret for the store. It has full entropy, so a plain hash is enough.
pub fn hash(secret: &str) -> SecretHash {
    Sha256::digest(secret.as_bytes()).into()
}
