//! The two questions about who may come in.

use leptos::prelude::*;
use shared::account::SignUp;

use super::entrance_api::Change;
use super::texts;
use crate::i18n::t;

/// The questions with their present answers.
#[component]
pub fn WhoMayEnter(
    guests: RwSignal<bool>,
    sign_up: RwSignal<SignUp>,
    /// Whether the present answers are not known yet.
    #[prop(into, optional)]
    is_waiting: Signal<bool>,
    /// An answer is another one now.
    #[prop(into, optional)]
    changed: Option<Callback<Change>>,
) -> impl IntoView {
    let tell = move |change| changed.into_iter().for_each(|changed| changed.run(change));
    let choose_guests = move |event| {
        guests.set(event_target_checked(&event));
        tell(Change { guests: Some(guests.get_untracked()), sign_up: None });
    };
    let choose_rule = move |event| {
        if let Ok(rule) = event_target_value(&event).parse() {
            sign_up.set(rule);
            tell(Change { guests: None, sign_up: Some(rule) });
        }
    };
    let option = move |(rule, words)| {
        view! { <option value=SignUp::as_str(rule) prop:selected=move || sign_up.get() == rule>{t(words)}</option> }
    };
    let rules = [
        (SignUp::Open, &texts::EVERYBODY),
        (SignUp::Invitation, &texts::THE_INVITED),
        (SignUp::Closed, &texts::NOBODY),
    ];
    view! {
        <div class="field" role="group" aria-labelledby="who-may-enter" data-testid="who-may-enter">
            <span class="field-label" id="who-may-enter">{t(&texts::WHO_MAY_ENTER)}</span>
            <label class="account-show">
                <input type="checkbox" data-testid="guests-welcome" disabled=is_waiting
                    prop:checked=move || guests.get() on:change=choose_guests />
                {t(&texts::GUESTS_WELCOME)}
            </label>
            <label class="field">
                <span class="field-label">{t(&texts::WHO_SIGNS_UP)}</span>
                <select data-testid="sign-up-rule" disabled=is_waiting on:change=choose_rule>
                    {rules.map(option).collect_view()}
                </select>
            </label>
        </div>
    }
}
