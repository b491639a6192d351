//! Whom the user has blocked: a part of the settings.

use leptos::prelude::*;
use shared::Person;

use super::block::unblock;
use super::texts;
use crate::browser::styles;
use crate::core::Store;
use crate::i18n::{t, use_language};
use crate::ui::each::each;
use crate::ui::show::Show;
use crate::wire::credentials::use_credentials;

/// The part of the settings; guests have none.
pub fn section() -> AnyView {
    view! { <Blocked /> }.into_any()
}

#[component]
fn Blocked() -> impl IntoView {
    styles::adopt(include_str!("blocked.css"));
    let store: Store = expect_context();
    let language = use_language();
    let credentials = use_credentials();
    let row = move |Person { user_id, user }: Person| {
        let label = {
            let name = user.clone();
            move || (texts::UNBLOCK_NAME.of(language.get()))(name.as_str())
        };
        view! {
            <li class="blocked-person" data-testid="blocked-person">
                <span dir="auto">{user.to_string()}</span>
                <button type="button" class="button" data-testid="unblock" aria-label=label
                    on:click=move |_| unblock(store, credentials, user_id)>
                    {t(&texts::UNBLOCK)}
                </button>
            </li>
        }
    };
    let people = move || store.blocked();
    view! {
        <Show when=move || store.is_account()>
            <div class="field" data-testid="blocked">
                <span class="field-label" id="blocked-label">{t(&texts::BLOCKED)}</span>
                <Show when=move || store.blocked().is_empty()>
                    <p class="hint" data-testid="blocked-none">{t(&texts::NOBODY_BLOCKED)}</p>
                </Show>
                <ul class="blocked-people" aria-labelledby="blocked-label">
                    {each(people, |person| person.user_id.to_string(), row)}
                </ul>
            </div>
        </Show>
    }
}
