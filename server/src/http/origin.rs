//! Origins whose pages may open a WebSocket: an exact list, never merely "equal to Host".

use std::collections::HashSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::http::HeaderValue;
use chrono::{DateTime, Utc};
use shared::{ErrorCode, Failure};
use url::{Host, Origin, Url};

use crate::tls::Certificates;

/// Port on which trunk serves the client during development.
const TRUNK_PORT: u16 = 8080;

/// The allowed origins in their serialised form (RFC 6454, section 6.2).
#[derive(Debug, Clone)]
pub struct Origins {
    named: HashSet<String>,
    /// No origins were configured: also allow the address that a connection arrived at.
    by_address: bool,
    /// Where the server speaks TLS. Then a host that the certificate is for takes the place of the address: nobody else has a
    /// page there.
    certificates: Option<Arc<Certificates>>,
}

/// Where a request arrived.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// The local address of its connection.
    pub local: SocketAddr,
    /// Its `Host`.
    pub host: Option<&'a str>,
}

impl Origins {
    /// Allows `public` and `allowed`. Without either, allows `localhost` with a port that is listened on, and the
    /// address that the connection arrived at; with `certificates` instead the host that was asked for, if they are for it.
    /// Debug builds also allow trunk's port.
    pub fn new(
        public: Option<&Url>,
        allowed: &[Url],
        listening: &[SocketAddr],
        certificates: Option<Arc<Certificates>>,
    ) -> Self {
        let mut named: HashSet<String> = public.into_iter().chain(allowed).map(origin).collect();
        let by_address = named.is_empty();
        if by_address && certificates.is_none() {
            // Browsers omit the default port.
            named.extend(listening.iter().map(|address| match address.port() {
                80 => "http://localhost".to_owned(),
                port => format!("http://localhost:{port}"),
            }));
        }
        if cfg!(debug_assertions) {
            named.extend(["localhost", "127.0.0.1"].map(|host| format!("http://{host}:{TRUNK_PORT}")));
        }
        Self { named, by_address, certificates }
    }

    /// Checks whether a page of `origin` may open a WebSocket with a request that arrived so.
    ///
    /// # Errors
    /// Returns the refusal, which names the origin and the flag that allows it.
    pub fn check(&self, origin: &HeaderValue, arrival: Arrival<'_>) -> Result<(), Failure> {
        let told = origin.to_str().unwrap_or_default().to_ascii_lowercase();
        let url = Url::parse(&told).ok().filter(|url| url.origin().ascii_serialization() == told);
        if self.named.contains(&told) {
            return Ok(());
        }
        let message = match url {
            Some(url) if self.by_address && self.is_own(&url, &told, arrival) => return Ok(()),
            Some(_) => {
                format!("pages of {told} may not connect; start the server with --allow-origin {told}")
            }
            None => "pages without an origin of their own may not connect; no flag allows it".to_owned(),
        };
        Err(Failure::new(ErrorCode::OriginNotAllowed, message))
    }

    /// When the certificate of this server ends.
    pub fn certificate_ends(&self) -> Option<DateTime<Utc>> {
        Some(self.certificates.as_ref()?.validity()?.1)
    }

    /// Whether the page is one of this server. With TLS, the certificate tells whose page it is, and `Host` only which port
    /// of that host the page comes from.
    fn is_own(&self, url: &Url, told: &str, arrival: Arrival<'_>) -> bool {
        let Some(certificates) = &self.certificates else { return is_at(url, arrival.local) };
        let host = told.strip_prefix("https://");
        let is_asked_for = host.zip(arrival.host).is_some_and(|(told, host)| told.eq_ignore_ascii_case(host));
        is_asked_for && url.host_str().is_some_and(|host| certificates.cover(host))
    }
}

/// Whether a URL names the address by its number. Host names do not count, because anybody's DNS can point a name here.
/// Only the address of the connection itself counts, never a header.
fn is_at(url: &Url, local: SocketAddr) -> bool {
    let host = match url.host() {
        Some(Host::Ipv4(host)) => IpAddr::V4(host),
        Some(Host::Ipv6(host)) => IpAddr::V6(host).to_canonical(),
        Some(Host::Domain(_)) | None => return false,
    };
    url.scheme() == "http"
        && host == local.ip().to_canonical()
        && url.port_or_known_default() == Some(local.port())
}

fn origin(url: &Url) -> String {
    match url.origin() {
        origin @ Origin::Tuple(..) => origin.ascii_serialization(),
        // Every opaque origin serialises to "null", so it is never allowed.
        Origin::Opaque(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(origins: &Origins, origin: &str, local: &str) -> bool {
        let arrival = Arrival { local: local.parse().unwrap(), host: None };
        origins.check(&HeaderValue::from_str(origin).unwrap(), arrival).is_ok()
    }

    #[test]
    fn without_a_setting_the_address_that_the_connection_arrived_at_is_ones_own() {
        let origins = Origins::new(None, &[], &["0.0.0.0:8765".parse().unwrap()], None);
        for (origin, local) in [
            ("http://192.168.1.5:8765", "192.168.1.5:8765"),
            ("http://192.168.1.5:8765", "[::ffff:192.168.1.5]:8765"),
            ("http://192.168.1.5", "192.168.1.5:80"),
            ("http://[fd00::5]:8765", "[fd00::5]:8765"),
            ("http://[fe80::1]:8765", "[fe80::1%2]:8765"),
            ("http://localhost:8765", "192.168.1.5:8765"),
        ] {
            assert!(allows(&origins, origin, local), "{origin} at {local}");
        }
        for foreign in [
            "http://192.168.1.6:8765",
            "http://192.168.1.5:8766",
            "http://192.168.1.5",
            "https://192.168.1.5:8765",
            "http://192.168.1.5.nip.io:8765",
            "http://chat.lan:8765",
            "http://127.0.0.1:8765",
            // Forms that no browser sends.
            "http://192.168.1.5:8765/",
            "http://0xc0a80105:8765",
            "http://user@192.168.1.5:8765",
            "ftp://192.168.1.5:8765",
            "http://localhost:8766",
            "null",
            "",
        ] {
            assert!(!allows(&origins, foreign, "192.168.1.5:8765"), "{foreign}");
        }
    }

    #[test]
    fn a_setting_replaces_the_address_and_is_compared_exactly() {
        let public = Url::parse("https://chat.example/").unwrap();
        let demo = Url::parse("http://localhost:8000").unwrap();
        let origins = Origins::new(Some(&public), &[demo], &["127.0.0.1:8765".parse().unwrap()], None);
        let local = "127.0.0.1:8765";
        assert!(allows(&origins, "https://chat.example", local));
        assert!(allows(&origins, "http://localhost:8000", local));
        for foreign in [
            "http://localhost:8765",
            "http://127.0.0.1:8765",
            "https://chat.example.evil.example",
            "http://chat.example",
        ] {
            assert!(!allows(&origins, foreign, local), "{foreign}");
        }
    }

    #[test]
    fn a_refusal_names_the_flag() {
        let origins = Origins::new(None, &[], &[], None);
        let arrival = Arrival { local: "127.0.0.1:8765".parse().unwrap(), host: None };
        let refused = |origin| origins.check(&HeaderValue::from_static(origin), arrival).unwrap_err();
        let failure = refused("http://chat.lan:8765");
        assert_eq!(failure.code, ErrorCode::OriginNotAllowed);
        assert!(failure.message.ends_with("--allow-origin http://chat.lan:8765"), "{failure}");
        assert!(!refused("null").message.contains("--allow-origin"), "it would not help");
    }
}
