//! Links with which somebody who has lost the password chooses a new one.

use leptos::prelude::*;

use super::form::{Field, Form, Sending};
use super::link::Kind;
use super::made_link::{Made, MadeLink};
use super::{admin_api, texts};
use crate::i18n::t;
use crate::ui::show::Show;
use crate::wire::credentials::use_credentials;

/// The part of the settings.
#[component]
pub fn LostPasswords() -> impl IntoView {
    let credentials = use_credentials();
    let (open, made) = (RwSignal::new(false), RwSignal::new(None::<Made>));
    let form = move || {
        let send = Box::new(move |values: Vec<String>| -> Sending {
            Box::pin(async move {
                let [name] = &values[..] else { return Ok(()) };
                let link = admin_api::reset_link(credentials, name).await?;
                let (secret, expires_at) = (link.link.as_str().to_owned(), link.expires_at);
                // Nobody waits any more if the settings were closed meanwhile.
                if made.try_set(Some(Made { kind: Kind::Reset, secret, expires_at })).is_none() {
                    open.set(false);
                }
                Ok(())
            })
        });
        let name = Field {
            id: "reset-name",
            label: &texts::NAME_OF_ACCOUNT,
            autocomplete: "off",
            is_password: false,
            value: String::new(),
        };
        view! {
            <Form fields=vec![name] button=&texts::MAKE_LINK testid="reset-form" hint=Some(&texts::RESET_ABOUT)
                wrong=(&texts::WRONG, 0) send />
        }
    };
    view! {
        <div class="field account" data-testid="reset">
            <span class="field-label">{t(&texts::LOST_PASSWORDS)}</span>
            <Show when=move || open.get() fallback=move || view! {
                <button type="button" class="button" data-testid="reset-open"
                    on:click=move |_| { made.set(None); open.set(true); }>
                    {t(&texts::HELP_SOMEBODY)}
                </button>
            }>
                {form}
            </Show>
            {move || made.get().map(|made| view! { <MadeLink made label=&texts::RESET_LINK /> })}
        </div>
    }
}
