//! A report: what was said, who reported it and why, and what can be done about it.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::limits::REASON_CHARS;
use shared::report::Report;
use shared::{Person, Privilege, Timestamp};

use super::super::dialogs::{BAN, MUTING};
use super::super::line::{Line, LineField};
use super::{api, texts};
use crate::browser::dates::{Style, format};
use crate::core::Store;
use crate::core::requests::NoAnswer;
use crate::features::message::action::{Facts, message_actions};
use crate::features::message::actions::{Target, use_actions};
use crate::i18n::{t, use_language};
use crate::ui::focus;
use crate::ui::layers::{Layer, use_layers};
use crate::ui::show::Show;
use crate::wire::credentials::{Credentials, use_credentials};

#[component]
pub fn Entry(
    report: Report,
    /// The report that is about to be settled.
    begun: RwSignal<Option<u64>>,
    /// Told of what became of it.
    settled: Callback<Result<u64, NoAnswer>>,
) -> impl IntoView {
    let (store, credentials): (Store, _) = (expect_context(), use_credentials());
    let (actions, layers, language) = (use_actions(), use_layers(), use_language());
    let Report { id, room, seq, author, written_at, content, by, reason, timestamp, .. } = report;
    let time = move |at: Timestamp| format(language.get().format_tag(), Style::Short, at);
    let is_own = untrack(|| store.me()) == Some(author.user_id);
    let may = |privilege| untrack(|| store.may(&room, privilege)) && !is_own;
    let (deletes, restricts) = (may(Privilege::DeleteMessage), may(Privilege::Restrict));
    let go = {
        let room = room.clone();
        move |_| {
            layers.give_way(&room);
            store.go(room.clone(), Some(seq));
        }
    };
    let delete = {
        let target = Target { room: room.clone(), seq, anchor: None };
        move |_| {
            let offered = Facts {
                own: false,
                moderates: true,
                closed: false,
                deleted: false,
                edited: false,
                pinned: false,
            };
            if let Some(action) = message_actions().iter().find(|action| action.name == "delete") {
                (action.run)(actions, target.clone(), offered);
            }
        }
    };
    let restrict = {
        let Person { user_id, user } = author.clone();
        move |layer: Layer| {
            store.look_at(user_id, user.clone());
            layers.open(layer);
        }
    };
    let ban = restrict.clone();
    let told = move || {
        let reason = reason.as_ref().map(|reason| (texts::QUOTED.of(language.get()))(reason.as_str()));
        let said = (texts::REPORTED_BY.of(language.get()))(by.user.as_str(), &time(timestamp));
        said + &reason.unwrap_or_default()
    };
    let words = match content {
        Some(text) => view! { <blockquote class="reported" data-testid="report-words" dir="auto">{text.to_string()}</blockquote> }.into_any(),
        None => view! { <p class="hint">{t(&texts::NOT_KEPT)}</p> }.into_any(),
    };
    let name = author.user.to_string();
    view! {
        <li class="report" data-testid="report">
            <p dir="auto"><strong>{name}</strong> " " <span class="hint">{move || time(written_at)}</span></p>
            {words}
            <p class="hint" data-testid="report-told" dir="auto">{told}</p>
            <div class="report-acts">
                <button type="button" class="button" data-testid="report-go" on:click=go>{t(&texts::GO)}</button>
                {deletes.then(|| view! {
                    <button type="button" class="button danger" data-testid="report-delete" aria-haspopup="dialog" on:click=delete>
                        {t(&texts::DELETE)}
                    </button>
                })}
                {restricts.then(|| view! {
                    <button type="button" class="button danger" data-testid="report-mute" aria-haspopup="dialog"
                        on:click=move |_| restrict(MUTING)>
                        {t(&texts::MUTE)}
                    </button>
                    <button type="button" class="button danger" data-testid="report-ban" aria-haspopup="dialog"
                        on:click=move |_| ban(BAN)>
                        {t(&texts::BAN)}
                    </button>
                })}
            </div>
            {if is_own {
                view! { <p class="hint">{t(&texts::ABOUT_YOU)}</p> }.into_any()
            } else {
                view! { <Settling id begun settled ask=(store, credentials) /> }.into_any()
            }}
        </li>
    }
}

/// The button that settles a report, and the note that one may leave.
#[component]
fn Settling(
    id: u64,
    begun: RwSignal<Option<u64>>,
    settled: Callback<Result<u64, NoAnswer>>,
    ask: (Store, Credentials),
) -> impl IntoView {
    let line = Line::new("report-note", &texts::NOTE, REASON_CHARS, None);
    let begin = move |_| {
        begun.set(Some(id));
        focus::soon("#report-note");
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Ok(note) = line.read() else { return };
        spawn_local(async move {
            let answer = api::resolve(&ask, id, note.as_ref()).await;
            // The dialog may be closed by now.
            if !begun.is_disposed() {
                settled.run(answer.map(|()| id));
            }
        });
    };
    let button = move || {
        view! {
            <button type="button" class="button primary" data-testid="report-settle" on:click=begin>
                {t(&texts::SETTLE)}
            </button>
        }
        .into_any()
    };
    view! {
        <Show when=move || begun.get() == Some(id) fallback=button>
            <form class="doors-form" on:submit=submit>
                <LineField line />
                <button type="submit" class="button primary" data-testid="report-settled">{t(&texts::SETTLE)}</button>
            </form>
        </Show>
    }
}
