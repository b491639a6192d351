//! Wires the parts (store, socket, address, storage, clock) and shows the page that applies.

mod address;
mod attention;
mod chat_page;
mod persistence;
mod shortcuts;
mod texts;

use leptos::prelude::*;

use crate::app::chat_page::ChatPage;
use crate::core::Store;
use crate::features::message::action::MessageActions;
use crate::features::rooms::list;
use crate::features::settings::dialog::Sections;
use crate::features::settings::theme::CurrentTheme;
use crate::features::sign_in::page::NamePage;
use crate::features::{self, Dialogs};
use crate::i18n::CurrentLanguage;
use crate::ui::clock::Moment;
use crate::ui::focus_successor;
use crate::ui::layers::Layers;
use crate::ui::pane::PanelButtons;
use crate::ui::show::Show;
use crate::wire;

/// The root component.
#[component]
pub fn App() -> impl IntoView {
    let (store, orders) = Store::new();
    provide_context(store);
    CurrentLanguage::provide();
    CurrentTheme::provide();
    let layers = Layers::provide(store, list::DRAWER);
    let moment = Moment::provide(move |now| store.tick(now));
    provide_context(MessageActions(features::MESSAGE_ACTIONS));
    provide_context(PanelButtons(features::PANEL_BUTTONS));
    provide_context(Sections(features::SETTINGS));
    persistence::restore(store);
    persistence::follow(store);
    address::follow(store, layers);
    address::title(store);
    attention::watch(store, moment);
    shortcuts::watch(store, layers);
    wire::start(store, orders);
    focus_successor::watch();
    let entered = Memo::new(move |_| store.identity.with(Option::is_some));
    view! {
        <Show when=move || entered.get() fallback=NamePage>
            <ChatPage dialogs=|| view! { <Dialogs /> }.into_any() />
        </Show>
    }
}
