//! Changing the password.

use leptos::prelude::*;

use super::form::{Field, Form, Sending};
use super::unfold::{Unfold, Unfolded};
use super::{api, texts};
use crate::wire::credentials::use_credentials;

/// A button that opens the form, and what it led to.
#[component]
pub fn ChangePassword(state: Unfolded) -> impl IntoView {
    let credentials = use_credentials();
    let form = Box::new(move || {
        let send = Box::new(move |values: Vec<String>| -> Sending {
            Box::pin(async move {
                let [present, new] = &values[..] else { return Ok(()) };
                api::change_password(credentials, present, new).await?;
                state.finish();
                Ok(())
            })
        });
        let fields = vec![
            Field::password("present-password", &texts::PRESENT_PASSWORD, "current-password"),
            Field::password("new-password", &texts::NEW_PASSWORD, "new-password"),
        ];
        let hint = Some(&texts::PASSWORD_RULE);
        view! { <Form fields button=&texts::CHANGE_PASSWORD testid="password-form" hint wrong=(&texts::WRONG_PASSWORD, 0) send /> }
            .into_any()
    });
    view! { <Unfold state button=&texts::CHANGE_PASSWORD testid="password-change" said=&texts::PASSWORD_CHANGED form /> }
}
