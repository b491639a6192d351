//! The square: rooms, the conversation, the people.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::components::announcer::Announcer;
use crate::components::conversation::Conversation;
use crate::components::layers::use_layers;
use crate::components::members::{MembersPane, MembersShown};
use crate::components::notices::Notices;
use crate::components::rooms::RoomsPane;
use crate::components::settings::Settings;
use crate::i18n::t;

/// The page of somebody who has given a name.
#[component]
pub fn ChatPage() -> impl IntoView {
    let layers = use_layers();
    let shown = RwSignal::new(true);
    provide_context(MembersShown(shown));
    let skip = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        let composer = document().get_element_by_id("composer");
        if let Some(composer) = composer.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            // An element that is on the page takes the focus.
            let _ = composer.focus();
        }
    };
    view! {
        <div class="square" class:two-panes=move || !shown.get() class:covered=move || layers.covers()>
            <a class="skip" href="#composer" on:click=skip>
                {t(|t| t.skip_to_composer)}
            </a>
            <RoomsPane />
            <Conversation />
            <MembersPane />
            <div class="scrim" on:click=move |_| layers.close()></div>
            <Notices />
            <Settings />
            <Announcer />
        </div>
    }
}
