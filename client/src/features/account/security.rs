//! What an account can change about itself: the name, the password, where it is signed in, and its end; a file of all
//! that it is.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::account::Account;

use super::deletion::DeleteAccount;
use super::download::DownloadData;
use super::mail::MailAddress;
use super::name::ChangeName;
use super::password::ChangePassword;
use super::profile::EditProfile;
use super::sessions::SessionList;
use super::unfold::Unfolded;
use super::{api, texts};
use crate::i18n::t;
use crate::wire::credentials::use_credentials;

/// The part of the settings of an account.
#[component]
pub fn Security() -> impl IntoView {
    let credentials = use_credentials();
    let password = Unfolded::new();
    let account = RwSignal::new(None::<Account>);
    let ask = move || {
        spawn_local(async move {
            // Who cannot be asked now sees it the next time.
            if let Ok(told) = api::account(credentials).await {
                // Nobody waits any more if the settings were closed meanwhile.
                let _ = account.try_set(Some(told));
            }
        });
    };
    ask();
    let changed = Callback::new(move |()| ask());
    view! {
        <div class="field account" data-testid="account">
            <span class="field-label">{t(&texts::ACCOUNT)}</span>
            <EditProfile />
            <ChangeName />
            <ChangePassword state=password />
        </div>
        <MailAddress account changed />
        <SessionList changed=password.done />
        <DownloadData />
        <DeleteAccount />
    }
}
