//! An avatar: the first character of the name on the user's colour, so that a person is easy to find again.

use leptos::prelude::*;
use shared::limits::PROFILE_COLOURS;
use shared::{UserId, UserName};

use crate::core::Store;

/// The name is shown beside it, so screen readers skip it. Tracked: the user may choose another colour.
pub fn avatar(store: Store, id: Option<UserId>, name: &UserName) -> impl IntoView + use<> {
    let chosen = store.profile(id).and_then(|profile| profile.colour);
    let by_id = || id.map_or(0, |id| id.uuid().as_u128() as u32 % PROFILE_COLOURS);
    let colour = chosen.unwrap_or_else(by_id);
    let sign = name.as_str().chars().next().map(String::from);
    view! {
        <span class=format!("avatar colour-{colour}") aria-hidden="true">
            {sign}
        </span>
    }
}
