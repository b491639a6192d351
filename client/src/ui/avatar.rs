//! An avatar: the first character of the name on the user's colour, so that a person is easy to find again.

use leptos::prelude::*;
use shared::{UserId, UserName};

/// Number of avatar colours in the styles.
const COLOURS: u128 = 8;

/// The name is shown beside it, so screen readers skip it.
#[component]
#[allow(clippy::needless_pass_by_value, reason = "properties are given by value")]
pub fn Avatar(
    /// Determines the colour; `None` until the server has sent the id.
    id: Option<UserId>,
    name: UserName,
) -> impl IntoView {
    let colour = id.map_or(0, |id| id.uuid().as_u128() % COLOURS);
    let sign = name.as_str().chars().next().map(String::from);
    view! {
        <span class=format!("avatar colour-{colour}") aria-hidden="true">
            {sign}
        </span>
    }
}
