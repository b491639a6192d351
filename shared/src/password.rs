//! Passwords as people type them.

use std::fmt;

use serde::Serialize;

use crate::limits::{PASSWORD_BYTES, PASSWORD_LEAST, PASSWORD_MOST};
use crate::unicode::nfkc;

/// Why a password was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have {PASSWORD_LEAST} to {PASSWORD_MOST} characters")]
pub struct PasswordError;

/// A password in NFKC, so that it is the same from every keyboard. Never shown.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Password(String);

impl Password {
    /// Checks the length of a password.
    ///
    /// # Errors
    /// It is too short or too long.
    pub fn new(raw: &str) -> Result<Self, PasswordError> {
        if raw.len() > PASSWORD_BYTES {
            return Err(PasswordError);
        }
        let password = nfkc(raw);
        let is_right = (PASSWORD_LEAST..=PASSWORD_MOST).contains(&password.chars().count());
        is_right.then(|| Self(password.into())).ok_or(PasswordError)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_a_length_and_one_form() {
        for right in ["12345678", "ｆｕｌｌｗｉｄｔｈ", "ひらがなのことば", &"x".repeat(128)]
        {
            assert!(Password::new(right).is_ok(), "{right}");
        }
        for wrong in ["", "1234567", &"x".repeat(129), &"語".repeat(100_000)] {
            assert!(Password::new(wrong).is_err());
        }
        assert_eq!(Password::new("ｆｕｌｌｗｉｄｔｈ"), Password::new("fullwidth"));
        assert_ne!(Password::new("Fullwidth"), Password::new("fullwidth"), "capitals count");
        assert_eq!(format!("{:?}", Password::new("12345678").unwrap()), "Password(…)");
    }
}
