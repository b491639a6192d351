//! Confirmation before the user leaves a room or signs out, if something they wrote would be lost.

use leptos::prelude::*;
use shared::RoomAddress;

use super::layers::{Layer, Layers, use_layers};
use super::popup::Popup;
use crate::browser::dates::format_number;
use crate::i18n::{t, use_language};
use crate::state::Store;

/// Leaves `room`, or signs out if there is none: at once, or after confirmation if something would be lost.
pub fn part(store: Store, layers: Layers, room: Option<RoomAddress>) {
    let nothing = untrack(|| store.losses(room.as_ref())).is_none();
    layers.parting.set(room);
    if nothing {
        go(store, layers);
    } else {
        layers.open(Layer::Parting);
    }
}

fn go(store: Store, layers: Layers) {
    if let Some(room) = layers.parting.get_untracked() {
        layers.close();
        store.leave(room);
    } else {
        layers.closed();
        store.sign_out();
    }
}

/// The dialog.
#[component]
pub fn PartingQuestion() -> impl IntoView {
    let store: Store = expect_context();
    let layers = use_layers();
    let language = use_language();
    let lost = move || {
        let (language, losses) = (language.get(), layers.parting.with(|room| store.losses(room.as_ref())));
        let texts = language.texts();
        let words = |count: usize, words: fn(usize, &str) -> String| match count {
            0 => String::new(),
            count => words(count, &format_number(language.format_tag(), count as u64)),
        };
        format!("{} {}", words(losses.drafts, texts.loses_drafts), words(losses.unsent, texts.loses_unsent))
    };
    let leave = move || {
        let texts = language.get().texts();
        layers.parting.with(|room| match room {
            Some(room) => (texts.leave_room)(room.as_str()),
            None => texts.sign_out.to_owned(),
        })
    };
    view! {
        <Popup layer=Layer::Parting name="parting-question" label=|t| t.parting_question>
            <h2 class="pane-title">{t(|t| t.parting_question)}</h2>
            <p class="hint">{lost}</p>
            <div class="buttons">
                <button type="button" class="button" data-testid="parting-cancel" autofocus on:click=move |_| layers.close()>
                    {t(|t| t.cancel)}
                </button>
                <button type="button" class="button danger solid" data-testid="parting-confirm"
                    on:click=move |_| go(store, layers)>
                    {leave}
                </button>
            </div>
        </Popup>
    }
}
