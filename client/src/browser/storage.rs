//! What is kept in the browser: for this tab, or for all of them. A browser may refuse; then it is not kept.

use leptos::prelude::window;
use serde::Serialize;
use serde::de::DeserializeOwned;
use web_sys::Storage;

/// Where a value is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// As long as the tab: who the guest is.
    Tab,
    /// For all tabs and later visits: choices.
    Browser,
}

impl Keep {
    fn storage(self) -> Option<Storage> {
        match self {
            Self::Tab => window().session_storage(),
            Self::Browser => window().local_storage(),
        }
        .ok()
        .flatten()
    }

    /// The text kept under `key`.
    pub fn text(self, key: &str) -> Option<String> {
        self.storage()?.get_item(key).ok().flatten()
    }

    /// Keeps a text.
    pub fn set_text(self, key: &str, text: &str) {
        if let Some(storage) = self.storage() {
            // A full or forbidden storage.
            let _ = storage.set_item(key, text);
        }
    }

    /// Forgets what is kept under `key`.
    pub fn remove(self, key: &str) {
        if let Some(storage) = self.storage() {
            let _ = storage.remove_item(key);
        }
    }

    /// The value kept under `key`; none if it is from an incompatible version.
    pub fn value<T: DeserializeOwned>(self, key: &str) -> Option<T> {
        serde_json::from_str(&self.text(key)?).ok()
    }

    /// Keeps a value.
    pub fn set_value<T: Serialize>(self, key: &str, value: &T) {
        if let Ok(text) = serde_json::to_string(value) {
            self.set_text(key, &text);
        }
    }
}
