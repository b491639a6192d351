//! What administrators and owners find in the settings beside what everybody does.

use leptos::prelude::*;
use shared::account::Role;

use super::entrance_setting::EntranceSetting;
use super::invitations::InvitePeople;
use super::lost_passwords::LostPasswords;
use crate::ui::show::Show;

/// The parts that the role allows; nothing for members.
#[component]
pub fn Administration(role: Memo<Role>) -> impl IntoView {
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
