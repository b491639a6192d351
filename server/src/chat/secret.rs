//! The secret that resumes a guest: 128 random bits, shown once, hashed at rest.

use sha2::{Digest, Sha256};
use std::fmt::Write;

use crate::store::SecretHash;

/// A new secret as the wire shows it, 32 hexadecimal digits.
///
/// # Errors
/// The operating system has no randomness to give.
pub fn draw() -> Result<String, getrandom::Error> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits)?;
    Ok(bits.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

/// What the store keeps of it. The secret has full entropy, so a plain hash is enough.
pub fn hash(secret: &str) -> SecretHash {
    Sha256::digest(secret.as_bytes()).into()
}
