//! Blocking somebody: the question before it, and the buttons for it and its end.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::{UserId, UserName};

use super::dialogs::BLOCKING;
use super::problem::Problem;
use super::texts;
use crate::browser::styles;
use crate::core::Store;
use crate::core::notices::About;
use crate::core::requests::NoAnswer;
use crate::features::account::preferences;
use crate::i18n::{common, t, use_language};
use crate::ui::layers::use_layers;
use crate::wire::credentials::use_credentials;

/// The question before somebody is blocked.
#[component]
pub fn BlockQuestion() -> impl IntoView {
    styles::adopt(include_str!("styles.css"));
    let store: Store = expect_context();
    let (layers, language, credentials) = (use_layers(), use_language(), use_credentials());
    let (id, name) = store.person()?;
    let question = move || (texts::BLOCK_QUESTION.of(language.get()))(name.as_str());
    let problem = RwSignal::new(None::<NoAnswer>);
    let confirm = move |_| {
        problem.set(None);
        spawn_local(async move {
            match preferences::block(credentials, id, true).await {
                Ok(()) => layers.close_layer(BLOCKING),
                // The dialog may be closed by now.
                Err(why) => drop(problem.try_set(Some(why))),
            }
        });
    };
    Some(view! {
        <div class="doors-form">
            <h2 class="pane-title" dir="auto">{question}</h2>
            <p class="hint">{t(&texts::BLOCK_EXPLAINED)}</p>
            <Problem why=problem testid="block-problem" />
            <div class="buttons">
                <button type="button" class="button" data-testid="block-cancel" autofocus on:click=move |_| layers.close()>
                    {t(&common::CANCEL)}
                </button>
                <button type="button" class="button danger solid" data-testid="block-confirm" on:click=confirm>
                    {t(&texts::BLOCK)}
                </button>
            </div>
        </div>
    })
}

/// The button in the dialog about a person. Accounts block each other.
#[component]
pub fn BlockControl(id: UserId, name: UserName) -> impl IntoView {
    let store: Store = expect_context();
    let layers = use_layers();
    let language = use_language();
    let credentials = use_credentials();
    let may = untrack(|| store.is_account() && store.me() != Some(id));
    let blocked = Memo::new(move |_| {
        store.blocks().track();
        store.is_blocked(id)
    });
    let click = move |_| {
        if blocked.get_untracked() {
            unblock(store, credentials, id);
        } else {
            layers.open(BLOCKING);
        }
    };
    let label = move || {
        let text = if blocked.get() { &texts::UNBLOCK_NAME } else { &texts::BLOCK_NAME };
        (text.of(language.get()))(name.as_str())
    };
    may.then(|| view! {
        <button type="button" class="button" class:danger=move || !blocked.get() data-testid="person-block"
            aria-haspopup=move || (!blocked.get()).then_some("dialog") on:click=click>
            {label}
        </button>
    })
}

/// Ends it, and says so if that fails.
pub fn unblock(store: Store, credentials: crate::wire::credentials::Credentials, id: UserId) {
    spawn_local(async move {
        let why = match preferences::block(credentials, id, false).await {
            Err(why) if !store.muted.is_disposed() => why,
            _ => return,
        };
        store.notify(match why {
            NoAnswer::Offline => About::Offline,
            NoAnswer::Refused(failure) => About::Refused(failure),
        });
    });
}
