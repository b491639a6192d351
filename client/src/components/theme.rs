//! Light or dark: as the system has it, or as it was chosen.

use leptos::prelude::*;

use crate::browser::storage::Keep;

/// Where the choice is kept; `public/theme.js` reads it before the first paint.
const KEY: &str = "hiroba.theme";

/// A choice of appearance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// Its name in storage and in the styles.
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.name() == name).unwrap_or(Self::System)
    }
}

/// The chosen appearance, as a context.
#[derive(Clone, Copy)]
pub struct CurrentTheme(RwSignal<Theme>);

impl CurrentTheme {
    /// Begins with what was chosen on an earlier visit.
    pub fn provide() {
        let kept = Keep::Browser.text(KEY).unwrap_or_default();
        provide_context(Self(RwSignal::new(Theme::named(&kept))));
    }

    /// The choice.
    pub fn get(self) -> Theme {
        self.0.get()
    }

    /// Chooses by name, shows it and remembers it.
    pub fn choose(self, name: &str) {
        let theme = Theme::named(name);
        Keep::Browser.set_text(KEY, theme.name());
        if let Some(root) = document().document_element() {
            // An element takes every attribute of a valid name.
            let _ = match theme {
                Theme::System => root.remove_attribute("data-theme"),
                Theme::Light | Theme::Dark => root.set_attribute("data-theme", theme.name()),
            };
        }
        self.0.set(theme);
    }
}
