//! Browser storage, for this tab or for all tabs. A browser may refuse to store; that is ignored.

use leptos::prelude::window;
use serde::Serialize;
use serde::de::DeserializeOwned;
use web_sys::Storage;

/// Scope of a stored value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrowserStorage {
    /// Until the tab is closed: who is signed in here, and what was not sent.
    Tab,
    /// Across tabs and visits: preferences, and which account the browser is signed in to.
    Browser,
}

impl BrowserStorage {
    fn storage(self) -> Option<Storage> {
        match self {
            Self::Tab => window().session_storage(),
            Self::Browser => window().local_storage(),
        }
        .ok()
        .flatten()
    }

    /// The text stored under `key`.
    pub fn text(self, key: &str) -> Option<String> {
        self.storage()?.get_item(key).ok().flatten()
    }

    pub fn set_text(self, key: &str, text: &str) {
        if let Some(storage) = self.storage() {
            // The storage may be full or blocked.
            let _ = storage.set_item(key, text);
        }
    }

    /// Removes what is stored under `key`.
    pub fn remove(self, key: &str) {
        if let Some(storage) = self.storage() {
            let _ = storage.remove_item(key);
        }
    }

    /// The value stored under `key`; `None` if it is absent or from an incompatible version.
    pub fn value<T: DeserializeOwned>(self, key: &str) -> Option<T> {
        serde_json::from_str(&self.text(key)?).ok()
    }

    pub fn set_value<T: Serialize>(self, key: &str, value: &T) {
        if let Ok(text) = serde_json::to_string(value) {
            self.set_text(key, &text);
        }
    }
}
