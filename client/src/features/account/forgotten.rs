//! Asking for a link to a new password, on the first page.

use leptos::prelude::*;

use super::form::{Field, Form, Sending};
use super::{api, texts};
use crate::i18n::t;
use crate::ui::focus;
use crate::ui::show::Show;

/// The form, and what is said to everybody who sends it.
#[component]
pub fn Forgotten(is_forgotten: RwSignal<bool>) -> impl IntoView {
    let is_sent = RwSignal::new(false);
    let form = move || {
        let send = Box::new(move |values: Vec<String>| -> Sending {
            Box::pin(async move {
                let [account] = &values[..] else { return Ok(()) };
                api::forgotten_password(account).await?;
                // Nobody waits any more if the form was closed meanwhile.
                if is_sent.try_set(true).is_none() {
                    focus::soon("#forgotten-back");
                }
                Ok(())
            })
        });
        let account = Field {
            id: "forgotten-account",
            label: &texts::NAME_OR_MAIL,
            autocomplete: "username",
            is_password: false,
            value: String::new(),
        };
        view! {
            <p class="hint">{t(&texts::FORGOTTEN_MORE)}</p>
            <Form fields=vec![account] button=&texts::SEND_LINK testid="forgotten-form" hint=None
                wrong=(&texts::WRONG, 0) send />
        }
    };
    view! {
        <h2 class="pane-title">{t(&texts::FORGOTTEN)}</h2>
        <Show when=move || !is_sent.get()>{form}</Show>
        <p role="status" data-testid="forgotten-sent">{move || is_sent.get().then(t(&texts::LINK_SENT))}</p>
        <p class="account-other">
            <button type="button" class="link-button" id="forgotten-back" data-testid="forgotten-back"
                on:click=move |_| is_forgotten.set(false)>
                {t(&texts::BACK_TO_SIGN_IN)}
            </button>
        </p>
    }
}
