//! Muting or banning somebody in the open room: for how long, and why.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::limits::REASON_CHARS;
use shared::{Command, RestrictionKind, Whom};

use super::dialogs::close_with_room;
use super::line::{Line, LineField};
use super::problem::Problem;
use super::texts;
use crate::core::Store;
use crate::core::requests::NoAnswer;
use crate::i18n::{common, span, t, use_language};
use crate::ui::layers::{Layer, use_layers};
use crate::ui::room_name::room_name;

/// The usual times, in seconds; 0 stands for no end.
const TIMES: [u32; 5] = [600, 3_600, 86_400, 604_800, 0];

#[component]
pub fn Restricting(layer: Layer, kind: RestrictionKind) -> impl IntoView {
    super::adopt_styles();
    let store: Store = expect_context();
    let layers = use_layers();
    let language = use_language();
    let (user_id, name) = store.person()?;
    let room = store.open.get_untracked()?;
    let of = room.clone();
    close_with_room(store, layers, layer);
    let bans = kind == RestrictionKind::Ban;
    let (text, explained, button) = if bans {
        (&texts::BAN_QUESTION, &texts::BAN_EXPLAINED, &texts::BAN_BUTTON)
    } else {
        (&texts::MUTE_QUESTION, &texts::MUTE_EXPLAINED, &texts::MUTE_BUTTON)
    };
    let question = move || {
        let language = language.get();
        (text.of(language))(name.as_str(), &room_name(store, &of, language))
    };
    let seconds = RwSignal::new(TIMES[0]);
    let option = move |time: u32| {
        let words = move || match time {
            0 => texts::UNTIL_LIFTED.of(language.get()).to_owned(),
            time => span(language.get(), time.into()),
        };
        view! { <option value=time.to_string()>{words}</option> }
    };
    let choose = move |event| seconds.set(event_target_value(&event).parse().unwrap_or(TIMES[0]));
    let line = Line::new("restriction-reason", &texts::REASON, REASON_CHARS, None);
    let problem = RwSignal::new(None::<NoAnswer>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Ok(reason) = line.read() else { return };
        problem.set(None);
        let seconds = Some(seconds.get_untracked()).filter(|seconds| *seconds > 0);
        let (room, whom) = (room.clone(), Whom::Id(user_id));
        let command = Command::Restrict { room, whom, kind, seconds, reason };
        store.request(command, move |answer| match answer {
            Ok(_) => layers.close_layer(layer),
            // The dialog may be closed by now.
            Err(why) => drop(problem.try_set(Some(why))),
        });
    };
    Some(view! {
        <form class="doors-form" on:submit=submit>
            <h2 class="pane-title" dir="auto">{question}</h2>
            <p class="hint">{t(explained)}</p>
            <label class="field">
                <span class="field-label">{t(&texts::HOW_LONG)}</span>
                <select data-testid="restriction-time" on:change=choose>{TIMES.map(option).collect_view()}</select>
            </label>
            <LineField line />
            <Problem why=problem testid="restriction-problem" />
            <div class="buttons">
                <button type="button" class="button" data-testid="restriction-cancel" autofocus on:click=move |_| layers.close()>
                    {t(&common::CANCEL)}
                </button>
                <button type="submit" class="button danger solid" data-testid="restriction-confirm">{t(button)}</button>
            </div>
        </form>
    })
}
