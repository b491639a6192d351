//! The dialog of the switcher.

use leptos::prelude::*;

use super::list::List;
use crate::i18n::common;
use crate::ui::later::{Later, later};
use crate::ui::layers::Layer;
use crate::ui::popup::Popup;

pub const SWITCHER: Layer = Layer::dialog("switcher").giving_way();

later! {
    /// Fetches the code of the list.
    pub fn list(()) in dialogs: |()| view! { <List /> }.into_any()
}

#[component]
pub fn Switcher() -> impl IntoView {
    view! {
        <Popup layer=SWITCHER label=&common::GO_TO>
            <Later code=list of=() />
        </Popup>
    }
}
