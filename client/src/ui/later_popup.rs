//! A dialog whose content is fetched on demand.

use leptos::prelude::*;

use super::later::{Fetch, Later};
use super::layers::Layer;
use super::popup::{Anchor, Popup};
use crate::i18n::Text;

/// The dialog. One for all such dialogs, so that its code is downloaded once.
#[component]
pub fn LaterPopup(
    layer: Layer,
    /// The accessible name.
    label: &'static Text,
    /// Where it is placed; without an anchor in the middle of the window.
    #[prop(into, optional)]
    anchor: Signal<Option<Anchor>>,
    /// Fetches the code of the content.
    code: fn() -> Fetch,
) -> impl IntoView {
    view! {
        <Popup layer label anchor>
            <Later code of=() />
        </Popup>
    }
    .into_any()
}

/// A dialog as a value: what a part of the page contributes to the list of all, which is downloaded once for all.
#[derive(Clone, Copy)]
pub struct LaterDialog {
    pub layer: Layer,
    /// The accessible name.
    pub label: &'static Text,
    /// Fetches the code of the content.
    pub code: fn() -> Fetch,
}

impl LaterDialog {
    pub const fn new(layer: Layer, label: &'static Text, code: fn() -> Fetch) -> Self {
        Self { layer, label, code }
    }
}

/// All of these, each in the middle of the window.
#[component]
pub fn LaterDialogs(all: &'static [LaterDialog]) -> impl IntoView {
    let one =
        |&LaterDialog { layer, label, code }: &'static LaterDialog| view! { <LaterPopup layer label code /> };
    all.iter().map(one).collect_view()
}
