//! The header of the conversation: the room's name, and buttons for the panes and its menu.

use leptos::prelude::*;
use shared::RoomAddress;

use super::conversations;
use super::list;
use super::menu::RoomMenu;
use super::texts;
use crate::browser::dates::format_number;
use crate::core::Store;
use crate::features::search::field::SearchField;
use crate::i18n::{t, use_language};
use crate::ui::icons::{BELL_OFF, Icon, MENU};
use crate::ui::later::Later;
use crate::ui::layers::use_layers;
use crate::ui::pane::PanelButtonList;
use crate::ui::room_name::shown_name;
use crate::ui::show::Show;

#[component]
pub fn RoomHead() -> impl IntoView {
    let store: Store = expect_context();
    let layers = use_layers();
    let language = use_language();
    let others_unread = move || {
        let open = store.open.get();
        store
            .rooms
            .with(|rooms| rooms.keys().any(|name| open.as_ref() != Some(name) && store.news_of(name).0 > 0))
    };
    let muted = move || store.open.get().is_some_and(|room| store.is_muted(&room));
    let title = move || match store.open.get() {
        Some(room) => shown_name(store, &room),
        None => t(&texts::NO_ROOM_OPEN).into_any(),
    };
    let topic = move || {
        let room = store.room(&store.open.get()?)?;
        room.with(|room| room.doors.details.topic.as_ref().map(ToString::to_string))
    };
    let direct = Memo::new(move |_| store.open.get().filter(RoomAddress::is_direct));
    let about = move || direct.get().map(|room| view! { <Later code=conversations::code of=room /> });
    let count = Memo::new(move |_| {
        let room = store.open.get().and_then(|room| store.room(&room))?;
        room.with(|room| room.is_loaded().then(|| room.members.count()))
    });
    let people = move || {
        let count = count.get()?;
        let language = language.get();
        Some((texts::PEOPLE.of(language))(count, &format_number(language.format_tag(), count)))
    };
    view! {
        <header class="conversation-head">
            <button type="button" class="icon-button drawer-open" data-testid="drawer-open"
                aria-controls="rooms" aria-expanded=move || layers.is(list::DRAWER).to_string()
                aria-label=t(&texts::OPEN_ROOMS) title=t(&texts::OPEN_ROOMS) on:click=move |_| layers.open(list::DRAWER)>
                <Icon path=MENU />
                <Show when=others_unread>
                    <span class="news-dot"></span>
                </Show>
            </button>
            <div class="conversation-title">
                <span class="conversation-name">
                <h1 dir="auto">{title}</h1>
                <Show when=muted>
                    <Icon path=BELL_OFF />
                    <span class="heard">{t(&texts::MUTED)}</span>
                </Show>
                <span class="conversation-people">{people}</span>
                </span>
                <p class="topic" data-testid="topic" dir="auto" title=topic>
                    {topic}{about}
                </p>
            </div>
            <Show when=move || store.open.with(Option::is_some)>
                <div class="head-search">
                    <SearchField />
                </div>
                <PanelButtonList />
            </Show>
            <RoomMenu />
        </header>
    }
}
