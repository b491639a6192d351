//! The main page: rooms, conversation and details.

use leptos::prelude::*;

use crate::components::actions::Actions;
use crate::components::announcer::Announcer;
use crate::components::conversation::Conversation;
use crate::components::details::{Details, DetailsPane};
use crate::components::emoji_data::EmojiData;
use crate::components::focus;
use crate::components::layers::use_layers;
use crate::components::members;
use crate::components::message_text::Names;
use crate::components::notices::Notices;
use crate::components::parting::Parting;
use crate::components::rooms::RoomsPane;
use crate::components::search_field;
use crate::i18n::t;
use crate::state::Store;

/// The page after sign-in.
#[component]
pub fn ChatPage(
    /// The dialogs above the page.
    dialogs: fn() -> AnyView,
) -> impl IntoView {
    let layers = use_layers();
    let store: Store = expect_context();
    let details = Details::provide(store, members::PANEL);
    Actions::provide(store, layers, details);
    Parting::provide(store, layers);
    EmojiData::provide();
    Names::provide(store);
    search_field::listen();
    let skip = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        focus::on("#composer");
    };
    view! {
        <div class="square" class:two-panes=move || !details.is_shown()
            class:roomy=move || details.is_visited() class:covered=move || layers.covers()>
            <a class="skip" href="#composer" data-testid="skip" on:click=skip>
                {t(|t| t.skip_to_composer)}
            </a>
            <RoomsPane />
            <Conversation />
            <DetailsPane />
            <div class="scrim" on:click=move |_| layers.close()></div>
            <Notices />
            {dialogs()}
            <Announcer />
        </div>
    }
}
