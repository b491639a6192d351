//! A field for something that a room tells of itself, and what is wrong with what was typed.

use leptos::prelude::*;
use shared::ShortText;
use shared::text::TextError;

use super::texts;
use crate::browser::dates::format_number;
use crate::i18n::{Text, t, use_language};

/// One line of text that somebody types.
#[derive(Clone, Copy)]
pub struct Line {
    id: &'static str,
    label: &'static Text,
    /// In user-visible characters.
    limit: usize,
    needed: bool,
    typed: RwSignal<String>,
    problem: RwSignal<Option<TextError>>,
}

impl Line {
    /// A line that begins as `text`.
    pub fn new(id: &'static str, label: &'static Text, limit: usize, text: Option<&ShortText>) -> Self {
        let typed = RwSignal::new(text.map(ToString::to_string).unwrap_or_default());
        Self { id, label, limit, needed: false, typed, problem: RwSignal::new(None) }
    }

    /// It must not be empty.
    pub fn needed(self) -> Self {
        Self { needed: true, ..self }
    }

    /// Returns what was typed, `None` for nothing.
    ///
    /// # Errors
    /// What is wrong with it, which is shown too.
    pub fn read(self) -> Result<Option<ShortText>, TextError> {
        match self.typed.with_untracked(|typed| ShortText::within(typed, self.limit)) {
            Ok(text) => Ok(Some(text)),
            Err(TextError::Empty) if !self.needed => Ok(None),
            Err(error) => {
                self.problem.set(Some(error.clone()));
                Err(error)
            }
        }
    }
}

#[component]
pub fn LineField(
    line: Line,
    /// Whether the text may be long.
    #[prop(optional)]
    tall: bool,
    /// Whether it has the focus when its dialog opens.
    #[prop(optional)]
    first: bool,
) -> impl IntoView {
    let Line { id, label, limit, needed, typed, problem } = line;
    let language = use_language();
    let words = move || {
        let language = language.get();
        problem.get().map(|problem| match problem {
            TextError::TooLong { .. } => {
                (texts::TOO_LONG.of(language))(&format_number(language.format_tag(), limit as u64))
            }
            TextError::Empty => texts::NEEDED.of(language).to_owned(),
            TextError::Forbidden(_) | TextError::Tilde | TextError::Dots => {
                texts::UNSEEN.of(language).to_owned()
            }
        })
    };
    let input = move |event| {
        problem.set(None);
        typed.set(event_target_value(&event));
    };
    let described = format!("{id}-problem");
    let invalid = move || problem.with(Option::is_some).to_string();
    let begins = typed.get_untracked();
    let field = if tall {
        view! {
            <textarea id=id data-testid=id rows="3" prop:value=begins aria-describedby=described.clone()
                aria-invalid=invalid on:input=input></textarea>
        }
        .into_any()
    } else {
        view! {
            <input id=id data-testid=id type="text" autocomplete="off" prop:value=begins autofocus=first
                aria-required=needed.then_some("true") aria-describedby=described.clone() aria-invalid=invalid
                on:input=input />
        }
        .into_any()
    };
    view! {
        <div class="field">
            <label class="field-label" for=id>{t(label)}</label>
            {field}
            <p id=described class="problem" role="alert">{words}</p>
        </div>
    }
}
