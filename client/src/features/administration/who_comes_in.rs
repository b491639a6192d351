//! Who may come in, for owners. Each answer is saved at once.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::account::{Role, SignUp};

use super::entry::OwnRole;
use super::problem::Problem;
use super::{api, texts};
use crate::core::requests::NoAnswer;
use crate::features::account::api as account;
use crate::features::account::entrance_api::Change;
use crate::features::account::who_may_enter::WhoMayEnter;
use crate::i18n::t;
use crate::ui::failed::Failed;
use crate::ui::show::Show;
use crate::wire::credentials::use_credentials;

#[component]
pub fn WhoComesIn() -> impl IntoView {
    let credentials = use_credentials();
    let OwnRole(role) = expect_context();
    let (guests, sign_up) = (RwSignal::new(false), RwSignal::new(SignUp::default()));
    // Whether the present answers are known; what became of the last change.
    let known = RwSignal::new(None::<bool>);
    let (saved, problem) = (RwSignal::new(false), RwSignal::new(None::<NoAnswer>));
    let load = move || {
        spawn_local(async move {
            let told = account::entrance().await;
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
        saved.set(false);
        problem.set(None);
        spawn_local(async move {
            let refused = api::decide(credentials, change).await.err();
            // Nobody waits any more if the section was closed meanwhile.
            if saved.try_set(refused.is_none()).is_none() && refused.is_some() {
                problem.set(refused);
                // The page shows what holds.
                load();
            }
        });
    };
    view! {
        <Show when=move || role.get() == Role::Owner fallback=move || view! { <p class="hint">{t(&texts::OWNERS_DECIDE)}</p> }>
            <div class="admin-form" data-testid="entrance-setting">
                {move || match known.get() {
                    Some(true) => view! { <WhoMayEnter guests sign_up changed=Callback::new(change) /> }.into_any(),
                    Some(false) => view! { <Failed again=load /> }.into_any(),
                    None => ().into_any(),
                }}
                <Problem why=problem />
                <p class="hint" role="status" data-testid="entrance-saved">{move || saved.get().then(t(&texts::SAVED))}</p>
            </div>
        </Show>
    }
}
