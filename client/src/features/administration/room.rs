//! A public room, and what can be done about it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::all_rooms::ListedRoom;
use shared::{RoomAddress, RoomName};

use super::api::{self, RoomChange};
use super::problem::Problem;
use super::question::Question;
use super::texts;
use crate::browser::dates::{Style, format, format_number};
use crate::core::Store;
use crate::core::requests::NoAnswer;
use crate::i18n::{Language, Text, t, use_language};
use crate::ui::layers::use_layers;
use crate::ui::show::Show;
use crate::wire::credentials::use_credentials;

#[component]
pub fn RoomRow(room: ListedRoom) -> impl IntoView {
    let store: Store = expect_context();
    let (credentials, language, layers) = (use_credentials(), use_language(), use_layers());
    let (archived, permanent) = (RwSignal::new(room.archived), RwSignal::new(room.permanent));
    let (asks, busy) = (RwSignal::new(false), RwSignal::new(false));
    let problem = RwSignal::new(None::<NoAnswer>);
    let (address, name) = (room.room.clone(), room.room.to_string());
    let may_archive = address != RoomName::general();
    let place = RoomAddress::from(address.clone());
    let change = Callback::new(move |change: RoomChange| {
        let address = address.clone();
        problem.set(None);
        busy.set(true);
        spawn_local(async move {
            let answer = api::change_room(credentials, &address, change).await;
            // Nobody waits any more if the section was closed meanwhile.
            if busy.try_set(false).is_some() {
                return;
            }
            asks.set(false);
            match answer {
                Ok(()) => archived.update(|archived| *archived = change.archived.unwrap_or(*archived)),
                Err(why) => {
                    // The box shows what holds.
                    permanent.update(|permanent| {
                        *permanent = change.permanent.map_or(*permanent, |wanted| !wanted);
                    });
                    problem.set(Some(why));
                }
            }
        });
    });
    let keep = move |event| {
        let wanted = event_target_checked(&event);
        permanent.set(wanted);
        change.run(RoomChange { permanent: Some(wanted), archived: None });
    };
    let yes = Callback::new(move |()| {
        change.run(RoomChange { archived: Some(!archived.get_untracked()), permanent: None });
    });
    let no = Callback::new(move |()| asks.set(false));
    let called = StoredValue::new(name.clone());
    let question = Signal::derive(move || {
        let text = if archived.get() { &texts::REOPEN_QUESTION } else { &texts::ARCHIVE_QUESTION };
        called.with_value(|name| (text.of(language.get()))(name))
    });
    let open = move |_| layers.leave_for(store, place.clone());
    let topic = room.topic.clone();
    let facts = move || facts(language.get(), &room);
    let shut = move || if archived.get() { &texts::REOPEN } else { &texts::ARCHIVE };
    // There are many such buttons in the list.
    let label = move |what: &'static Text| {
        let language = language.get();
        called.with_value(|name| (texts::OF_ROOM.of(language))(what.of(language), name))
    };
    view! {
        <li class="admin-row" data-testid="admin-room">
            <div class="admin-row-head">
                <div class="admin-row-words">
                    <p>
                        <strong dir="auto">{name}</strong>
                        <Show when=move || archived.get()><span class="admin-badge">{t(&texts::ARCHIVED)}</span></Show>
                    </p>
                    {topic.map(|topic| view! { <p dir="auto">{topic.to_string()}</p> })}
                    <p class="hint">{facts}</p>
                </div>
                <div class="admin-buttons">
                    <button type="button" class="button" data-testid="admin-room-open" aria-label=move || label(&texts::OPEN) on:click=open>{t(&texts::OPEN)}</button>
                    <Show when=move || may_archive>
                        <button type="button" class="button" data-testid="admin-room-archive" aria-label=move || label(shut()) aria-expanded=move || asks.get().to_string()
                            on:click=move |_| asks.set(true)>{move || t(shut())()}</button>
                    </Show>
                </div>
            </div>
            <Show when=move || may_archive>
                <label class="admin-check">
                    <input type="checkbox" data-testid="admin-room-keep" aria-label=move || label(&texts::KEEP) prop:checked=move || permanent.get() on:change=keep />
                    {t(&texts::KEEP)}
                </label>
            </Show>
            <Show when=move || asks.get()>
                <Question words=question button=if archived.get_untracked() { &texts::REOPEN } else { &texts::ARCHIVE } busy yes no />
            </Show>
            <Problem why=problem />
        </li>
    }
}

/// How many are in a room, how much has happened there, and since when there is one.
fn facts(language: Language, room: &ListedRoom) -> String {
    let number = |count| format_number(language.format_tag(), count);
    let members = (texts::MEMBERS.of(language))(room.members, &number(room.members));
    let entries = (texts::ENTRIES.of(language))(room.seq, &number(room.seq));
    let since = (texts::CREATED.of(language))(&format(language.format_tag(), Style::Short, room.created_at));
    [members, entries, since].join(" · ")
}
