//! Changing the password.

use leptos::prelude::*;

use super::form::{Field, Form, Sending};
use super::{api, texts};
use crate::i18n::t;
use crate::ui::show::Show;
use crate::wire::credentials::use_credentials;

/// A button that opens the form, and what it led to.
#[component]
pub fn ChangePassword(
    /// Whether it was changed.
    done: RwSignal<bool>,
) -> impl IntoView {
    let credentials = use_credentials();
    let open = RwSignal::new(false);
    let form = move || {
        let send = Box::new(move |values: Vec<String>| -> Sending {
            Box::pin(async move {
                let [present, new] = &values[..] else { return Ok(()) };
                api::change_password(credentials, present, new).await?;
                done.set(true);
                open.set(false);
                Ok(())
            })
        });
        let fields = vec![
            Field::password("present-password", &texts::PRESENT_PASSWORD, "current-password"),
            Field::password("new-password", &texts::NEW_PASSWORD, "new-password"),
        ];
        let hint = Some(&texts::PASSWORD_RULE);
        view! { <Form fields button=&texts::CHANGE_PASSWORD testid="password-form" hint wrong=(&texts::WRONG_PASSWORD, 0) send /> }
    };
    view! {
        <Show when=move || open.get() fallback=move || view! {
            <button type="button" class="button" data-testid="password-change"
                on:click=move |_| { done.set(false); open.set(true); }>
                {t(&texts::CHANGE_PASSWORD)}
            </button>
        }>
            {form}
        </Show>
        <p class="hint" role="status" data-testid="password-changed">
            {move || done.get().then(t(&texts::PASSWORD_CHANGED))}
        </p>
    }
}
