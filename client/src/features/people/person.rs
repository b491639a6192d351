//! Somebody's name, status and local time, and what one can do about them.

use leptos::prelude::*;
use shared::Timestamp;

use super::texts;
use crate::browser::dates::{Style, format};
use crate::browser::{styles, zones};
use crate::core::Store;
use crate::features::doors::block::BlockControl;
use crate::features::doors::member::MemberControls;
use crate::features::message::actions::use_actions;
use crate::features::search::panel::PANEL;
use crate::features::search::state::use_search;
use crate::features::settings::dialog::SETTINGS;
use crate::i18n::{t, use_language};
use crate::ui::avatar::avatar;
use crate::ui::clock::use_moment;
use crate::ui::layers::use_layers;
use crate::ui::pane::use_pane;
use crate::ui::status::quiet_words;

#[component]
pub fn PersonCard() -> impl IntoView {
    styles::adopt(include_str!("styles.css"));
    let store: Store = expect_context();
    let (id, name) = store.person()?;
    let (layers, pane, search) = (use_layers(), use_pane(), use_search());
    let (language, moment) = (use_language(), use_moment());
    let profile = Memo::new(move |_| store.profile(Some(id)).unwrap_or_default());
    let minute = Memo::new(move |_| Timestamp::from_millis(moment.now.get().millis() / 60_000 * 60_000));
    let time = move |at| format(language.get().format_tag(), Style::Time, at);
    let reading = move || {
        let reading = profile.get().reading.as_ref()?.to_string();
        Some(view! { <span class="person-reading" dir="auto">{reading}</span> })
    };
    let status = move || {
        let profile = profile.get();
        if !profile.has_status(minute.get()) {
            return None;
        }
        let sign = profile.status_emoji.as_ref().map(|emoji| format!("{}\u{FE0F}", emoji.as_str()));
        let words = profile.status.as_ref().map(ToString::to_string);
        let until = profile.status_until.map(|at| (texts::UNTIL.of(language.get()))(&time(at)));
        Some(view! {
            <p class="person-status" data-testid="person-status">
                <span aria-hidden="true">{sign}</span>
                <span dir="auto">{words}</span>
                <span class="hint">{until}</span>
            </p>
        })
    };
    let quiet = move || {
        let words = quiet_words(&profile.get(), minute.get(), language.get())?;
        Some(view! { <p data-testid="person-quiet">"🌙 " {words}</p> })
    };
    let local_time = move || {
        let (profile, language) = (profile.get(), language.get());
        let time = zones::time_in(language.format_tag(), profile.time_zone.as_ref()?.as_str(), minute.get())?;
        Some(view! { <p data-testid="person-time">"🕒 " {(texts::LOCAL_TIME.of(language))(&time)}</p> })
    };
    let (of, shown, of_room, to_block) = (name.to_string(), name.clone(), name.clone(), name.clone());
    let messages = move |_| {
        layers.close();
        search.find(format!("from:\"{of}\""));
        pane.show(PANEL);
    };
    let is_me = untrack(|| store.me()) == Some(id);
    let (writes, actions) = (untrack(|| store.is_account()), use_actions());
    let write_label = {
        let name = name.to_string();
        move || {
            let language = language.get();
            if is_me { texts::NOTES.of(language).to_owned() } else { (texts::WRITE_TO.of(language))(&name) }
        }
    };
    let write = writes.then(|| {
        view! {
            <button type="button" class="button primary" data-testid="person-write" autofocus
                on:click=move |_| actions.write_to(id)>
                {write_label}
            </button>
        }
    });
    let edit = (is_me && untrack(|| store.is_account())).then(|| view! {
        <button type="button" class="button" data-testid="person-edit" on:click=move |_| layers.open(SETTINGS)>
            {t(&texts::EDIT)}
        </button>
    });
    Some(view! {
        <div class="person-card">
            <div class="person-head">
                {move || avatar(store, Some(id), &name)}
                <div class="person-words">
                    <strong class="person-name" dir="auto">{shown.to_string()}</strong>
                    {reading}
                </div>
            </div>
            {status}
            {quiet}
            {local_time}
            {write}
            <button type="button" class="button" data-testid="person-messages" autofocus=!writes on:click=messages>
                {t(&texts::MESSAGES)}
            </button>
            {edit}
            <MemberControls id name=of_room />
            <BlockControl id name=to_block />
        </div>
    })
}
