//! Where one writes.

use std::cmp::Ordering;

use leptos::html::Textarea;
use leptos::prelude::*;
use shared::text::visible_length;
use shared::{MessageText, RoomAddress};
use web_sys::KeyboardEvent;

use super::icons::{Icon, SEND};
use super::keys::composing;
use super::moment::use_moment;
use crate::browser::dates::format_number;
use crate::browser::screen;
use crate::i18n::{t, use_language};
use crate::state::typing::OwnTyping;
use crate::state::{Store, now};

/// The rest is told when fewer characters are left.
const TELL_REST: usize = 200;

/// What is in the box, as far as the page needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Size {
    blank: bool,
    characters: usize,
    bytes: usize,
}

impl Size {
    fn of(text: &str) -> Self {
        Self { blank: text.trim().is_empty(), characters: visible_length(text), bytes: text.len() }
    }
}

/// The box and its button. The value is the browser's: it is set only when a room opens and after sending,
/// never while an input method composes.
#[component]
pub fn Composer(
    /// Where it goes.
    room: RoomAddress,
    /// Notified when something was written.
    jump: Trigger,
) -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    let moment = use_moment();
    let input = NodeRef::<Textarea>::new();
    let name = StoredValue::new(room);
    let draft = store.drafts.with_untracked(|drafts| name.with_value(|name| drafts.get(name).cloned()));
    let draft = draft.unwrap_or_default();
    let size = RwSignal::new(Size::of(&draft));
    let own = StoredValue::new(OwnTyping::default());

    let tell = move |told: Option<bool>| {
        if let Some(is_typing) = told {
            store.typing(name.get_value(), is_typing);
        }
    };
    let typing = move |change: &dyn Fn(&mut OwnTyping) -> Option<bool>| {
        tell(own.try_update_value(|own| change(own)).flatten());
    };
    let keep = move |text: String| {
        size.set(Size::of(&text));
        store.drafts.update(|drafts| {
            if text.is_empty() {
                drafts.remove(&name.get_value());
            } else {
                drafts.insert(name.get_value(), text);
            }
        });
    };
    let changed = move || {
        let Some(input) = input.get_untracked() else { return };
        let text = input.value();
        fit(&input);
        typing(&|own| own.changed(text.trim().is_empty(), now()));
        keep(text);
    };
    let fits = move || {
        let (size, limits) = (size.get(), store.limits.get());
        !size.blank && size.characters <= limits.content_graphemes && size.bytes <= limits.content_bytes
    };
    let send = move || {
        let Some(input) = input.get_untracked() else { return };
        if !untrack(fits) {
            return;
        }
        let Ok(text) = MessageText::new(&input.value()) else { return };
        input.set_value("");
        fit(&input);
        keep(String::new());
        typing(&|own| own.stopped());
        store.post(name.get_value(), text);
        jump.notify();
        // An element that is on the page takes the focus.
        let _ = input.focus();
    };
    let key = move |event: KeyboardEvent| {
        if event.key() != "Enter" || composing(&event) || event.shift_key() || screen::is_touch() {
            return;
        }
        event.prevent_default();
        send();
    };
    Effect::new(move || {
        let now = moment.now.get();
        if own.with_value(|own| *own != OwnTyping::default()) {
            typing(&|own| own.tick(now));
        }
    });
    Effect::new(move || {
        if let Some(input) = input.get() {
            fit(&input);
            // On glass the focus would bring up the keyboard unasked.
            if !screen::is_touch() {
                let _ = input.focus();
            }
        }
    });
    on_cleanup(move || typing(&|own| own.stopped()));

    let problem = move || {
        let (size, limits, language) = (size.get(), store.limits.get(), language.get());
        let texts = language.texts();
        let number = |number: usize| format_number(language.format_tag(), number as u64);
        let limit = limits.content_graphemes;
        match size.characters.cmp(&limit) {
            Ordering::Greater => Some((texts.too_long)(&number(size.characters - limit), &number(limit))),
            _ if size.bytes > limits.content_bytes => Some(texts.too_many_bytes.to_owned()),
            _ => None,
        }
    };
    let rest = move || {
        let (size, limits, language) = (size.get(), store.limits.get(), language.get());
        let left = limits.content_graphemes.checked_sub(size.characters)?;
        let shown = || format_number(language.format_tag(), left as u64);
        (left < TELL_REST).then(|| (language.texts().characters_left)(&shown()))
    };
    let label = move || name.with_value(|name| (language.get().texts().write_to)(name.as_str()));
    view! {
        <form
            class="composer"
            on:submit=move |event| {
                event.prevent_default();
                send();
            }
        >
            <div class="composer-box">
                <textarea
                    id="composer"
                    rows="1"
                    dir="auto"
                    data-testid="composer"
                    node_ref=input
                    prop:value=draft
                    aria-label=label
                    placeholder=label
                    aria-describedby="composer-notes"
                    aria-invalid=move || problem().is_some().to_string()
                    enterkeyhint=if screen::is_touch() { "enter" } else { "send" }
                    on:input=move |_| changed()
                    on:keydown=key
                    on:blur=move |_| typing(&|own| own.stopped())
                ></textarea>
                <button type="submit" class="send" data-testid="send" aria-label=t(|t| t.send)
                    title=t(|t| t.send) disabled=move || !fits()>
                    <Icon path=SEND />
                </button>
            </div>
            <p id="composer-notes" class="composer-notes">
                <Show
                    when=move || problem().is_some()
                    fallback=move || view! {
                        <span class="composer-hint">{move || rest().unwrap_or_else(|| language.get().texts().send_hint.to_owned())}</span>
                    }
                >
                    <span class="problem" role="alert">{problem}</span>
                </Show>
            </p>
        </form>
    }
}

/// As high as the text; the styles set the limit.
fn fit(input: &web_sys::HtmlTextAreaElement) {
    let style = web_sys::HtmlElement::style(input);
    // Styles take every valid value.
    let _ = style.set_property("height", "auto");
    let _ = style.set_property("height", &format!("{}px", input.scroll_height()));
}
