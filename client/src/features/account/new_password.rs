//! Choosing a new password with a link, on the first page.

use leptos::prelude::*;

use super::enter::Otherwise;
use super::form::{Field, Form, Sending};
use super::{api, link, renewal, texts};
use crate::core::entrance::use_entrance;
use crate::core::identity::Known;
use crate::i18n::t;
use crate::wire::credentials::use_credentials;

/// The form.
#[component]
pub fn NewPassword(secret: String, is_by_link: RwSignal<bool>) -> impl IntoView {
    let (entrance, credentials) = (use_entrance(), use_credentials());
    let send = Box::new(move |values: Vec<String>| -> Sending {
        let secret = secret.clone();
        Box::pin(async move {
            let [password] = &values[..] else { return Ok(()) };
            let _alone = renewal::alone().await;
            let session = api::reset_password(&secret, password).await?;
            let account = Known { id: session.user_id, name: session.name.clone() };
            renewal::accept(credentials, session);
            link::used(entrance, account);
            Ok(())
        })
    });
    let fields = vec![Field::password("account-password", &texts::NEW_PASSWORD, "new-password")];
    view! {
        <h2 class="pane-title">{t(&texts::RESET)}</h2>
        <p class="hint">{t(&texts::RESET_MORE)}</p>
        <Form fields button=&texts::RESET_SEND testid="account-form" hint=Some(&texts::PASSWORD_RULE)
            wrong=(&texts::WRONG, 0) send />
        <Otherwise is_by_link />
    }
}
