//! A mail address: parsed once at the edge, so that nothing else reaches a header or the mail server.

use std::fmt;

use lettre::Address;
use shared::limits::MAIL_ADDRESS_BYTES;
use shared::{ErrorCode, Failure};
use url::Host;

/// Longest part before the `@`, in bytes (RFC 5321, section 4.5.3.1.1).
const LOCAL_BYTES: usize = 64;

/// A mail address in ASCII. The part before the `@` is a dot-atom (RFC 5322): neither quotes nor spaces; the domain is
/// lower case, that of another script in its ASCII form. Not shown in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct MailAddress(Address);

impl MailAddress {
    /// Parses what somebody typed; `None` if it is no address that we send to.
    pub fn parse(text: &str) -> Option<Self> {
        let (local, domain) = text.trim().rsplit_once('@')?;
        let is_atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
        if local.len() > LOCAL_BYTES || !local.chars().all(is_atom) {
            return None;
        }
        let Ok(Host::Domain(domain)) = Host::parse(domain) else { return None };
        let address = Address::new(local, domain).ok()?;
        (AsRef::<str>::as_ref(&address).len() <= MAIL_ADDRESS_BYTES).then_some(Self(address))
    }

    /// [`Self::parse`] for a field of a request.
    ///
    /// # Errors
    /// It is no address that we send to.
    pub fn of_field(text: &str, field: &'static str) -> Result<Self, Failure> {
        let wrong = || Failure::new(ErrorCode::InvalidField, format!("\"{field}\" is no mail address"));
        Self::parse(text).ok_or_else(|| wrong().in_field(field))
    }

    pub fn as_str(&self) -> &str {
        self.0.as_ref()
    }

    /// The form in which addresses are compared. Mail servers do not tell `Hanako` from `hanako`, whatever the standard
    /// allows them.
    pub fn key(&self) -> String {
        self.as_str().to_ascii_lowercase()
    }

    /// The address as the mail library knows it.
    pub fn address(&self) -> &Address {
        &self.0
    }
}

impl fmt::Debug for MailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailAddress(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_form() {
        let parsed = |text| MailAddress::parse(text).map(|address| address.as_str().to_owned());
        assert_eq!(parsed(" Hanako.Tea+chat@Example.JP ").as_deref(), Some("Hanako.Tea+chat@example.jp"));
        assert_eq!(parsed("hanako@例え.jp").as_deref(), Some("hanako@xn--r8jz45g.jp"));
        assert_eq!(MailAddress::parse("Hanako@example.jp").unwrap().key(), "hanako@example.jp");
    }

    #[test]
    fn nothing_else_reaches_a_header() {
        let long = format!("{}@example.jp", "x".repeat(65));
        let longer = format!("x@{}.jp", vec!["y".repeat(60); 5].join("."));
        for wrong in [
            "",
            "@",
            "hanako",
            "hanako@",
            "@example.jp",
            "a b@example.jp",
            "\"a b\"@example.jp",
            "hanako@example.jp\r\nBcc: all@example.jp",
            "hanako\r\n@example.jp",
            "hanako@example.jp,taro@example.jp",
            "Hanako <hanako@example.jp>",
            "hanako@example.jp>",
            "はなこ@example.jp",
            "hanako@127.0.0.1",
            "hanako@[127.0.0.1]",
            "a..b@example.jp",
            ".a@example.jp",
            &long,
            &longer,
        ] {
            assert!(MailAddress::parse(wrong).is_none(), "{wrong}");
        }
        let shown = format!("{:?}", MailAddress::parse("hanako@example.jp"));
        assert!(!shown.contains("hanako"), "{shown}");
    }
}
