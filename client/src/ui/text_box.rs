//! A text box that is as high as its text, and where a key press costs the same for any length. A text far above the
//! limit is neither counted nor measured, and it is read only to be stored.

use leptos::html::Textarea;
use leptos::prelude::*;
use shared::limits::{CONTENT_BYTES, ROOM_NAME_CHARS};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, HtmlTextAreaElement, ResizeObserver};

/// A text with more UTF-16 code units is far too long: it exceeds the limit in bytes as well.
const FAR: u32 = CONTENT_BYTES as u32;
/// A text with more UTF-16 code units fills the box in any window.
const FILLS: u32 = 4_000;
/// UTF-16 code units before the caret in which a name may begin, including what precedes it.
const NAME: u32 = 2 * (ROOM_NAME_CHARS as u32 + 3);

/// Whether the text is far too long for a message.
pub fn is_far(input: &HtmlTextAreaElement) -> bool {
    input.text_length() > FAR
}

/// Whether a text is far too long for a message.
pub fn is_far_text(text: &str) -> bool {
    text.encode_utf16().nth(FAR as usize).is_some()
}

/// The text; `None` if it is far too long.
pub fn text(input: &HtmlTextAreaElement) -> Option<String> {
    (!is_far(input)).then(|| input.value())
}

/// The end of the text before `caret`, and its offset in UTF-16 code units.
pub fn before(input: &HtmlTextAreaElement, caret: u32) -> (String, u32) {
    let from = caret.saturating_sub(NAME);
    // Slices in JavaScript, so that the whole text is not copied.
    let value = js_sys::Reflect::get(input, &JsValue::from_str("value")).unwrap_or_default();
    let value: js_sys::JsString = value.unchecked_into();
    (String::from(value.slice(from, caret)), from)
}

/// Resizes the box to the height of its text; the styles set the maximum.
pub fn fit(input: &HtmlTextAreaElement) {
    let style = HtmlElement::style(input);
    // Setting a valid style property does not fail.
    if input.text_length() > FILLS {
        let _ = style.set_property("height", "100vh");
        return;
    }
    // Fix the height of the parent meanwhile: otherwise a conversation scrolled to its end would lose its position.
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

/// Also resizes the box when its width changes, e.g. with the window, or is first known.
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
