//! The page after sign-in: rooms, conversation and the pane beside it.

use leptos::prelude::*;

use super::texts;
use crate::core::Store;
use crate::features::conversation::announcer::Announcer;
use crate::features::conversation::view::Conversation;
use crate::features::leaving::question::Parting;
use crate::features::message::actions::Actions;
use crate::features::message::text::Names;
use crate::features::notices::list::Notices;
use crate::features::reactions::emoji_data::EmojiData;
use crate::features::rooms::list::RoomsPane;
use crate::features::{members, search};
use crate::i18n::t;
use crate::ui::focus;
use crate::ui::layers::use_layers;
use crate::ui::pane::{Pane, PaneView};

/// The page after sign-in.
#[component]
pub fn ChatPage(
    /// The dialogs above the page.
    dialogs: fn() -> AnyView,
) -> impl IntoView {
    let layers = use_layers();
    let store: Store = expect_context();
    let pane = Pane::provide(store, &members::panel::PANEL);
    Actions::provide(store, layers, pane);
    Parting::provide(store, layers);
    EmojiData::provide();
    Names::provide(store);
    search::field::listen();
    let skip = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        focus::on("#composer");
    };
    view! {
        <div class="square" class:two-panes=move || !pane.is_shown()
            class:roomy=move || pane.is_visited() class:covered=move || layers.covers()>
            <a class="skip" href="#composer" data-testid="skip" on:click=skip>
                {t(&texts::SKIP_TO_COMPOSER)}
            </a>
            <RoomsPane />
            <Conversation />
            <PaneView />
            <div class="scrim" on:click=move |_| layers.close()></div>
            <Notices />
            {dialogs()}
            <Announcer />
        </div>
    }
}
