//! Wires the parts (store, socket, address, storage, clock) and shows the page that applies.

mod address;
mod attention;
mod escape;
mod features;
mod keep;

use leptos::prelude::*;

use crate::components::layers::Layers;
use crate::components::message_action::MessageActions;
use crate::components::moment::Moment;
use crate::components::rooms;
use crate::components::show::Show;
use crate::components::successor;
use crate::components::theme::CurrentTheme;
use crate::i18n::CurrentLanguage;
use crate::pages::chat::ChatPage;
use crate::pages::name::NamePage;
use crate::socket;
use crate::state::Store;
use features::{Dialogs, MESSAGE_ACTIONS};

/// The root component.
#[component]
pub fn App() -> impl IntoView {
    let (store, orders) = Store::new();
    provide_context(store);
    CurrentLanguage::provide();
    CurrentTheme::provide();
    let layers = Layers::provide(store, rooms::DRAWER);
    let moment = Moment::provide(move |now| store.tick(now));
    provide_context(MessageActions(MESSAGE_ACTIONS));
    keep::restore(store);
    keep::follow(store);
    address::follow(store, layers);
    address::title(store);
    attention::watch(store, moment);
    escape::watch(store, layers);
    socket::start(store, orders);
    successor::watch();
    let entered = Memo::new(move |_| store.identity.with(Option::is_some));
    view! {
        <Show when=move || entered.get() fallback=NamePage>
            <ChatPage dialogs=|| view! { <Dialogs /> }.into_any() />
        </Show>
    }
}
