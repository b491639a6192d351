//! Choices about the page that this browser keeps. Each is an attribute of the root element, where styles read it too;
//! `public/page.js` sets them before the first paint.

use leptos::prelude::document;

use super::storage::BrowserStorage;

/// The value that was chosen; `None` for the default.
pub fn chosen(name: &str) -> Option<String> {
    document().document_element()?.get_attribute(&format!("data-{name}"))
}

/// Applies a value for as long as the page, without storing it.
pub fn set(name: &str, value: Option<&str>) {
    let (Some(root), attribute) = (document().document_element(), format!("data-{name}")) else { return };
    // Changing an attribute with a valid name does not fail.
    let _ = match value {
        Some(value) => root.set_attribute(&attribute, value),
        None => root.remove_attribute(&attribute),
    };
}

/// Applies and stores a choice; `None` stands for the default.
pub fn choose(name: &str, value: Option<&str>) {
    let (key, attribute) = (format!("hiroba.{name}"), format!("data-{name}"));
    let Some(root) = document().document_element() else { return };
    // Changing an attribute with a valid name does not fail.
    let _ = match value {
        Some(value) => {
            BrowserStorage::Browser.set_text(&key, value);
            root.set_attribute(&attribute, value)
        }
        None => {
            BrowserStorage::Browser.remove(&key);
            root.remove_attribute(&attribute)
        }
    };
}
