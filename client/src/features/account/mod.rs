//! Accounts: signing in and up, also with a link, a guest that becomes an account, the password, where one is signed in, one's
//! data, and what administrators and owners decide.

mod admin_api;
mod administration;
pub mod api;
mod confirm_mail;
mod deletion;
mod download;
mod duration;
mod enter;
mod entrance;
mod entrance_api;
mod entrance_setting;
mod forgotten;
mod form;
mod invitations;
mod link;
mod lost_passwords;
mod made_link;
mod mail;
mod name;
mod new_password;
mod password;
mod profile;
mod renewal;
mod security;
mod sessions;
mod texts;
mod unfold;
mod upgrade;
mod user_agent;
mod who_may_enter;

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

#[component]
fn AccountSettings() -> impl IntoView {
    styles::adopt(include_str!("styles.css"));
    let store: Store = expect_context();
    let is_account = Memo::new(move |_| store.is_account());
    move || {
        if is_account.get() { view! { <Security /> }.into_any() } else { view! { <Upgrade /> }.into_any() }
    }
}
