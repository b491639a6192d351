//! The web client, embedded in the binary and compressed.

use anyhow::Context;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_body_util::BodyExt;
use memory_serve::CacheControl;
use sha2::{Digest, Sha256};
use tower::ServiceExt;

use super::paths::{self, Way};

const INDEX: &str = "/index.html";
/// What browsers ask for beside everything that is no page, such as an answer of the API.
const ICON: &str = "/favicon.ico";
/// Hexadecimal digits in the name of the program's folder.
const HASH_DIGITS: usize = 16;
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The root element of the page; where guests may not come in, it says so to whoever shows the first page.
const ROOT: &str = "<html lang=\"en\"";
const NO_GUESTS: &str = " data-guests=\"off\"";

pub(super) struct WebClient {
    files: Router,
    index: String,
    /// The page where guests may not come in, and its `ETag`.
    without_guests: (Bytes, HeaderValue),
}

impl WebClient {
    /// Loads the embedded files.
    pub(super) async fn embedded() -> anyhow::Result<Self> {
        // Names contain no hash of the final bytes, so browsers revalidate each time and get "not modified". The folder of
        // the program is the exception.
        let files = memory_serve::load!()
            .index_file(None)
            .html_cache_control(CacheControl::NoCache)
            .cache_control(CacheControl::NoCache)
            .enable_brotli(true)
            .enable_gzip(true)
            .into_router();
        let request = Request::get(INDEX).body(Body::empty())?;
        let answer = files.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let index =
            answer.into_body().collect().await.context("the embedded web client has no page")?.to_bytes();
        let index = String::from_utf8(index.into()).context("the embedded page is not UTF-8")?;
        let page = index.replacen(ROOT, &format!("{ROOT}{NO_GUESTS}"), 1);
        let tag = HeaderValue::try_from(format!("\"{}\"", STANDARD.encode(Sha256::digest(page.as_bytes()))))?;
        Ok(Self { files, index, without_guests: (page.into(), tag) })
    }

    /// Serves a file, or the page for the URLs of rooms and messages. An unknown URL gets the page too, with status
    /// 404; the page leads on from there. The page says whether guests may come in.
    pub(super) async fn serve(&self, mut request: Request, guests: bool) -> Response {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
        }
        if request.uri().path() == ICON
            && let Some(icon) = icon(&self.index)
        {
            return moved(icon, None);
        }
        let way = paths::way(request.uri().path());
        let immutable = is_immutable(request.uri().path());
        match &way {
            Way::Moved(path) => return moved(path, request.uri().query()),
            Way::File => {}
            Way::Page if !guests => return self.page_without_guests(request.headers()),
            Way::Nothing if !guests => {
                return (StatusCode::NOT_FOUND, self.page_without_guests(&HeaderMap::new())).into_response();
            }
            Way::Page | Way::Nothing => *request.uri_mut() = Uri::from_static(INDEX),
        }
        if way == Way::Nothing {
            request.headers_mut().remove(header::IF_NONE_MATCH);
        }
        let mut answer = self.files.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        if way == Way::Nothing {
            *answer.status_mut() = StatusCode::NOT_FOUND;
        }
        // The headers of a 304 replace those that the browser has kept.
        if immutable && (answer.status().is_success() || answer.status() == StatusCode::NOT_MODIFIED) {
            answer.headers_mut().insert(header::CACHE_CONTROL, IMMUTABLE);
        }
        name_charset(answer.headers_mut());
        answer
    }

    fn page_without_guests(&self, asked: &HeaderMap) -> Response {
        let (page, tag) = self.without_guests.clone();
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (header::ETAG, tag.clone()),
        ];
        if asked.get(header::IF_NONE_MATCH) == Some(&tag) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        (headers, page).into_response()
    }

    /// Allows scripts from our own origin, and trunk's inline loader by the hash of its text.
    pub(super) fn content_security_policy(&self) -> String {
        let hashes = inline_scripts(&self.index).map(|script| {
            let hash = STANDARD.encode(Sha256::digest(script.as_bytes()));
            format!(" 'sha256-{hash}'")
        });
        format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{}; style-src 'self'; img-src 'self' data: blob:; \
             font-src 'self'; connect-src 'self'; manifest-src 'self'; media-src 'self' blob:; object-src 'none'; \
             base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
            hashes.collect::<String>()
        )
    }
}

/// Returns the address of the page's icon.
fn icon(page: &str) -> Option<&str> {
    let tag = page.split('<').find(|tag| tag.starts_with("link ") && tag.contains("rel=\"icon\""))?;
    let (_, address) = tag.split_once("href=\"")?;
    address.split_once('"').map(|(address, _)| address)
}

fn moved(path: &str, query: Option<&str>) -> Response {
    let location = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    let headers = [(header::LOCATION, location), (header::CACHE_CONTROL, "no-cache".to_owned())];
    (StatusCode::PERMANENT_REDIRECT, headers).into_response()
}

/// Whether a path leads into the folder of one build of the program, which is named by the hash of its bytes
/// (`xtask/src/build/pieces`).
fn is_immutable(path: &str) -> bool {
    let folder = path.strip_prefix('/').and_then(|path| path.split_once('/')).map(|(folder, _)| folder);
    folder.is_some_and(|folder| {
        folder.len() == HASH_DIGITS && folder.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// Adds the charset: all embedded text is UTF-8.
fn name_charset(headers: &mut HeaderMap) {
    let text = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if let Some(kind) = text.filter(|kind| kind.starts_with("text/") && !kind.contains("charset"))
        && let Ok(kind) = HeaderValue::try_from(format!("{kind}; charset=utf-8"))
    {
        headers.insert(header::CONTENT_TYPE, kind);
    }
}

/// Returns the texts of the scripts without `src`.
fn inline_scripts(page: &str) -> impl Iterator<Item = &str> {
    page.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (text, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=")).then_some(text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_named_by_its_hash_never_changes() {
        assert!(is_immutable("/0123456789abcdef/client_bg.wasm"));
        for path in
            ["/", "/page.js", "/0123456789abcdef", "/r/0123456789abcdef", "/0123456789abcdeg/client.js"]
        {
            assert!(!is_immutable(path), "{path}");
        }
    }

    #[test]
    fn the_icon_is_the_one_of_the_page() {
        assert_eq!(
            icon(r#"<html><link rel="icon" href="/hiroba-1.svg"/><link href="/a.css">"#),
            Some("/hiroba-1.svg")
        );
        assert_eq!(icon("<html>"), None);
    }

    #[test]
    fn only_scripts_inside_the_page_are_hashed() {
        let page = r#"<script src="/a.js"></script><script type="module">import init;</script>"#;
        assert_eq!(inline_scripts(page).collect::<Vec<_>>(), ["import init;"]);
    }
}
