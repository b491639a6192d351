//! What administrators and owners find in the settings beside what everybody does.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::account::Role;

use super::admin_api;
use super::entrance_setting::EntranceSetting;
use super::invitations::InvitePeople;
use super::lost_passwords::LostPasswords;
use crate::ui::show::Show;
use crate::wire::credentials::use_credentials;

/// The parts that the role allows; nothing for members.
#[component]
pub fn Administration() -> impl IntoView {
    let credentials = use_credentials();
    let role = RwSignal::new(Role::Member);
    spawn_local(async move {
        // Who cannot be asked now sees it the next time.
        if let Ok(account) = admin_api::account(credentials).await {
            // Nobody waits any more if the settings were closed meanwhile.
            let _ = role.try_set(account.role);
        }
    });
    let is_admin = move || role.get() >= Role::Admin;
    view! {
        <Show when=is_admin>
            <InvitePeople />
            <LostPasswords />
        </Show>
        <Show when=move || role.get() == Role::Owner>
            <EntranceSetting />
        </Show>
    }
}
