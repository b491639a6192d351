//! Asks once more before a person leaves a room, or Hiroba, where something that they wrote would be lost.

use leptos::prelude::*;
use shared::RoomAddress;

use super::layers::{Layer, Layers, use_layers};
use super::popup::Popup;
use crate::browser::dates::format_number;
use crate::i18n::{t, use_language};
use crate::state::Store;

/// Where they leave, as a context.
#[derive(Clone, Copy)]
pub struct Parting {
    /// The room; none: all of them.
    room: RwSignal<Option<RoomAddress>>,
    store: Store,
    layers: Layers,
}

impl Parting {
    /// Begins with nobody leaving.
    pub fn provide(store: Store) -> Self {
        let parting = Self { room: RwSignal::new(None), store, layers: use_layers() };
        provide_context(parting);
        parting
    }

    /// Leaves `room`, or signs out, at once or after the question.
    pub fn part(self, room: Option<RoomAddress>) {
        let nothing = untrack(|| self.store.losses(room.as_ref())).is_none();
        self.room.set(room);
        if nothing {
            self.go();
        } else {
            self.layers.open(Layer::Parting);
        }
    }

    fn go(self) {
        if let Some(room) = self.room.get_untracked() {
            self.layers.close();
            self.store.leave(room);
        } else {
            self.layers.closed();
            self.store.sign_out();
        }
    }
}

/// Leaving, from the context.
pub fn use_parting() -> Parting {
    expect_context()
}

/// The question.
#[component]
pub fn PartingQuestion() -> impl IntoView {
    let parting = use_parting();
    let layers = use_layers();
    let language = use_language();
    let lost = move || {
        let (language, losses) =
            (language.get(), parting.room.with(|room| parting.store.losses(room.as_ref())));
        let texts = language.texts();
        let parts = [(losses.drafts, texts.loses_drafts), (losses.unsent, texts.loses_unsent)];
        let words = |(count, words): (usize, fn(usize, &str) -> String)| {
            (count > 0).then(|| words(count, &format_number(language.format_tag(), count as u64)))
        };
        parts.into_iter().filter_map(words).collect::<Vec<_>>().join(" ")
    };
    let go = move || {
        let texts = language.get().texts();
        parting.room.with(|room| match room {
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
                <button type="button" class="button danger solid" data-testid="parting-confirm" on:click=move |_| parting.go()>
                    {go}
                </button>
            </div>
        </Popup>
    }
}
