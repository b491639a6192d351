//! Security headers of every answer, including errors.

use axum::Router;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::response::Response;
use tower::ServiceBuilder;
use tower_http::set_header::SetResponseHeaderLayer;

const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// The policy of everything that is no page. Browsers apply it if somebody opens such a file by itself, which they show
/// with our icon.
const NOTHING: HeaderValue =
    HeaderValue::from_static("default-src 'none'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'");

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
