//! The line below the box: a hint, how much still fits, or why it cannot be sent.

use leptos::prelude::*;
use shared::limits::Limits;
use shared::text::visible_length;

use super::show::Show;
use crate::browser::dates::format_number;
use crate::i18n::{Language, use_language};
use crate::state::Store;

/// The rest is told when fewer characters are left.
const TELL_REST: usize = 200;

/// How much is in the box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    blank: bool,
    characters: usize,
    bytes: usize,
}

impl Size {
    /// Measures a text.
    pub fn of(text: &str) -> Self {
        Self { blank: text.trim().is_empty(), characters: visible_length(text), bytes: text.len() }
    }

    /// Whether it can be sent.
    pub const fn fits(self, limits: &Limits) -> bool {
        !self.blank && !self.is_too_long(limits)
    }

    /// Whether it is more than a message may have.
    pub const fn is_too_long(self, limits: &Limits) -> bool {
        self.characters > limits.content_graphemes || self.bytes > limits.content_bytes
    }
}

/// Why a text cannot be sent; none if it is not too long.
pub fn too_long(language: Language, limits: &Limits, size: Size) -> Option<String> {
    let number = |number: usize| format_number(language.format_tag(), number as u64);
    let texts = language.texts();
    let limit = limits.content_graphemes;
    size.is_too_long(limits).then(|| match size.characters.checked_sub(limit) {
        Some(over) if over > 0 => (texts.too_long)(&number(over), &number(limit)),
        Some(_) | None => texts.too_many_bytes.to_owned(),
    })
}

/// The line.
#[component]
pub fn Notes(
    /// How much is in the box.
    size: RwSignal<Size>,
) -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    let number = move |number: usize| format_number(language.get().format_tag(), number as u64);
    let problem =
        Memo::new(move |_| store.limits.with(|limits| too_long(language.get(), limits, size.get())));
    let hint = move || {
        let limit = store.limits.with(|limits| limits.content_graphemes);
        let left = limit.saturating_sub(size.get().characters);
        let texts = language.get().texts();
        if left < TELL_REST { (texts.characters_left)(&number(left)) } else { texts.send_hint.to_owned() }
    };
    view! {
        <p id="composer-notes" class="composer-notes">
            <Show
                when=move || problem.with(Option::is_some)
                fallback=move || view! { <span class="composer-hint">{hint}</span> }
            >
                <span class="problem" role="alert">
                    {move || problem.get()}
                </span>
            </Show>
        </p>
    }
}
