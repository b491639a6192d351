//! The strings of the page in Japanese and English. A missing translation is a compile error.

pub mod common;
pub mod errors;
mod span;

use leptos::prelude::*;

use crate::browser::storage::BrowserStorage;
pub use errors::reason;
pub use span::span;

/// Storage key of the choice; `public/page.js` reads it before the first paint.
const KEY: &str = "hiroba.language";

/// A language of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Japanese,
    English,
}

impl Language {
    /// The BCP 47 tag in `<html lang>`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Japanese => "ja",
            Self::English => "en",
        }
    }

    /// The BCP 47 tag for formatting dates and numbers.
    pub const fn format_tag(self) -> &'static str {
        match self {
            Self::Japanese => "ja",
            Self::English => "en-GB",
        }
    }

    /// The chosen language, or else the browser's.
    pub fn preferred() -> Self {
        let preferred = || window().navigator().language().unwrap_or_default();
        let tag = BrowserStorage::Browser.text(KEY).unwrap_or_else(preferred);
        if tag.to_ascii_lowercase().starts_with("ja") { Self::Japanese } else { Self::English }
    }
}

/// The language of the page, as a context.
#[derive(Clone, Copy)]
pub struct CurrentLanguage(RwSignal<Language>);

impl CurrentLanguage {
    /// Creates the context with the preferred language and keeps `<html lang>` up to date.
    pub fn provide() -> Self {
        let current = Self(RwSignal::new(Language::preferred()));
        provide_context(current);
        Effect::new(move || {
            if let Some(root) = document().document_element() {
                // Setting an attribute with a valid name does not fail.
                let _ = root.set_attribute("lang", current.get().tag());
            }
        });
        current
    }

    /// The current language. Tracked.
    pub fn get(self) -> Language {
        self.0.get()
    }

    /// Switches to a language and stores the choice.
    pub fn choose(self, language: Language) {
        BrowserStorage::Browser.set_text(KEY, language.tag());
        self.0.set(language);
    }
}

/// Returns the language of the page from the context.
pub fn use_language() -> CurrentLanguage {
    expect_context()
}

/// A text of the page in both languages, or a function that makes one of its values.
#[derive(Debug)]
pub struct Text<T = &'static str> {
    pub en: T,
    pub ja: T,
}

impl<T: Copy> Text<T> {
    /// The text in one language.
    pub fn of(&self, language: Language) -> T {
        match language {
            Language::English => self.en,
            Language::Japanese => self.ja,
        }
    }
}

/// A text of the page that follows the language.
pub fn t<T: Copy + Send + Sync + 'static>(text: &'static Text<T>) -> impl Fn() -> T + Copy + Send + Sync {
    let language = use_language();
    move || text.of(language.get())
}
