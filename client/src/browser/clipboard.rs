//! Copying text to the clipboard.

use js_sys::futures::JsFuture;
use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, HtmlTextAreaElement};

/// Copies a text to the clipboard. Returns false if the browser refuses.
pub async fn copy(text: &str) -> bool {
    if window().is_secure_context() {
        let writing = window().navigator().clipboard().write_text(text);
        return JsFuture::from(writing).await.is_ok();
    }
    // The clipboard API needs HTTPS; otherwise copy a selection.
    copy_selected(text).unwrap_or(false)
}

fn copy_selected(text: &str) -> Option<bool> {
    let holder: HtmlTextAreaElement = document().create_element("textarea").ok()?.dyn_into().ok()?;
    holder.set_value(text);
    let body = document().body()?;
    body.append_child(&holder).ok()?;
    holder.select();
    let copied = document().dyn_into::<HtmlDocument>().ok()?.exec_command("copy").unwrap_or(false);
    holder.remove();
    Some(copied)
}
