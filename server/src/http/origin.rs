//! From which pages a WebSocket may be opened: an exact list, never merely "equal to Host".

use std::collections::HashSet;
use std::net::SocketAddr;

use axum::http::HeaderValue;
use url::{Origin, Url};

/// Where trunk serves the client while it is developed.
const TRUNK_PORT: u16 = 8080;

/// The allowed origins in their serialised form (RFC 6454, section 6.2).
#[derive(Debug, Clone)]
pub struct Origins(HashSet<String>);

impl Origins {
    /// `public` and `allowed`; without either the addresses listened on, by IP literal or `localhost`. Debug builds
    /// allow trunk's port as well.
    pub fn new(public: Option<&Url>, allowed: &[Url], listening: &[SocketAddr]) -> Self {
        let mut origins: HashSet<String> = public.into_iter().chain(allowed).map(origin).collect();
        if origins.is_empty() {
            for address in listening {
                origins.extend([format!("http://{address}"), format!("http://localhost:{}", address.port())]);
                if address.ip().is_unspecified() {
                    origins.extend([
                        format!("http://127.0.0.1:{}", address.port()),
                        format!("http://[::1]:{}", address.port()),
                    ]);
                }
            }
            // A browser leaves the default port out.
            let short: Vec<String> =
                origins.iter().filter_map(|origin| origin.strip_suffix(":80")).map(str::to_owned).collect();
            origins.extend(short);
        }
        if cfg!(debug_assertions) {
            origins.extend(["localhost", "127.0.0.1"].map(|host| format!("http://{host}:{TRUNK_PORT}")));
        }
        Self(origins)
    }

    /// Whether a page of that origin may connect.
    pub fn allow(&self, origin: &HeaderValue) -> bool {
        origin.to_str().is_ok_and(|origin| self.0.contains(&origin.to_ascii_lowercase()))
    }
}

fn origin(url: &Url) -> String {
    match url.origin() {
        origin @ Origin::Tuple(..) => origin.ascii_serialization(),
        // An opaque origin is "null" for everybody, so it is never allowed.
        Origin::Opaque(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(origins: &Origins, origin: &str) -> bool {
        origins.allow(&HeaderValue::from_str(origin).unwrap())
    }

    #[test]
    fn without_a_setting_only_the_address_listened_on_is_allowed() {
        let origins = Origins::new(None, &[], &["127.0.0.1:8765".parse().unwrap()]);
        assert!(allows(&origins, "http://localhost:8765"));
        assert!(allows(&origins, "http://127.0.0.1:8765"));
        for foreign in ["http://localhost:8766", "https://localhost:8765", "http://evil.example", "null"] {
            assert!(!allows(&origins, foreign), "{foreign}");
        }
    }

    #[test]
    fn a_setting_replaces_the_address_and_is_compared_exactly() {
        let public = Url::parse("https://chat.example/").unwrap();
        let demo = Url::parse("http://localhost:8000").unwrap();
        let origins = Origins::new(Some(&public), &[demo], &["127.0.0.1:8765".parse().unwrap()]);
        assert!(allows(&origins, "https://chat.example"));
        assert!(allows(&origins, "http://localhost:8000"));
        for foreign in ["http://localhost:8765", "https://chat.example.evil.example", "http://chat.example"] {
            assert!(!allows(&origins, foreign), "{foreign}");
        }
    }
}
