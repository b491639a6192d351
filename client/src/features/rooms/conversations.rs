//! The direct conversations in the list of rooms, and what stands above them. Their code is fetched where there are any, or somebody may begin one.

use leptos::prelude::*;
use shared::RoomAddress;

use super::list::RoomItem;
use super::raised::Raised;
use super::texts;
use crate::core::Store;
use crate::features::direct::about::About;
use crate::features::doors::dialogs::NEW_MESSAGE;
use crate::i18n::{Language, common, t, use_language};
use crate::ui::each::each;
use crate::ui::icons::{Icon, PEOPLE, PLUS};
use crate::ui::later::later;
use crate::ui::layers::use_layers;
use crate::ui::presence::Dot;
use crate::ui::show::Show;

later! {
    /// Fetches the code: of what is told of a conversation, or with another room of the list. One function for both,
    /// because browsers download each.
    pub fn code(RoomAddress) in direct: |room| {
        if room.is_direct() { view! { <About room /> }.into_any() } else { view! { <Conversations /> }.into_any() }
    }
}

#[component]
fn Conversations() -> impl IntoView {
    let store: Store = expect_context();
    let (layers, language) = (use_layers(), use_language());
    let name = move |()| {
        let language = language.get();
        let between = if language == Language::Japanese { "、" } else { ", " };
        store.name_conversations(between, texts::NOTES.of(language));
    };
    // At once, so that nothing is shown without its name.
    untrack(|| name(()));
    Effect::new(move || name(()));
    let sorted = Memo::new(move |_| store.sorted_conversations());
    Effect::new(move || store.conversations().set(sorted.get()));
    view! {
        <Raised />
        <h2 class="list-title">
            {t(&texts::DIRECT)}
            <Show when=move || store.is_account()>
                <button type="button" class="icon-button" data-testid="new-message-open" aria-haspopup="dialog"
                    aria-label=t(&common::NEW_MESSAGE) title=t(&common::NEW_MESSAGE) on:click=move |_| layers.open(NEW_MESSAGE)>
                    <Icon path=PLUS />
                </button>
            </Show>
        </h2>
        <ul class="rooms">
            {each(move || sorted.get(), ToString::to_string, move |room| {
                let sign = sign(store, room.clone());
                view! { <RoomItem room sign /> }
            })}
        </ul>
    }
}

/// The presence of the one other person, or a sign that there are several.
fn sign(store: Store, room: RoomAddress) -> AnyView {
    let status = Memo::new(move |_| store.partner(&room));
    let shown = move || match status.get() {
        Some(status) => view! { <Dot status /> }.into_any(),
        None => view! { <span class="lock"><Icon path=PEOPLE /></span> }.into_any(),
    };
    view! { {shown} " " }.into_any()
}
