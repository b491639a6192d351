//! The light or dark theme: the system's, or the chosen one.

use leptos::prelude::*;

use crate::browser::storage::BrowserStorage;

/// Storage key of the choice; `public/theme.js` reads it before the first paint.
const KEY: &str = "hiroba.theme";

/// A theme setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Follows the system.
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The name in storage and in the styles.
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

/// The chosen theme, as a context.
#[derive(Clone, Copy)]
pub struct CurrentTheme(RwSignal<Theme>);

impl CurrentTheme {
    /// Creates the context with the choice of an earlier visit.
    pub fn provide() {
        let kept = BrowserStorage::Browser.text(KEY).unwrap_or_default();
        provide_context(Self(RwSignal::new(Theme::named(&kept))));
    }

    pub fn get(self) -> Theme {
        self.0.get()
    }

    /// Applies and stores the theme with this name.
    pub fn choose(self, name: &str) {
        let theme = Theme::named(name);
        BrowserStorage::Browser.set_text(KEY, theme.name());
        if let Some(root) = document().document_element() {
            // Setting an attribute with a valid name does not fail.
            let _ = match theme {
                Theme::System => root.remove_attribute("data-theme"),
                Theme::Light | Theme::Dark => root.set_attribute("data-theme", theme.name()),
            };
        }
        self.0.set(theme);
    }
}
