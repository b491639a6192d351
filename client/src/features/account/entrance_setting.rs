//! The owner's part of the settings: who may come in. Each answer is saved at once.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::account::SignUp;

use super::entrance_api::Change;
use super::who_may_enter::WhoMayEnter;
use super::{admin_api, api, texts};
use crate::core::requests::NoAnswer;
use crate::i18n::{t, use_language};
use crate::ui::failed::Failed;
use crate::wire::credentials::use_credentials;

/// The part of the settings.
#[component]
pub fn EntranceSetting() -> impl IntoView {
    let credentials = use_credentials();
    let language = use_language();
    let (guests, sign_up) = (RwSignal::new(false), RwSignal::new(SignUp::default()));
    // Whether the present answers are known; what became of the last change.
    let known = RwSignal::new(None::<bool>);
    let saved = RwSignal::new(None::<Result<(), NoAnswer>>);
    let load = move || {
        spawn_local(async move {
            let told = api::entrance().await;
            // Nobody waits any more if the settings were closed meanwhile.
            if known.try_set(Some(told.is_some())).is_none()
                && let Some(told) = told
            {
                guests.set(told.guests);
                sign_up.set(told.sign_up);
            }
        });
    };
    load();
    let change = move |change: Change| {
        saved.set(None);
        spawn_local(async move {
            let answer = admin_api::decide(credentials, change).await;
            let is_refused = answer.is_err();
            if saved.try_set(Some(answer)).is_none() && is_refused {
                // The page shows what holds.
                load();
            }
        });
    };
    let words = move || {
        saved.with(|saved| {
            saved.as_ref()?.as_ref().err().map(|error| texts::why(language.get(), error, &texts::WRONG))
        })
    };
    let is_saved = move || saved.with(|saved| matches!(saved, Some(Ok(()))));
    view! {
        <div class="field account" data-testid="entrance-setting">
            {move || match known.get() {
                Some(true) => view! { <WhoMayEnter guests sign_up changed=Callback::new(change) /> }.into_any(),
                Some(false) => view! { <Failed again=load /> }.into_any(),
                None => ().into_any(),
            }}
            <p class="problem" role="alert" data-testid="entrance-problem">{words}</p>
            <p class="hint" role="status" data-testid="entrance-saved">{move || is_saved().then(t(&texts::SAVED))}</p>
        </div>
    }
}
