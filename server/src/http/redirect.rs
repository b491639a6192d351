//! Where the server speaks TLS: the answer to everything that comes without it.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use url::Url;

use super::security;
use crate::tls::Challenges;

/// The address that people are sent to.
#[derive(Debug, Clone)]
pub enum SecureAddress {
    /// This address, whatever they asked for.
    Public(Url),
    /// The host that they asked for, at this port.
    SameHost { port: u16 },
}

impl SecureAddress {
    /// The address of the same page with TLS; `None` if the request names no host.
    fn of(&self, host: Option<&str>, page: &Uri) -> Option<Url> {
        let mut url = match self {
            Self::Public(url) => url.clone(),
            Self::SameHost { port } => {
                let host = host?;
                let mut url = Url::parse(&format!("https://{host}/")).ok()?;
                // Anything but a host and a port would have changed more of the address.
                let is_plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
                if !is_plain || !url.username().is_empty() {
                    return None;
                }
                url.set_port(Some(*port)).ok()?;
                url
            }
        };
        url.set_path(page.path());
        url.set_query(page.query());
        Some(url)
    }
}

/// Sends every request to the same page with TLS, but those of an ACME authority, which come without.
pub fn redirect(to: SecureAddress, challenges: Option<Arc<Challenges>>) -> Router {
    let mut router = Router::new().fallback(answer).with_state(Arc::new(to));
    if let Some(challenges) = challenges {
        let answer =
            async move |Path(token): Path<String>| challenges.text(&token).ok_or(StatusCode::NOT_FOUND);
        router = router.route("/.well-known/acme-challenge/{token}", get(answer));
    }
    security::with_headers(router, "default-src 'none'")
}

async fn answer(State(to): State<Arc<SecureAddress>>, request: Request) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    match to.of(host, request.uri()) {
        Some(url) => Redirect::permanent(url.as_str()).into_response(),
        None => (StatusCode::BAD_REQUEST, "this server speaks HTTPS\n").into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(to: &SecureAddress, host: Option<&str>, page: &str) -> Option<String> {
        to.of(host, &page.parse().unwrap()).map(String::from)
    }

    #[test]
    fn the_same_page_is_where_tls_is_spoken() {
        let same = SecureAddress::SameHost { port: 8765 };
        let at = |host, page| sent(&same, Some(host), page);
        assert_eq!(at("chat.example", "/?room=a").as_deref(), Some("https://chat.example:8765/?room=a"));
        assert_eq!(at("chat.example:80", "/").as_deref(), Some("https://chat.example:8765/"));
        assert_eq!(at("[::1]:80", "/x").as_deref(), Some("https://[::1]:8765/x"));
        let usual = SecureAddress::SameHost { port: 443 };
        assert_eq!(sent(&usual, Some("chat.example"), "/").as_deref(), Some("https://chat.example/"));
        for wrong in
            ["", "a b", "evil.example/x", "user@evil.example", "evil.example?x", "evil.example#x", "a:b"]
        {
            assert_eq!(at(wrong, "/"), None, "{wrong}");
        }
        assert_eq!(sent(&same, None, "/"), None);
    }

    #[test]
    fn the_public_address_goes_before_what_was_asked_for() {
        let public = SecureAddress::Public(Url::parse("https://chat.example/").unwrap());
        assert_eq!(sent(&public, Some("other.example"), "/a").as_deref(), Some("https://chat.example/a"));
        assert_eq!(sent(&public, None, "/").as_deref(), Some("https://chat.example/"));
    }
}
