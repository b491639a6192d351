//! What an account can change about itself: the name, the password, where it is signed in, and its end; a file of all
//! that it is; and what administrators do beside it.

use leptos::prelude::*;

use super::administration::Administration;
use super::deletion::DeleteAccount;
use super::download::DownloadData;
use super::name::ChangeName;
use super::password::ChangePassword;
use super::profile::EditProfile;
use super::sessions::SessionList;
use super::texts;
use super::unfold::Unfolded;
use crate::i18n::t;

/// The part of the settings of an account.
#[component]
pub fn Security() -> impl IntoView {
    let password = Unfolded::new();
    view! {
        <div class="field account" data-testid="account">
            <span class="field-label">{t(&texts::ACCOUNT)}</span>
            <EditProfile />
            <ChangeName />
            <ChangePassword state=password />
        </div>
        <SessionList changed=password.done />
        <Administration />
        <DownloadData />
        <DeleteAccount />
    }
}
