//! Keyed lists.

use std::sync::Arc;

use leptos::prelude::*;

/// An item; its row is rendered when its key is new in the list.
struct Entry {
    key: String,
    row: Box<dyn FnOnce() -> AnyView + Send>,
}

/// Renders a row for each of `items` and keeps it while an item with the same `key` exists. Keys must be unique.
/// Leptos' own `For` is compiled anew for every item type; this wrapper is downloaded once.
pub fn each<T: Send + 'static, N: IntoView + 'static>(
    items: impl Fn() -> Vec<T> + Send + 'static,
    key: impl Fn(&T) -> String + Send + 'static,
    row: impl Fn(T) -> N + Send + Sync + 'static,
) -> AnyView {
    let row = Arc::new(row);
    let entry = move |item: T| {
        let (key, row) = (key(&item), Arc::clone(&row));
        Entry { key, row: Box::new(move || row(item).into_any()) }
    };
    list(Box::new(move || items().into_iter().map(&entry).collect()))
}

fn list(entries: Box<dyn Fn() -> Vec<Entry> + Send>) -> AnyView {
    view! { <For each=entries key=|entry| entry.key.clone() children=|entry| (entry.row)() /> }.into_any()
}
