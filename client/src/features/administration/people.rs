//! The accounts of the server, found by name.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::account::ListedUser;

use super::listing::{Listing, list};
use super::person::PersonRow;
use super::{api, texts};
use crate::i18n::t;
use crate::wire::credentials::use_credentials;

/// How long nothing is typed until the server is asked, in milliseconds.
const PAUSE: u32 = 250;

#[component]
pub fn People() -> impl IntoView {
    let credentials = use_credentials();
    let typed = RwSignal::new(String::new());
    let listing = Listing::new(move |after: Option<ListedUser>| {
        let typed = typed.get_untracked();
        Box::pin(async move {
            let after = after.map(|user| user.name.to_string());
            let page = api::users(credentials, typed.trim(), after.as_deref()).await?;
            Ok((page.users, page.more))
        })
    });
    let look = move |event| {
        let text = event_target_value(&event);
        typed.set(text.clone());
        spawn_local(async move {
            TimeoutFuture::new(PAUSE).await;
            // Whoever goes on typing is not asked about half a name.
            if typed.try_with_untracked(|typed| *typed == text) == Some(true) {
                listing.again();
            }
        });
    };
    view! {
        <label class="field">
            <span class="field-label">{t(&texts::FIND_PEOPLE)}</span>
            <input type="text" data-testid="people-search" autocomplete="off" on:input=look />
        </label>
        {list(listing, &texts::PEOPLE, &texts::NO_PEOPLE, |user| user.user_id.to_string(), |user| view! { <PersonRow user /> })}
    }
}
