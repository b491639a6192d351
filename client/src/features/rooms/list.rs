//! The room list: the joined rooms with their unread counts, and the others.

use leptos::prelude::*;
use shared::{RoomAddress, RoomName};

use super::conversations;
use super::new_room::NEW_ROOM;
use super::texts;
use crate::browser::dates::format_number;
use crate::browser::events::opens_elsewhere;
use crate::core::directory::Directory;
use crate::core::{Rooms, Store};
use crate::features::settings::dialog::SETTINGS;
use crate::features::switcher::dialog::SWITCHER;
use crate::i18n::{common, t, use_language};
use crate::ui::avatar::avatar;
use crate::ui::each::each;
use crate::ui::icons::{ARCHIVE, BELL_OFF, CLOSE, Icon, Mark, SEARCH, SLIDERS};
use crate::ui::later::Later;
use crate::ui::layers::{Layer, use_layers};
use crate::ui::presence::{self, Dot};
use crate::ui::room_name::shown_name;
use crate::ui::show::Show;

/// The list of rooms, on a narrow screen.
pub const DRAWER: Layer = Layer::drawer("rooms", "#rooms .drawer-close").giving_way();

/// Higher counts are shown as `99+`.
const BADGE_LIMIT: u32 = 99;

/// The room list pane.
#[component]
pub fn RoomsPane() -> impl IntoView {
    let layers = use_layers();
    let store: Store = expect_context();
    let joined = Memo::new(move |_| store.plain_rooms());
    let is_nowhere = move || store.rooms.with(Rooms::is_empty);
    // Whoever may begin a conversation has the heading too.
    let talks = Memo::new(move |_| {
        store.is_account() || store.rooms.with(|rooms| rooms.keys().any(RoomAddress::is_direct))
    });
    let listing = Memo::new(move |_| store.directory.with(Directory::listing));
    let others = Memo::new(move |_| {
        let _ = listing.get();
        store.rooms.with(|joined| {
            store.directory.with_untracked(|directory| {
                let unknown = |room: &&RoomAddress| !joined.contains_key(*room);
                directory.rooms().filter(unknown).cloned().collect::<Vec<_>>()
            })
        })
    });
    let list = move |rooms: Memo<Vec<RoomAddress>>| {
        view! {
            <ul class="rooms">
                {each(move || rooms.get(), ToString::to_string, |room| view! { <RoomItem room /> })}
            </ul>
        }
    };
    view! {
        <nav id="rooms" class="rooms-pane" class:open=move || layers.is(DRAWER) aria-label=t(&texts::ROOMS)>
            <div class="pane-head">
                <span class="brand">
                    <Mark />
                    <span>"Hiroba"</span>
                </span>
                <button type="button" class="icon-button switcher-open" data-testid="switcher-open" aria-keyshortcuts="Control+K Meta+K"
                    aria-label=t(&common::GO_TO) title=t(&common::GO_TO) on:click=move |_| layers.open(SWITCHER)>
                    <Icon path=SEARCH />
                </button>
                <button type="button" class="icon-button drawer-close" data-testid="drawer-close" aria-label=t(&common::CLOSE)
                    on:click=move |_| layers.close()>
                    <Icon path=CLOSE />
                </button>
            </div>
            <div class="rooms-scroll" data-testid="room-list">
                {move || talks.get().then(|| view! { <Later code=conversations::code of=RoomName::general().into() /> })}
                // All one's rooms may stand above.
                <Show when=move || joined.with(|joined| !joined.is_empty()) || is_nowhere()>
                    <h2 class="list-title">{t(&texts::YOUR_ROOMS)}</h2>
                </Show>
                <Show when=is_nowhere>
                    <p class="hint">{t(&common::NO_ROOMS)}</p>
                </Show>
                {list(joined)}
                <Show when=move || others.with(|others| !others.is_empty())>
                    <h2 class="list-title">{t(&texts::OTHER_ROOMS)}</h2>
                    {list(others)}
                </Show>
            </div>
            <button type="button" class="button new-room-open" data-testid="new-room-open" aria-haspopup="dialog"
                on:click=move |_| layers.open(NEW_ROOM)>
                {t(&texts::NEW_ROOM)}
            </button>
            <Me />
        </nav>
    }
}

