//! The cookie that keeps a refresh token (RFC 6265). Browsers send cookies to every port of a host, so its name has an
//! installation in it.

use url::Url;

use crate::accounts;

/// The cookie of an installation.
#[derive(Debug, Clone)]
pub struct SessionCookie {
    name: String,
    attributes: String,
}

impl SessionCookie {
    /// The cookie of `installation`, for pages below `public_url`, or wherever the server is reached with `scheme`.
    pub fn new(installation: &str, public_url: Option<&Url>, scheme: &str) -> Self {
        let is_secure = public_url.map_or(scheme, Url::scheme) == "https";
        let path = public_url.map_or("/", |url| url.path());
        // With these prefixes, browsers refuse the cookie from anybody who could only set weaker ones.
        let prefix = match (is_secure, path) {
            (true, "/") => "__Host-",
            (true, _) => "__Secure-",
            (false, _) => "",
        };
        let secure = if is_secure { "; Secure" } else { "" };
        Self {
            name: format!("{prefix}hiroba-{installation}"),
            attributes: format!("; Path={path}; HttpOnly; SameSite=Strict{secure}"),
        }
    }

    /// The value of `Set-Cookie` for a token.
    pub fn set(&self, token: &str) -> String {
        let age = accounts::SESSION.as_secs();
        format!("{}={token}{}; Max-Age={age}", self.name, self.attributes)
    }

    /// The value of `Set-Cookie` that removes the token.
    pub fn remove(&self) -> String {
        format!("{}={}; Max-Age=0", self.name, self.attributes)
    }

    /// Finds the token in the lines of `Cookie`.
    pub fn find<'a>(&self, lines: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        let pairs = lines.into_iter().flat_map(|line| line.split(';'));
        pairs
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(name, value)| (name == self.name).then_some(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_prefix_that_the_address_allows() {
        for (url, expected) in [
            (None, "hiroba-1234=t; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000"),
            (Some("http://chat.lan"), "hiroba-1234=t; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000"),
            (
                Some("https://chat.example"),
                "__Host-hiroba-1234=t; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=2592000",
            ),
            (
                Some("https://example.com/chat/"),
                "__Secure-hiroba-1234=t; Path=/chat/; HttpOnly; SameSite=Strict; Secure; Max-Age=2592000",
            ),
        ] {
            let cookie = SessionCookie::new("1234", url.map(|url| Url::parse(url).unwrap()).as_ref(), "http");
            assert_eq!(cookie.set("t"), expected);
            assert!(cookie.remove().ends_with("; Max-Age=0"));
        }
        let own_tls = SessionCookie::new("1234", None, "https").set("t");
        assert!(own_tls.starts_with("__Host-hiroba-1234=t; Path=/;") && own_tls.contains("; Secure"));
    }

    #[test]
    fn it_is_found_among_others() {
        let cookie = SessionCookie::new("1234", None, "http");
        assert_eq!(cookie.find(["a=b; hiroba-1234=x.y; c=d"]), Some("x.y"));
        assert_eq!(cookie.find(["a=b", "hiroba-1234=x.y"]), Some("x.y"));
        assert_eq!(cookie.find(["hiroba-12345=x", "xhiroba-1234=y"]), None);
    }
}
