//! The header of the conversation: the room's name, and buttons for the panes and for leaving.

use leptos::prelude::*;

use super::details::use_details;
use super::icons::{Icon, LEAVE, MENU, PEOPLE, PIN, SEARCH};
use super::layers::use_layers;
use super::parting::Parting;
use super::search_field::SearchField;
use super::show::Show;
use super::{members, pins, rooms, search_panel};
use crate::browser::dates::format_number;
use crate::i18n::{t, use_language};
use crate::state::Store;

#[component]
pub fn RoomHead() -> impl IntoView {
    let store: Store = expect_context();
    let layers = use_layers();
    let language = use_language();
    let details = use_details();
    let parting: Parting = expect_context();
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
    let count = Memo::new(move |_| {
        let room = store.open.get().and_then(|room| store.room(&room))?;
        room.with(|room| room.is_loaded().then(|| room.members.count()))
    });
    let people = move || {
        let count = count.get()?;
        let language = language.get();
        Some((language.texts().people)(count, &format_number(language.format_tag(), count)))
    };
    let leave_label = move || {
        let room = store.open.get().map(|room| room.to_string()).unwrap_or_default();
        (language.get().texts().leave_room)(&room)
    };
    let expanded = move |panel| (details.is_shown() && details.panel() == panel).to_string();
    view! {
        <header class="conversation-head">
            <button type="button" class="icon-button drawer-open" data-testid="drawer-open"
                aria-controls="rooms" aria-expanded=move || layers.is(rooms::DRAWER).to_string()
                aria-label=t(|t| t.open_rooms) title=t(|t| t.open_rooms) on:click=move |_| layers.open(rooms::DRAWER)>
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
                <div class="head-search">
                    <SearchField />
                </div>
                <button type="button" class="icon-button search-open" data-testid="search-open"
                    aria-controls="details" aria-expanded=move || expanded(search_panel::PANEL) aria-label=t(|t| t.search)
                    title=t(|t| t.search) on:click=move |_| details.show(search_panel::PANEL)>
                    <Icon path=SEARCH />
                </button>
                <button type="button" class="icon-button" data-testid="pins-open" aria-controls="details"
                    aria-expanded=move || expanded(pins::PANEL) aria-label=t(|t| t.pins) title=t(|t| t.pins)
                    on:click=move |_| details.toggle(pins::PANEL)>
                    <Icon path=PIN />
                </button>
                <button type="button" class="icon-button" data-testid="members-open" aria-controls="details"
                    aria-expanded=move || expanded(members::PANEL) aria-label=t(|t| t.open_members)
                    title=t(|t| t.open_members) on:click=move |_| details.toggle(members::PANEL)>
                    <Icon path=PEOPLE />
                </button>
                <button type="button" class="icon-button" data-testid="leave-room" aria-label=leave_label
                    title=leave_label
                    on:click=move |_| store.open.get_untracked().into_iter().for_each(|room| parting.part(Some(room)))>
                    <Icon path=LEAVE />
                </button>
            </Show>
        </header>
    }
}
