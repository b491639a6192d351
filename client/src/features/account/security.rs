//! What an account can do for its security: the password, and where it is signed in.

use leptos::prelude::*;

use super::administration::Administration;
use super::password::ChangePassword;
use super::sessions::SessionList;
use super::texts;
use crate::i18n::t;

/// The part of the settings of an account.
#[component]
pub fn Security() -> impl IntoView {
    let changed = RwSignal::new(false);
    view! {
        <div class="field account" data-testid="account">
            <span class="field-label">{t(&texts::ACCOUNT)}</span>
            <ChangePassword done=changed />
        </div>
        <SessionList changed />
        <Administration />
    }
}
