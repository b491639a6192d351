//! Files of this server that are not part of the initial load.

use js_sys::futures::JsFuture;
use leptos::prelude::window;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use web_sys::Response;

/// Fetches the JSON file at `path`; `None` if it cannot be loaded or parsed.
pub async fn json<T: DeserializeOwned>(path: &str) -> Option<T> {
    let response = JsFuture::from(window().fetch_with_str(path)).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    let text = JsFuture::from(response.text().ok()?).await.ok()?;
    serde_json::from_str(&text.as_string()?).ok()
}