#[component]
pub fn RoomItem(
    room: RoomAddress,
    /// Stands before what it is called.
    #[prop(optional)]
    sign: Option<AnyView>,
) -> impl IntoView {
    let store: Store = expect_context();
    let layers = use_layers();
    let language = use_language();
    let room = StoredValue::new(room);
    let is_open =
        Memo::new(move |_| store.open.with(|open| room.with_value(|room| open.as_ref() == Some(room))));
    let unread = Memo::new(move |_| room.with_value(|room| store.news_of(room)));
    let is_direct = room.with_value(RoomAddress::is_direct);
    let muted = Memo::new(move |_| room.with_value(|room| store.is_muted(room)));
    let archived = Memo::new(move |_| room.with_value(|room| store.is_archived(room)));
    let has_draft = Memo::new(move |_| {
        !is_open.get() && store.drafts.with(|drafts| room.with_value(|room| drafts.contains_key(room)))
    });
    let count = Memo::new(move |_| {
        store.directory.with(|directory| room.with_value(|room| directory.member_count(room)))
    });
    let people = move || {
        let count = count.get()?;
        let language = language.get();
        Some((texts::PEOPLE.of(language))(count, &format_number(language.format_tag(), count)))
    };
    let badges = move || {
        let (messages, mentions) = unread.get();
        let language = language.get();
        let badge = |class, sign, count, words: fn(&str) -> String| {
            let shown = shown(count)?;
            let label = words(&shown);
            Some(view! {
                <span class=class>
                    <span aria-hidden="true">{sign}{shown}</span>
                    <span class="heard">{label}</span>
                </span>
            })
        };
        if is_direct {
            // All of it calls the user.
            return (badge("badge mention", "", messages, texts::UNREAD.of(language)), None);
        }
        (
            badge("badge mention", "@", mentions, texts::MENTIONS.of(language)),
            badge("badge", "", messages, texts::UNREAD.of(language)),
        )
    };
    let address = room.get_value();
    let click = move |event: web_sys::MouseEvent| {
        if !opens_elsewhere(&event) {
            event.prevent_default();
            layers.leave_for(store, room.get_value());
        }
    };
    view! {
        <li data-testid="room-item" data-room=address.to_string()>
            <a
                class="room"
                data-testid="room-link"
                class:unread=move || unread.with(|(messages, _)| *messages > 0)
                class:muted=muted
                href=address.path()
                aria-current=move || is_open.get().then_some("page")
                on:click=click
            >
                <span class="room-name" dir="auto">
                    {sign} {shown_name(store, &address)}
                </span>
                <Show when=move || archived.get()>
                    <Icon path=ARCHIVE />
                    <span class="heard">{t(&texts::ARCHIVED)}</span>
                </Show>
                <Show when=move || muted.get()>
                    <Icon path=BELL_OFF />
                    <span class="heard">{t(&texts::MUTED)}</span>
                </Show>
                <Show when=move || has_draft.get()>
                    <span class="room-draft">{t(&texts::DRAFT)}</span>
                </Show>
                <span class="room-people">{people}</span>
                {badges}
            </a>
        </li>
    }
}

/// The text of a badge; `None` for a count of 0.
fn shown(count: u32) -> Option<String> {
    match count {
        0 => None,
        count if count > BADGE_LIMIT => Some(format!("{BADGE_LIMIT}+")),
        count => Some(count.to_string()),
    }
}

#[component]
fn Me() -> impl IntoView {
    let store: Store = expect_context();
    let layers = use_layers();
    let language = use_language();
    let status = Signal::derive(move || store.own_status());
    let person = move || {
        let identity = store.identity.get();
        view! {
            {avatar(store, identity.id, &identity.name)}
            <span class="me-words">
                <strong class="me-name" dir="auto">
                    {identity.name.to_string()}
                </strong>
                <span class="me-status">
                    <Dot status />
                    {move || presence::words(language.get(), status.get())}
                </span>
            </span>
        }
    };
    view! {
        <div class="me">
            {person} <button type="button" class="icon-button" data-testid="settings-open"
                aria-haspopup="dialog" aria-label=t(&common::SETTINGS) title=t(&common::SETTINGS)
                on:click=move |_| layers.open(SETTINGS)>
                <Icon path=SLIDERS />
            </button>
        </div>
    }
}
