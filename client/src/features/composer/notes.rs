//! The line below the composer: a hint, the characters left, or why the text cannot be sent.

use leptos::prelude::*;
use shared::limits::Limits;
use shared::text::{shows, visible_length};

use super::texts;
use crate::browser::dates::format_number;
use crate::browser::screen;
use crate::core::Store;
use crate::i18n::{Language, use_language};
use crate::ui::layers::use_layers;
use crate::ui::show::Show;
use crate::ui::{send_key, text_box};

/// The remaining characters are shown below this number.
const TELL_REST: usize = 200;

/// The size of the text in the composer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    Counted {
        /// Whether nothing visible is in it.
        blank: bool,
        /// User-perceived characters (graphemes).
        characters: usize,
        /// Bytes of UTF-8.
        bytes: usize,
    },
    /// Far above the limit: too expensive to count on every key press.
    Far,
}

impl Size {
    pub fn of(text: &str) -> Self {
        Self::Counted { blank: !shows(text), characters: visible_length(text), bytes: text.len() }
    }

    /// Measures the initial text of a box.
    pub fn of_draft(text: &str) -> Self {
        Self::of_box(Some(text).filter(|text| !text_box::is_far_text(text)))
    }

    /// Measures the text of a box; `None` stands for one far above the limit.
    pub fn of_box(text: Option<&str>) -> Self {
        text.map_or(Self::Far, Self::of)
    }

    /// Whether nothing visible is in it.
    pub const fn is_blank(self) -> bool {
        matches!(self, Self::Counted { blank: true, .. })
    }

    pub const fn fits(self, limits: &Limits) -> bool {
        !self.is_blank() && !self.is_too_long(limits)
    }

    /// Whether it exceeds the limits of a message.
    pub const fn is_too_long(self, limits: &Limits) -> bool {
        match self {
            Self::Counted { characters, bytes, .. } => {
                characters > limits.content_graphemes || bytes > limits.content_bytes
            }
            Self::Far => true,
        }
    }
}

/// Why a text cannot be sent; `None` if it is not too long.
pub fn too_long(language: Language, limits: &Limits, size: Size) -> Option<String> {
    let number = |number: usize| format_number(language.format_tag(), number as u64);
    let limit = limits.content_graphemes;
    size.is_too_long(limits).then(|| match size {
        Size::Counted { characters, .. } if characters > limit => {
            (texts::TOO_LONG.of(language))(&number(characters - limit), &number(limit))
        }
        Size::Counted { .. } => texts::TOO_MANY_BYTES.of(language).to_owned(),
        Size::Far => (texts::FAR_TOO_LONG.of(language))(&number(limit)),
    })
}

#[component]
pub fn Notes(
    /// Size of the text in the composer.
    size: RwSignal<Size>,
    /// Why nothing can be written at present.
    said: Signal<Option<String>>,
) -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    let layers = use_layers();
    let number = move |number: usize| format_number(language.get().format_tag(), number as u64);
    let problem =
        Memo::new(move |_| store.limits.with(|limits| too_long(language.get(), limits, size.get())));
    let hint = move || {
        // The settings are a dialog, and what they say of the key is no signal.
        let _ = layers.has_dialog();
        let limit = store.limits.with(|limits| limits.content_graphemes);
        let language = language.get();
        match size.get() {
            Size::Counted { characters, .. } if characters + TELL_REST > limit => {
                (texts::CHARACTERS_LEFT.of(language))(&number(limit.saturating_sub(characters)))
            }
            Size::Counted { .. } | Size::Far if send_key::needs_command() => {
                (texts::SEND_HINT_COMMAND.of(language))(screen::command_key())
            }
            Size::Counted { .. } | Size::Far => texts::SEND_HINT.of(language).to_owned(),
        }
    };
    view! {
        <p id="composer-notes" class="composer-notes">
            <Show
                when=move || problem.with(Option::is_some)
                fallback=move || match said.get() {
                    Some(words) => view! { <span class="composer-barrier" data-testid="composer-barrier">{words}</span> }.into_any(),
                    None => view! { <span class="composer-hint">{hint}</span> }.into_any(),
                }
            >
                <span class="problem" role="alert">
                    {move || problem.get()}
                </span>
            </Show>
        </p>
    }
}
