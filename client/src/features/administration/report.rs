//! A reported message as it was then, and what was done about it.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::RoomAddress;
use shared::account::Role;
use shared::report::{Report, Resolved};

use super::entry::OwnRole;
use super::problem::Problem;
use super::texts::Reported;
use super::{api, texts};
use crate::browser::dates::{Style, format};
use crate::core::Store;
use crate::core::requests::NoAnswer;
use crate::i18n::{Language, common, t, use_language};
use crate::ui::layers::use_layers;
use crate::ui::room_name::room_name;
use crate::ui::show::Show;
use crate::wire::credentials::use_credentials;

#[component]
pub fn ReportRow(report: Report) -> impl IntoView {
    let store: Store = expect_context();
    let (credentials, language, layers) = (use_credentials(), use_language(), use_layers());
    let (asks, busy) = (RwSignal::new(false), RwSignal::new(false));
    let is_done = RwSignal::new(report.resolved.is_some());
    let problem = RwSignal::new(None::<NoAnswer>);
    let note = RwSignal::new(String::new());
    let id = report.id;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        let note = note.get_untracked();
        spawn_local(async move {
            let answer = api::resolve(credentials, id, note.trim()).await;
            // Nobody waits any more if the section was closed meanwhile.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(()) => {
                    is_done.set(true);
                    asks.set(false);
                }
                Err(why) => problem.set(Some(why)),
            }
        });
    };
    // What is about oneself is for others to judge, unless one owns the place.
    let OwnRole(role) = expect_context();
    let is_own = untrack(|| store.me()) == Some(report.author.user_id);
    let may_resolve = move || !is_own || role.get() == Role::Owner;
    let (room, seq) = (report.room.clone(), report.seq);
    // Nobody goes into a private room to look.
    let may_go = !room.is_private() || untrack(|| store.room(&room)).is_some();
    let go = move |_| {
        layers.give_way(&room);
        store.go(room.clone(), Some(seq));
    };
    let text = report.content.clone();
    let has_text = text.is_some();
    let resolved = report.resolved.clone();
    let became = move || {
        let language = language.get();
        is_done.get().then(|| {
            resolved.as_ref().map_or_else(
                || texts::RESOLVED.of(language).to_owned(),
                |resolved| outcome(language, resolved),
            )
        })
    };
    let head = move || head(store, language.get(), &report);
    view! {
        <li class="admin-row" data-testid="admin-report">
            <p dir="auto">{head}</p>
            {text.map(|text| view! { <blockquote class="excerpt" dir="auto">{text.to_string()}</blockquote> })}
            {(!has_text).then(|| view! { <p class="hint">{t(&texts::TEXT_GONE)}</p> })}
            <p class="hint" role="status" data-testid="admin-report-outcome">{became}</p>
            <div class="admin-buttons">
                {may_go.then(|| view! {
                    <button type="button" class="button" data-testid="admin-report-go" on:click=go>{t(&texts::GO_TO_MESSAGE)}</button>
                })}
                <Show when=move || !is_done.get() && may_resolve()>
                    <button type="button" class="button" data-testid="admin-report-resolve" aria-expanded=move || asks.get().to_string()
                        on:click=move |_| asks.update(|asks| *asks = !*asks)>{t(&texts::RESOLVE)}</button>
                </Show>
            </div>
            <Show when=move || !is_done.get() && !may_resolve()>
                <p class="hint" data-testid="admin-report-own">{t(&texts::ABOUT_YOU)}</p>
            </Show>
            <Show when=move || asks.get()>
                <form class="admin-form" on:submit=submit>
                    <label class="field">
                        <span class="field-label">{t(&texts::NOTE)}</span>
                        <input type="text" data-testid="admin-report-note" autocomplete="off"
                            on:input=move |event| note.set(event_target_value(&event)) />
                    </label>
                    <div class="buttons">
                        <button type="button" class="button" data-testid="admin-report-cancel" on:click=move |_| asks.set(false)>
                            {t(&common::CANCEL)}
                        </button>
                        <button type="submit" class="button primary" data-testid="admin-report-done"
                            aria-disabled=move || busy.get().to_string()>{t(&texts::RESOLVE_NOW)}</button>
                    </div>
                </form>
            </Show>
            <Problem why=problem />
        </li>
    }
}

/// Who reported whose message, where, when and why.
fn head(store: Store, language: Language, report: &Report) -> String {
    let Report { room, title, author, by, written_at, reason, .. } = report;
    let when = format(language.format_tag(), Style::Short, *written_at);
    let place = title.as_ref().map_or_else(|| called(store, language, room), ToString::to_string);
    let reported = Reported { by: by.user.as_str(), author: author.user.as_str(), room: &place, when: &when };
    let said = (texts::REPORTED.of(language))(&reported);
    let reason =
        reason.as_ref().map(|reason| (texts::BECAUSE.of(language))(reason.as_str())).unwrap_or_default();
    format!("{said}{reason}")
}

fn called(store: Store, language: Language, room: &RoomAddress) -> String {
    room_name(store, room, language)
}

fn outcome(language: Language, Resolved { by, note, timestamp }: &Resolved) -> String {
    let when = format(language.format_tag(), Style::Short, *timestamp);
    let said = (texts::RESOLVED_BY.of(language))(by.user.as_str(), &when);
    let note = note.as_ref().map(|note| (texts::QUOTED.of(language))(note.as_str())).unwrap_or_default();
    format!("{said}{note}")
}
