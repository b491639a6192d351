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
