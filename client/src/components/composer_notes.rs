//! The line below the box: a hint, how much still fits, or why it cannot be sent.

use leptos::prelude::*;
use shared::limits::Limits;
use shared::text::{shows, visible_length};

use super::show::Show;
use super::text_box;
use crate::browser::dates::format_number;
use crate::i18n::{Language, use_language};
use crate::state::Store;

/// The rest is told when fewer characters are left.
const TELL_REST: usize = 200;

/// How much is in the box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// It was counted.
    Counted {
        /// Nothing can be seen.
        blank: bool,
        /// User-visible characters.
        characters: usize,
        /// Bytes of UTF-8.
        bytes: usize,
    },
    /// Far more than a message may have. Nobody counts it with every key.
    Far,
}

impl Size {
    /// Measures a text.
    pub fn of(text: &str) -> Self {
        Self::Counted { blank: !shows(text), characters: visible_length(text), bytes: text.len() }
    }

    /// Measures a text that comes into a box.
    pub fn of_draft(text: &str) -> Self {
        Self::of_box(Some(text).filter(|text| !text_box::is_far_text(text)))
    }

    /// Measures a text, which is far too long if it is not given.
    pub fn of_box(text: Option<&str>) -> Self {
        text.map_or(Self::Far, Self::of)
    }

    /// Whether nothing can be seen.
    pub const fn is_blank(self) -> bool {
        matches!(self, Self::Counted { blank: true, .. })
    }

    /// Whether it can be sent.
    pub const fn fits(self, limits: &Limits) -> bool {
        !self.is_blank() && !self.is_too_long(limits)
    }

    /// Whether it is more than a message may have.
    pub const fn is_too_long(self, limits: &Limits) -> bool {
        match self {
            Self::Counted { characters, bytes, .. } => {
                characters > limits.content_graphemes || bytes > limits.content_bytes
            }
            Self::Far => true,
        }
    }
}

/// Why a text cannot be sent; none if it is not too long.
pub fn too_long(language: Language, limits: &Limits, size: Size) -> Option<String> {
    let number = |number: usize| format_number(language.format_tag(), number as u64);
    let texts = language.texts();
    let limit = limits.content_graphemes;
    size.is_too_long(limits).then(|| match size {
        Size::Counted { characters, .. } if characters > limit => {
            (texts.too_long)(&number(characters - limit), &number(limit))
        }
        Size::Counted { .. } => texts.too_many_bytes.to_owned(),
        Size::Far => (texts.far_too_long)(&number(limit)),
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
        let texts = language.get().texts();
        match size.get() {
            Size::Counted { characters, .. } if characters + TELL_REST > limit => {
                (texts.characters_left)(&number(limit.saturating_sub(characters)))
            }
            Size::Counted { .. } | Size::Far => texts.send_hint.to_owned(),
        }
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
