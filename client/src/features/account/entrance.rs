//! Signing in and signing up on the first page.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use super::form::{Field, Form, Sending};
use super::{api, renewal, texts};
use crate::browser::storage::BrowserStorage;
use crate::core::entrance::use_entrance;
use crate::i18n::{common, t};
use crate::ui::show::Show;
use crate::wire::credentials::use_credentials;

/// Storage key of the last name, the same as that of a guest.
const NAME: &str = "hiroba.name";

/// The name and the password, and what else one may do.
#[component]
pub fn AccountEntrance() -> impl IntoView {
    let with_account = use_entrance().with_account();
    let credentials = use_credentials();
    let is_new = RwSignal::new(false);
    let typed = StoredValue::new(BrowserStorage::Browser.text(NAME).unwrap_or_default());
    let switch = move |_| {
        let field = document().get_element_by_id("account-name").and_then(|field| field.dyn_into().ok());
        if let Some(field) = field {
            typed.set_value(web_sys::HtmlInputElement::value(&field));
        }
        is_new.update(|is_new| *is_new = !*is_new);
    };
    let may_sign_up = RwSignal::new(None);
    spawn_local(async move {
        let may = api::may_sign_up().await;
        // Nobody waits any more if the form was closed meanwhile.
        let _ = may_sign_up.try_set(may);
    });
    let name = move || Field {
        id: "account-name",
        label: &texts::NAME,
        autocomplete: "username",
        is_password: false,
        value: typed.with_value(Clone::clone),
    };
    let form = move || {
        let is_new = is_new.get();
        let send = Box::new(move |values: Vec<String>| -> Sending {
            Box::pin(async move {
                let [name, password] = &values[..] else { return Ok(()) };
                let _alone = renewal::alone().await;
                let session = if is_new {
                    api::sign_up(None, name, password).await?
                } else {
                    api::sign_in(name, password).await?
                };
                BrowserStorage::Browser.set_text(NAME, session.name.as_str());
                renewal::accept(credentials, session);
                Ok(())
            })
        });
        let (button, kind) =
            if is_new { (&texts::SIGN_UP, "new-password") } else { (&common::SIGN_IN, "current-password") };
        let hint = is_new.then_some(&texts::PASSWORD_RULE);
        let fields = vec![name(), Field::password("account-password", &texts::PASSWORD, kind)];
        view! { <Form fields button testid="account-form" hint wrong=(&texts::WRONG, 1) send /> }
    };
    view! {
        <h2 class="pane-title">{move || if is_new.get() { t(&texts::SIGN_UP)() } else { t(&common::SIGN_IN)() }}</h2>
        {form}
        <Show when=move || may_sign_up.get() == Some(true)>
            <p class="account-other">
                {move || if is_new.get() { t(&common::HAS_ACCOUNT)() } else { t(&texts::NO_ACCOUNT)() }}
                " "
                <button type="button" class="link-button" data-testid="account-switch"
                    on:click=switch>
                    {move || if is_new.get() { t(&common::SIGN_IN)() } else { t(&texts::SIGN_UP)() }}
                </button>
            </p>
        </Show>
        <Show when=move || may_sign_up.get() == Some(false)>
            <p class="hint" data-testid="account-closed">{t(&texts::ASK_OPERATOR)}</p>
        </Show>
        <p class="account-other">
            <button type="button" class="link-button" data-testid="account-back" on:click=move |_| with_account.set(false)>
                {t(&texts::AS_GUEST)}
            </button>
        </p>
    }
}
