//! Requests over HTTP to the server of this page.

use js_sys::Reflect;
use js_sys::futures::JsFuture;
use leptos::prelude::window;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use web_sys::{AbortController, RequestInit, Response};

/// Fetches the JSON file at `path`; `None` if it cannot be loaded or parsed.
pub async fn json<T: DeserializeOwned>(path: &str) -> Option<T> {
    let (status, body) = send("GET", path, None, None).await?;
    if status != 200 {
        return None;
    }
    serde_json::from_str(&body).ok()
}

/// Aborts a request, if it is not answered yet, when it is dropped.
struct Abort(AbortController);

impl Drop for Abort {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Sends a request, with an access token and a body of JSON if there are any. Returns the status and the body of the
/// answer; `None` if there was no answer. The browser ends what was begun even if the page is closed, so that a cookie
/// of the answer is kept; but not if the future is dropped.
pub async fn send(
    method: &str,
    path: &str,
    token: Option<&str>,
    body: Option<&str>,
) -> Option<(u16, String)> {
    let request = RequestInit::new();
    request.set_method(method);
    if let Some(body) = body {
        request.set_body(&body.into());
    }
    // Setting a property of a plain object does not fail.
    let _ = Reflect::set(&request, &"keepalive".into(), &true.into());
    let abort = AbortController::new().ok().map(Abort);
    request.set_signal(abort.as_ref().map(|abort| abort.0.signal()).as_ref());
    let response = respond(path, token, body.is_some(), &request).await?;
    let body = JsFuture::from(response.text().ok()?).await.ok()?;
    Some((response.status(), body.as_string()?))
}

/// Asks for `path` with an access token. Returns the answer when it begins; `None` if there was none.
pub async fn begin(path: &str, token: &str) -> Option<Response> {
    respond(path, Some(token), false, &RequestInit::new()).await
}

async fn respond(path: &str, token: Option<&str>, is_json: bool, request: &RequestInit) -> Option<Response> {
    let headers = js_sys::Object::new();
    if let Some(token) = token {
        let _ = Reflect::set(&headers, &"authorization".into(), &format!("Bearer {token}").into());
    }
    if is_json {
        let _ = Reflect::set(&headers, &"content-type".into(), &"application/json".into());
    }
    request.set_headers(&headers);
    let response = JsFuture::from(window().fetch_with_str_and_init(path, request)).await.ok()?;
    response.dyn_into().ok()
}
