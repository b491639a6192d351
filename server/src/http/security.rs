//! Security headers of every answer, including errors.

use axum::Router;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::response::Response;
use tower::ServiceBuilder;
use tower_http::set_header::SetResponseHeaderLayer;
use url::{Host, Url};

const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// The policy of everything that is no page. Browsers apply it if somebody opens such a file by itself, which they show
/// with our icon.
const NOTHING: HeaderValue =
    HeaderValue::from_static("default-src 'none'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'");

/// A year (RFC 6797). Not for sub-domains, of which the operator may have others.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Whether browsers may remember that this address is never reached without HTTPS. A name of one's own machine is that of
/// other servers too.
pub(super) fn is_always_https(url: &Url) -> bool {
    let is_local =
        matches!(url.host(), Some(Host::Domain(name)) if name == "localhost" || name.ends_with(".localhost"));
    url.scheme() == "https" && url.domain().is_some() && !is_local
}

/// Tells browsers to use HTTPS only.
pub(super) fn with_hsts(router: Router) -> Router {
    router.layer(SetResponseHeaderLayer::overriding(STRICT_TRANSPORT_SECURITY, HSTS))
}

/// Adds the headers; `policy` is the content security policy of the page.
pub(super) fn with_headers(router: Router, policy: &str) -> Router {
    let fixed = |name, value| SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value));
    let policy = HeaderValue::from_str(policy).unwrap_or(NOTHING);
    let policy = move |answer: &Response| {
        let kind = answer.headers().get(CONTENT_TYPE).map_or(&[][..], HeaderValue::as_bytes);
        Some(if kind.starts_with(b"text/html") { policy.clone() } else { NOTHING })
    };
    router.layer(
        ServiceBuilder::new()
            .layer(SetResponseHeaderLayer::overriding(CONTENT_SECURITY_POLICY, policy))
            .layer(fixed(X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .layer(fixed(X_FRAME_OPTIONS, "DENY"))
            .layer(fixed(REFERRER_POLICY, "no-referrer"))
            .layer(fixed(CROSS_ORIGIN_OPENER_POLICY, "same-origin")),
    )
}
