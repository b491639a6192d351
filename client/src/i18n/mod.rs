//! The words of the page in Japanese and English. A language that lacks one does not compile.

mod en;
mod errors;
mod ja;
mod texts;

use leptos::prelude::*;

use crate::browser::storage::Keep;
pub use errors::reason;
pub use texts::Texts;

/// Where the choice is kept; `public/theme.js` reads it before the first paint.
const KEY: &str = "hiroba.language";

/// A language of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Japanese.
    Japanese,
    /// English.
    English,
}

impl Language {
    /// Its BCP 47 tag in `<html lang>`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Japanese => "ja",
            Self::English => "en",
        }
    }

    /// The tag by which dates and numbers are written.
    pub const fn format_tag(self) -> &'static str {
        match self {
            Self::Japanese => "ja",
            Self::English => "en-GB",
        }
    }

    /// Its words.
    pub const fn texts(self) -> &'static Texts {
        match self {
            Self::Japanese => &ja::TEXTS,
            Self::English => &en::TEXTS,
        }
    }

    /// The one that was chosen, or else the browser's.
    pub fn preferred() -> Self {
        let preferred = || window().navigator().language().unwrap_or_default();
        let tag = Keep::Browser.text(KEY).unwrap_or_else(preferred);
        if tag.to_ascii_lowercase().starts_with("ja") { Self::Japanese } else { Self::English }
    }
}

/// The language of the page, as a context.
#[derive(Clone, Copy)]
pub struct CurrentLanguage(RwSignal<Language>);

impl CurrentLanguage {
    /// Begins with the preferred one and keeps `<html lang>` right.
    pub fn provide() -> Self {
        let current = Self(RwSignal::new(Language::preferred()));
        provide_context(current);
        Effect::new(move || {
            if let Some(root) = document().document_element() {
                // An element takes every attribute of a valid name.
                let _ = root.set_attribute("lang", current.get().tag());
            }
        });
        current
    }

    /// The language; its reader is woken when it changes.
    pub fn get(self) -> Language {
        self.0.get()
    }

    /// Switches to another and remembers it.
    pub fn choose(self, language: Language) {
        Keep::Browser.set_text(KEY, language.tag());
        self.0.set(language);
    }
}

/// The language of the page, from the context.
pub fn use_language() -> CurrentLanguage {
    expect_context()
}

/// Words of the page that follow the language.
pub fn t<T: 'static>(pick: fn(&'static Texts) -> T) -> impl Fn() -> T + Copy + Send + Sync {
    let language = use_language();
    move || pick(language.get().texts())
}
