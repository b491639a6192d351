//! Confirmation before the user leaves a room or signs out, if something they wrote would be lost.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::RoomAddress;

use super::texts;
use crate::browser::dates::format_number;
use crate::browser::styles;
use crate::core::Store;
use crate::i18n::{common, t, use_language};
use crate::ui::later::later;
use crate::ui::later_popup::LaterDialog;
use crate::ui::layers::{Layer, Layers};
use crate::ui::popup::QUESTION_STYLES;
use crate::ui::room_name::room_name;
use crate::wire::credentials::{Credentials, use_credentials};

const QUESTION: Layer = Layer::dialog("parting-question");

/// What the user is asked to confirm, as a context: leaving this room, or all of them.
#[derive(Clone, Copy)]
pub struct Parting {
    room: RwSignal<Option<RoomAddress>>,
    store: Store,
    credentials: Credentials,
    layers: Layers,
}

impl Parting {
    pub fn provide(store: Store, layers: Layers) {
        let credentials = use_credentials();
        provide_context(Self { room: RwSignal::default(), store, credentials, layers });
    }

    /// Leaves `room`, or signs out if there is none: at once, or after confirmation if something would be lost or one cannot
    /// simply come back.
    pub fn part(self, room: Option<RoomAddress>) {
        let is_private = room.as_ref().is_some_and(|room| room.is_private() && !room.is_direct());
        let nothing = !is_private && untrack(|| self.store.losses(room.as_ref())).is_none();
        self.room.set(room);
        if nothing {
            self.go();
        } else {
            self.layers.open(QUESTION);
        }
    }

    fn go(self) {
        if let Some(room) = self.room.get_untracked() {
            self.layers.close();
            self.store.leave(room);
        } else if self.store.is_account_untracked() {
            self.sign_out();
        } else {
            self.layers.drop_all();
            self.store.sign_out();
        }
    }

    /// Signs the browser out, which ends the session of every tab.
    fn sign_out(self) {
        let Self { store, credentials, layers, .. } = self;
        if credentials.has_left() {
            // It is under way.
            return;
        }
        spawn_local(async move {
            match credentials.sign_out().await {
                Ok(()) => layers.drop_all(),
                Err(why) => store.notify(why.into()),
            }
        });
    }
}

/// The dialog.
pub const DIALOG: LaterDialog = LaterDialog::new(QUESTION, &texts::PARTING_QUESTION, question);

later! {
    /// Fetches the code of the question.
    fn question(()) in dialogs: |()| view! { <Question /> }.into_any()
}

#[component]
fn Question() -> impl IntoView {
    styles::adopt(QUESTION_STYLES);
    let parting: Parting = expect_context();
    let Parting { room, store, layers, .. } = parting;
    let language = use_language();
    let lost = move || {
        let (language, losses) = (language.get(), room.with(|room| store.losses(room.as_ref())));
        let words = |count: usize, words: fn(usize, &str) -> String| match count {
            0 => String::new(),
            count => words(count, &format_number(language.format_tag(), count as u64)),
        };
        let drafts = words(losses.drafts, texts::LOSES_DRAFTS.of(language));
        format!("{drafts} {}", words(losses.unsent, texts::LOSES_UNSENT.of(language))).trim().to_owned()
    };
    let back = move || {
        let language = language.get();
        room.with(|room| {
            let room = room.as_ref().filter(|room| room.is_private() && !room.is_direct())?;
            let alone = store.room(room).is_some_and(|room| room.with(|room| room.members.count() < 2));
            let text = if alone { &texts::LAST_ONE } else { &texts::BY_INVITATION };
            Some(text.of(language))
        })
    };
    let leave = move || {
        let language = language.get();
        room.with(|room| match room {
            Some(room) if room.is_direct() => common::CLOSE_CONVERSATION.of(language).to_owned(),
            Some(room) => (common::LEAVE_ROOM.of(language))(&room_name(store, room, language)),
            None if store.is_account() => common::LOG_OUT.of(language).to_owned(),
            None => common::SIGN_OUT.of(language).to_owned(),
        })
    };
    view! {
        <h2 class="pane-title">{t(&texts::PARTING_QUESTION)}</h2>
        <p class="hint">{lost}</p>
        <p class="hint">{back}</p>
        <div class="buttons">
            <button type="button" class="button" data-testid="parting-cancel" autofocus on:click=move |_| layers.close()>
                {t(&common::CANCEL)}
            </button>
            <button type="button" class="button danger solid" data-testid="parting-confirm"
                on:click=move |_| parting.go()>
                {leave}
            </button>
        </div>
    }
}
