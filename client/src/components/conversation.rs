//! The open room: its head, its messages and where one writes.

use leptos::prelude::*;
use shared::{RoomAddress, RoomName};

use super::banner::Banner;
use super::composer::Composer;
use super::icons::{Icon, LEAVE, MENU, PEOPLE};
use super::layers::{Layer, use_layers};
use super::members::MembersShown;
use super::timeline::Timeline;
use super::typing_line::TypingLine;
use crate::browser::dates::format_number;
use crate::browser::screen;
use crate::i18n::{t, use_language};
use crate::state::Store;

/// The middle of the page.
#[component]
pub fn Conversation() -> impl IntoView {
    let store: Store = expect_context();
    let layers = use_layers();
    view! {
        <main class="conversation" inert=move || layers.covers()>
            <Head />
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
    let jump = Trigger::new();
    view! {
        <Timeline room=room.clone() jump />
        <div class="writing">
            <TypingLine room=room.clone() />
            <Composer room jump />
        </div>
    }
}

#[component]
fn NoRoom() -> impl IntoView {
    let store: Store = expect_context();
    let go = move |_| store.open(RoomAddress::from(RoomName::general()));
    let waits =
        move || store.rooms.with(std::collections::BTreeMap::is_empty) && !store.connection.get().is_online();
    view! {
        <div class="no-room">
            <Show when=move || !waits() fallback=|| view! { <p class="hint late">{t(|t| t.loading_messages)}</p> }>
                <p>{t(|t| t.no_rooms)}</p>
                <button type="button" class="button primary" on:click=go>
                    {t(|t| t.go_to_general)}
                </button>
            </Show>
        </div>
    }
}

#[component]
fn Head() -> impl IntoView {
    let store: Store = expect_context();
    let layers = use_layers();
    let language = use_language();
    let MembersShown(shown) = expect_context();
    let others_unread = move || {
        let open = store.open.get();
        store.rooms.with(|rooms| {
            rooms.iter().any(|(name, room)| {
                open.as_ref() != Some(name) && room.with(|room| room.unread().messages() > 0)
            })
        })
    };
    let title = move || match store.open.get() {
        Some(room) => room.to_string(),
        None => language.get().texts().no_room_open.to_owned(),
    };
    let people = move || {
        let room = store.open.get().and_then(|room| store.room(&room))?;
        let count = room.with(|room| room.is_loaded().then(|| room.members.count()))?;
        let language = language.get();
        Some((language.texts().people)(count, &format_number(language.format_tag(), count)))
    };
    let leave_label = move || {
        let room = store.open.get().map(|room| room.to_string()).unwrap_or_default();
        (language.get().texts().leave_room)(&room)
    };
    let show_members = move |_| {
        if screen::fits_three_panes() {
            shown.set(true);
        } else {
            layers.open(Layer::Members);
        }
    };
    view! {
        <header class="conversation-head">
            <button type="button" class="icon-button drawer-open" data-testid="drawer-open"
                aria-controls="rooms" aria-expanded=move || layers.is(Layer::Rooms).to_string()
                aria-label=t(|t| t.open_rooms) title=t(|t| t.open_rooms) on:click=move |_| layers.open(Layer::Rooms)>
                <Icon path=MENU />
                <Show when=others_unread>
                    <span class="news-dot"></span>
                </Show>
            </button>
            <div class="conversation-title">
                <h1 dir="auto">{title}</h1>
                <span class="conversation-people">{people}</span>
            </div>
            <Show when=move || store.open.with(Option::is_some)>
                <button type="button" class="icon-button" data-testid="leave-room" aria-label=leave_label
                    title=leave_label
                    on:click=move |_| store.open.get_untracked().into_iter().for_each(|room| store.leave(room))>
                    <Icon path=LEAVE />
                </button>
                <button type="button" class="icon-button members-open" class:needless=move || shown.get()
                    data-testid="members-open" aria-controls="members"
                    aria-expanded=move || layers.is(Layer::Members).to_string() aria-label=t(|t| t.open_members)
                    title=t(|t| t.open_members) on:click=show_members>
                    <Icon path=PEOPLE />
                </button>
            </Show>
        </header>
    }
}
