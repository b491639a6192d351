//! A guest that becomes an account: the same user from then on, and everything it wrote stays its own.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::account::SignUp;
use shared::{ErrorCode, Failure};

use super::form::{Field, Form, Sending};
use super::{api, preferences, renewal, texts};
use crate::core::Store;
use crate::core::identity::Known;
use crate::core::requests::NoAnswer;
use crate::i18n::t;
use crate::ui::show::Show;
use crate::wire::credentials::{Credentials, use_credentials};

/// What an account is good for, and the form, or who gives accounts out.
#[component]
pub fn Upgrade() -> impl IntoView {
    let store: Store = expect_context();
    let credentials = use_credentials();
    let (rule, open) = (RwSignal::new(None), RwSignal::new(false));
    spawn_local(async move {
        let told = api::entrance().await.map(|entrance| entrance.sign_up);
        // Nobody waits any more if the settings were closed meanwhile.
        let _ = rule.try_set(told);
    });
    let form = move || {
        let send = Box::new(move |values: Vec<String>| -> Sending {
            Box::pin(async move {
                let [name, password] = &values[..] else { return Ok(()) };
                // The server ends the connections of the guest before its answer is here.
                credentials.set_upgrading(true);
                let done = upgrade(store, credentials, name, password).await;
                credentials.set_upgrading(false);
                done
            })
        });
        let name = Field {
            id: "account-name",
            label: &texts::NAME,
            autocomplete: "username",
            is_password: false,
            value: store.identity.with_untracked(|identity| identity.name.to_string()),
        };
        let password = Field::password("account-password", &texts::PASSWORD, "new-password");
        let (fields, hint) = (vec![name, password], Some(&texts::PASSWORD_RULE));
        view! { <Form fields button=&texts::SIGN_UP testid="account-form" hint wrong=(&texts::WRONG, 1) send /> }
    };
    view! {
        <Show when=move || rule.get().is_some() && credentials.account().with(Option::is_none)>
            <div class="field account" data-testid="account">
                <span class="field-label">{t(&texts::ACCOUNT)}</span>
                <p class="hint">{t(&texts::UPGRADE)}</p>
                <Show when=move || rule.get() == Some(SignUp::Open) fallback=move || view! {
                    <p class="hint" data-testid="account-closed">{move || texts::who_invites(rule.get()).map(|text| t(text)())}</p>
                }>
                    <Show when=move || open.get() fallback=move || view! {
                        <button type="button" class="button" data-testid="account-create" on:click=move |_| open.set(true)>
                            {t(&texts::SIGN_UP)}
                        </button>
                    }>
                        {form}
                    </Show>
                </Show>
            </div>
        </Show>
    }
}

async fn upgrade(store: Store, credentials: Credentials, name: &str, password: &str) -> Result<(), NoAnswer> {
    let (id, guest) = store.identity.with_untracked(|identity| (identity.id, identity.session.clone()));
    // Otherwise the server does not know the guest yet.
    let guest = guest.ok_or(NoAnswer::Offline)?;
    let _alone = renewal::alone().await;
    let session = api::sign_up(Some(&guest), name, password, None).await?;
    if id != Some(session.user_id) {
        // An account that was there before: the guest does not become it.
        api::sign_out().await?;
        let taken = Failure::new(ErrorCode::NameTaken, "the name is that of an account");
        return Err(NoAnswer::Refused(taken));
    }
    store.become_account(Known { id: session.user_id, name: session.name.clone() });
    renewal::accept(credentials, session);
    preferences::tell_all_muted(credentials, store.muted.try_get_untracked().unwrap_or_default());
    Ok(())
}
