//! A guest that becomes an account: the same user from then on, and everything it wrote stays its own.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::{ErrorCode, Failure};

use super::form::{Field, Form, Sending};
use super::{api, renewal, texts};
use crate::core::Store;
use crate::core::identity::Known;
use crate::core::requests::NoAnswer;
use crate::i18n::t;
use crate::ui::show::Show;
use crate::wire::credentials::{Credentials, use_credentials};

/// What an account is good for, and the form; nothing if nobody may sign up.
#[component]
pub fn Upgrade() -> impl IntoView {
    let store: Store = expect_context();
    let credentials = use_credentials();
    let (may_sign_up, open) = (RwSignal::new(false), RwSignal::new(false));
    spawn_local(async move {
        let may = api::may_sign_up().await.unwrap_or_default();
        // Nobody waits any more if the settings were closed meanwhile.
        let _ = may_sign_up.try_set(may);
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
        <Show when=move || may_sign_up.get() && credentials.account().with(Option::is_none)>
            <div class="field account" data-testid="account">
                <span class="field-label">{t(&texts::ACCOUNT)}</span>
                <p class="hint">{t(&texts::UPGRADE)}</p>
                <Show when=move || open.get() fallback=move || view! {
                    <button type="button" class="button" data-testid="account-create" on:click=move |_| open.set(true)>
                        {t(&texts::SIGN_UP)}
                    </button>
                }>
                    {form}
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
    let session = api::sign_up(Some(&guest), name, password).await?;
    if id != Some(session.user_id) {
        // An account that was there before: the guest does not become it.
        api::sign_out().await?;
        let taken = Failure::new(ErrorCode::NameTaken, "the name is that of an account");
        return Err(NoAnswer::Refused(taken));
    }
    store.become_account(Known { id: session.user_id, name: session.name.clone() });
    renewal::accept(credentials, session);
    Ok(())
}
