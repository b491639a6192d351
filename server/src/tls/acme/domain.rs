//! A name that a certificate is asked for.

use std::str::FromStr;

use serde::Deserialize;
use url::{Host, Url};

/// A host name in ASCII, of at least two labels.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct AcmeDomain(String);

impl AcmeDomain {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address of a page there.
    ///
    /// # Errors
    /// None: a host name always makes one.
    pub fn url(&self) -> Result<Url, url::ParseError> {
        Url::parse(&format!("https://{}/", self.0))
    }
}

impl FromStr for AcmeDomain {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.contains('*') {
            return Err(format!("{text:?}: a name with * cannot be shown to be yours without changing DNS"));
        }
        match Host::parse(text) {
            Ok(Host::Domain(name)) if name.contains('.') && !name.ends_with('.') => Ok(Self(name)),
            _ => Err(format!("{text:?} is no host name, as for instance chat.example")),
        }
    }
}

impl TryFrom<String> for AcmeDomain {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_and_other_things_are_refused() {
        let name = |text: &str| text.parse::<AcmeDomain>().map(|domain| domain.0);
        assert_eq!(name("Chat.Example").as_deref(), Ok("chat.example"));
        assert_eq!(name("広場.example").as_deref(), Ok("xn--rlsr0m.example"));
        for wrong in
            ["", "localhost", "*.chat.example", "192.0.2.1", "[::1]", "https://chat.example", "a b.c", "a."]
        {
            assert!(name(wrong).is_err(), "{wrong}");
        }
    }
}
