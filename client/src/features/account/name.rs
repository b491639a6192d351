//! Changing the name.

use leptos::prelude::*;

use super::form::{Field, Form, Sending};
use super::unfold::{Unfold, Unfolded};
use super::{api, texts};
use crate::core::Store;
use crate::core::identity::Known;
use crate::wire::credentials::use_credentials;

/// A button that opens the form, and what it led to.
#[component]
pub fn ChangeName() -> impl IntoView {
    let credentials = use_credentials();
    let store: Store = expect_context();
    let state = Unfolded::new();
    let form = Box::new(move || {
        let send = Box::new(move |values: Vec<String>| -> Sending {
            Box::pin(async move {
                let [name] = &values[..] else { return Ok(()) };
                let account = api::rename(credentials, name).await?;
                credentials.set_account(Some(Known { id: account.user_id, name: account.name }));
                state.finish();
                Ok(())
            })
        });
        let name = Field {
            id: "new-name",
            label: &texts::NEW_NAME,
            autocomplete: "username",
            is_password: false,
            value: store.identity.with_untracked(|identity| identity.name.to_string()),
        };
        let (fields, hint) = (vec![name], Some(&texts::NAME_RULE));
        view! { <Form fields button=&texts::CHANGE_NAME testid="name-form" hint wrong=(&texts::WRONG, 0) send /> }
            .into_any()
    });
    view! { <Unfold state button=&texts::CHANGE_NAME testid="name-change" said=&texts::NAME_CHANGED form /> }
}
