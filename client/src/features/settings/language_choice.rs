//! The language setting; each option is written in its own language.

use leptos::prelude::*;

use super::texts;
use crate::i18n::{Language, t, use_language};

/// Two buttons, one of them pressed.
#[component]
pub fn LanguageChoice() -> impl IntoView {
    let current = use_language();
    let button = move |language: Language, name: &'static str, testid: &'static str| {
        view! {
            <button
                type="button"
                class="segment"
                lang=language.tag()
                data-testid=testid
                aria-pressed=move || (current.get() == language).to_string()
                on:click=move |_| current.choose(language)
            >
                {name}
            </button>
        }
    };
    view! {
        <div class="segments" role="group" aria-label=t(&texts::LANGUAGE)>
            {button(Language::Japanese, "日本語", "lang-ja")}
            {button(Language::English, "English", "lang-en")}
        </div>
    }
}

/// The setting with its label.
pub fn section() -> AnyView {
    view! {
        <div class="field">
            <span class="field-label">{t(&texts::LANGUAGE)}</span>
            <LanguageChoice />
        </div>
    }
    .into_any()
}
