//! A box for text: as high as its text, and a key costs the same however much is in it. What is far more than a
//! message may have is neither counted nor measured, and it is read only when it is kept.

use leptos::html::Textarea;
use leptos::prelude::*;
use shared::limits::{CONTENT_BYTES, USER_NAME_CHARS};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, HtmlTextAreaElement, ResizeObserver};

/// More UTF-16 units than this are far too many: a message may not have as many bytes.
const FAR: u32 = CONTENT_BYTES as u32;
/// More UTF-16 units than this fill every box, in whatever window.
const FILLS: u32 = 4_000;
/// UTF-16 units before the caret in which a name may have begun, with what stands before it.
const NAME: u32 = 2 * (USER_NAME_CHARS as u32 + 3);

/// Whether the text is far too long for a message.
pub fn is_far(input: &HtmlTextAreaElement) -> bool {
    input.text_length() > FAR
}

/// Whether a text is far too long for a message.
pub fn is_far_text(text: &str) -> bool {
    text.encode_utf16().nth(FAR as usize).is_some()
}

/// The text, unless it is far too long.
pub fn text(input: &HtmlTextAreaElement) -> Option<String> {
    (!is_far(input)).then(|| input.value())
}

/// The end of the text before `caret`, and at how many UTF-16 units it begins.
pub fn before(input: &HtmlTextAreaElement, caret: u32) -> (String, u32) {
    let from = caret.saturating_sub(NAME);
    // The whole text stays in the browser.
    let value = js_sys::Reflect::get(input, &JsValue::from_str("value")).unwrap_or_default();
    let value: js_sys::JsString = value.unchecked_into();
    (String::from(value.slice(from, caret)), from)
}

/// Makes the box as high as its text; the styles set the limit.
pub fn fit(input: &HtmlTextAreaElement) {
    let style = HtmlElement::style(input);
    // Styles take every valid value.
    if input.text_length() > FILLS {
        let _ = style.set_property("height", "100vh");
        return;
    }
    // What surrounds the box keeps its height meanwhile: a conversation that is scrolled to its end would lose it.
    let around = input.parent_element().and_then(|around| around.dyn_into::<HtmlElement>().ok());
    if let Some(around) = &around {
        let _ =
            HtmlElement::style(around).set_property("min-height", &format!("{}px", around.offset_height()));
    }
    let _ = style.set_property("height", "auto");
    let _ = style.set_property("height", &format!("{}px", input.scroll_height()));
    if let Some(around) = around {
        let _ = HtmlElement::style(&around).remove_property("min-height");
    }
}

/// Keeps the box as high as its text also when its width changes, as with the window, or is known at last.
pub fn follow_width(input: NodeRef<Textarea>) {
    let observer = StoredValue::new_local(None::<(ResizeObserver, Closure<dyn FnMut()>)>);
    Effect::new(move || {
        let Some(input) = input.get() else { return };
        let seen = input.clone();
        let width = std::cell::Cell::new(-1);
        let resized = Closure::<dyn FnMut()>::new(move || {
            if width.replace(seen.client_width()) != seen.client_width() {
                fit(&seen);
            }
        });
        if let Ok(watch) = ResizeObserver::new(resized.as_ref().unchecked_ref()) {
            watch.observe(&input);
            observer.set_value(Some((watch, resized)));
        }
    });
    on_cleanup(move || {
        if let Some((watch, _resized)) = observer.try_update_value(Option::take).flatten() {
            watch.disconnect();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_sent_is_never_far_too_long() {
        let longest = "あ".repeat(shared::limits::CONTENT_GRAPHEMES);
        assert!(shared::MessageText::new(&longest).is_ok() && !is_far_text(&longest));
        let longest = "👩‍👩‍👧".repeat(CONTENT_BYTES / "👩‍👩‍👧".len());
        assert!(shared::MessageText::new(&longest).is_ok() && !is_far_text(&longest));
        let shortest = "\n".repeat(FAR as usize + 1);
        assert!(is_far_text(&shortest) && shared::MessageText::new(&shortest).is_err());
    }
}
