//! Why no connection could be opened: browsers hide the server's answer to that from the page, so it asks.

use js_sys::futures::JsFuture;
use leptos::prelude::window;
use shared::Failure;
use wasm_bindgen::JsCast;
use web_sys::{RequestInit, Response};

use super::conversation::{End, LOST};
use crate::state::connection::Stop;

/// Whether pages from here may connect.
const QUESTION: &str = "/api/connect";

/// Asks the server.
pub async fn find() -> End {
    let Some((status, body)) = ask().await else { return LOST };
    match serde_json::from_str::<Failure>(&body) {
        _ if status == 204 => End::Lost { retry_after: None, barred: true },
        Ok(failure) if !failure.code.retryable() && status == 403 => {
            End::Stopped(Stop::Refused(failure.code))
        }
        _ => LOST,
    }
}

async fn ask() -> Option<(u16, String)> {
    let post = RequestInit::new();
    post.set_method("POST");
    let response = JsFuture::from(window().fetch_with_str_and_init(QUESTION, &post)).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    let body = JsFuture::from(response.text().ok()?).await.ok()?;
    Some((response.status(), body.as_string()?))
}
