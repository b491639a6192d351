//! The open room: header, messages and composer.

use leptos::prelude::*;
use shared::{RoomAddress, RoomName};

use super::banner::Banner;
use super::texts;
use super::timeline::Timeline;
use super::typing_line::TypingLine;
use crate::core::connection::Connection;
use crate::core::{Rooms, Store};
use crate::features::composer::view::Composer;
use crate::features::rooms::head::RoomHead;
use crate::i18n::{common, t};
use crate::ui::layers::use_layers;
use crate::ui::show::Show;

/// The middle pane.
#[component]
pub fn Conversation() -> impl IntoView {
    let store: Store = expect_context();
    let layers = use_layers();
    view! {
        <main class="conversation" inert=move || layers.covers()>
            <RoomHead />
            <Banner />
            {move || match store.open.get() {
                Some(room) => view! { <OpenRoom room /> }.into_any(),
                None => view! { <NoRoom /> }.into_any(),
            }}
        </main>
    }
}

#[component]
fn OpenRoom(room: RoomAddress) -> impl IntoView {
    view! {
        <Timeline room=room.clone() />
        <div class="writing">
            <TypingLine room=room.clone() />
            <Composer room />
        </div>
    }
}

#[component]
fn NoRoom() -> impl IntoView {
    let store: Store = expect_context();
    let go = move |_| store.open(RoomAddress::from(RoomName::general()));
    // The banner reports a refused connection.
    let stopped = move || matches!(store.connection.get(), Connection::Stopped(_));
    let waits = move || store.rooms.with(Rooms::is_empty) && !store.connection.get().is_online();
    let loading =
        move || (!stopped()).then(|| view! { <p class="hint late">{t(&texts::LOADING_MESSAGES)}</p> });
    view! {
        <div class="no-room">
            <Show when=move || !waits() fallback=move || loading()>
                <p>{t(&common::NO_ROOMS)}</p>
                <button type="button" class="button primary" data-testid="go-general" on:click=go>
                    {t(&texts::GO_TO_GENERAL)}
                </button>
            </Show>
        </div>
    }
}
