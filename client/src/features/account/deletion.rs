//! Deleting the account.

use leptos::prelude::*;

use super::form::{Field, Form, Sending};
use super::unfold::{Unfold, Unfolded};
use super::{api, texts};
use crate::i18n::t;
use crate::wire::credentials::use_credentials;

/// A button that opens the form.
#[component]
pub fn DeleteAccount() -> impl IntoView {
    let credentials = use_credentials();
    let state = Unfolded::new();
    let with_messages = RwSignal::new(false);
    let form = Box::new(move || {
        with_messages.set(false);
        let send = Box::new(move |values: Vec<String>| -> Sending {
            Box::pin(async move {
                let [password] = &values[..] else { return Ok(()) };
                api::delete_account(credentials, password, with_messages.get_untracked()).await?;
                // The session has ended with the account; if that cannot be learnt now, the connection will.
                let _ = credentials.sign_out().await;
                Ok(())
            })
        });
        let fields = vec![Field::password("deletion-password", &texts::PRESENT_PASSWORD, "current-password")];
        let hint = Some(&texts::DELETION_RULE);
        view! {
            <label class="account-show">
                <input type="checkbox" data-testid="deletion-messages"
                    on:change=move |event| with_messages.set(event_target_checked(&event)) />
                {t(&texts::DELETE_MESSAGES)}
            </label>
            <Form fields button=&texts::DELETE_ACCOUNT is_danger=true testid="deletion-form" hint wrong=(&texts::WRONG_PASSWORD, 0) send />
        }
        .into_any()
    });
    view! {
        <div class="field account">
            <Unfold state button=&texts::DELETE_ACCOUNT testid="deletion" said=&texts::ACCOUNT_DELETED form />
        </div>
    }
}
