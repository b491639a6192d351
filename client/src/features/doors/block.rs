//! Blocking somebody: the question before it, and the buttons for it and its end.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::{ErrorCode, UserId, UserName};

use super::dialogs::BLOCKING;
use super::problem::Problem;
use super::texts;
use crate::core::Store;
use crate::core::requests::NoAnswer;
use crate::features::account::preferences;
use crate::i18n::{common, t, use_language};
use crate::ui::layers::use_layers;
use crate::ui::show::Show;
use crate::wire::credentials::use_credentials;

/// The question before somebody is blocked.
#[component]
pub fn BlockQuestion() -> impl IntoView {
    super::adopt_styles();
    let store: Store = expect_context();
    let (layers, language, credentials) = (use_layers(), use_language(), use_credentials());
    let (id, name) = store.person()?;
    let question = move || (texts::BLOCK_QUESTION.of(language.get()))(name.as_str());
    let problem = RwSignal::new(None::<NoAnswer>);
    let confirm = move |_| {
        problem.set(None);
        spawn_local(async move {
            match preferences::block(credentials, id, true).await {
                // The dialog may be closed by now.
                _ if problem.is_disposed() => {}
                Ok(()) => layers.close_layer(BLOCKING),
                Err(why) => problem.set(Some(why)),
            }
        });
    };
    let is_guest = move || {
        problem.with(|problem| {
            matches!(problem, Some(NoAnswer::Refused(failure)) if failure.code == ErrorCode::NoSuchUser)
        })
    };
    let of_guest = move || t(&texts::BLOCK_NO_GUESTS)();
    Some(view! {
        <div class="doors-form">
            <h2 class="pane-title" dir="auto">{question}</h2>
            <p class="hint">{t(&texts::BLOCK_EXPLAINED)}</p>
            <Show when=is_guest fallback=move || view! { <Problem why=problem testid="block-problem" /> }.into_any()>
                <p class="problem" role="alert" data-testid="block-problem">{of_guest}</p>
            </Show>
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
        store.notify(why.into());
    });
}
