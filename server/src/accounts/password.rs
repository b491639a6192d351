//! Which passwords are accepted.

use std::collections::HashSet;
use std::sync::LazyLock;

use shared::Password;

use super::Refusal;

/// The 10,000 most common passwords of at least eight characters, in lower case, sorted.
static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

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

#[cfg(test)]
mod tests {
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
}
