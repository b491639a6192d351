//! Accounts: signing in and up, also with a link, a guest that becomes an account, the password, where one is signed in, and
//! one's data.

pub mod api;
mod confirm_mail;
mod deletion;
pub mod download;
mod duration;
mod enter;
mod entrance;
pub mod entrance_api;
mod forgotten;
mod form;
pub mod link;
pub mod made_link;
mod mail;
mod name;
mod new_password;
mod password;
pub mod preferences;
mod profile;
mod renewal;
mod security;
mod sessions;
pub mod texts;
mod unfold;
mod upgrade;
mod user_agent;
pub mod who_may_enter;

use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;

use crate::browser::styles;
use crate::core::Store;
use crate::ui::later::{Later, later};
use crate::wire::credentials::AccountCode;
use entrance::AccountEntrance;
use security::Security;
use upgrade::Upgrade;

later! {
    /// Fetches the code of signing in and up on the first page.
    pub fn forms(()) in account: |()| view! { <AccountEntrance /> }.into_any()
}

later! {
    /// Fetches the code of the part of the settings.
    pub fn settings(()) in account: |()| view! { <AccountSettings /> }.into_any()
}

later! {
    /// Fetches the code that renews access tokens.
    fn code(() => AccountCode) in account: |()| renewal::CODE
}

/// [`code`] for `wire/credentials`.
pub fn fetch_code() -> LocalBoxFuture<'static, Option<AccountCode>> {
    Box::pin(async { code().await.ok().map(|code| code(())) })
}

/// The part of the settings.
pub fn section() -> AnyView {
    view! { <Later code=settings of=() /> }.into_any()
}

/// Adds the styles of forms and lists.
pub fn adopt_styles() {
    styles::adopt(include_str!("styles.css"));
}

#[component]
fn AccountSettings() -> impl IntoView {
    adopt_styles();
    let store: Store = expect_context();
    let is_account = Memo::new(move |_| store.is_account());
    move || {
        if is_account.get() { view! { <Security /> }.into_any() } else { view! { <Upgrade /> }.into_any() }
    }
}
