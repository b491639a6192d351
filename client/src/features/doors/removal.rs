//! Confirmation before somebody is removed from the open room.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::Command;
use shared::limits::REASON_CHARS;

use super::dialogs::{REMOVAL, close_with_room};
use super::line::{Line, LineField};
use super::problem::Problem;
use super::texts;
use crate::core::Store;
use crate::core::requests::NoAnswer;
use crate::i18n::{common, t, use_language};
use crate::ui::layers::use_layers;
use crate::ui::room_name::room_name;

#[component]
pub fn Removal() -> impl IntoView {
    super::adopt_styles();
    let store: Store = expect_context();
    let layers = use_layers();
    let language = use_language();
    let (user_id, name) = store.person()?;
    let room = store.open.get_untracked()?;
    let of = room.clone();
    let explained =
        if room.is_private() { &texts::REMOVE_EXPLAINED } else { &texts::REMOVE_PUBLIC_EXPLAINED };
    close_with_room(store, layers, REMOVAL);
    let question = move || {
        let language = language.get();
        (texts::REMOVE_QUESTION.of(language))(name.as_str(), &room_name(store, &of, language))
    };
    let line = Line::new("removal-reason", &texts::REASON, REASON_CHARS, None);
    let problem = RwSignal::new(None::<NoAnswer>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Ok(reason) = line.read() else { return };
        problem.set(None);
        let command = Command::RemoveMember { room: room.clone(), user_id, reason };
        store.request(command, move |answer| match answer {
            Ok(_) => layers.close_layer(REMOVAL),
            // The dialog may be closed by now.
            Err(why) => drop(problem.try_set(Some(why))),
        });
    };
    Some(view! {
        <form class="doors-form" on:submit=submit>
            <h2 class="pane-title" dir="auto">{question}</h2>
            <p class="hint">{t(explained)}</p>
            <LineField line />
            <Problem why=problem testid="removal-problem" />
            <div class="buttons">
                <button type="button" class="button" data-testid="removal-cancel" autofocus on:click=move |_| layers.close()>
                    {t(&common::CANCEL)}
                </button>
                <button type="submit" class="button danger solid" data-testid="removal-confirm">{t(&texts::REMOVE)}</button>
            </div>
        </form>
    })
}
