//! A round mark that makes a person easy to find again: the first sign of the name on a colour of their own.

use leptos::prelude::*;
use shared::{UserId, UserName};

/// Colours in the styles.
const COLOURS: u128 = 8;

/// The mark of a person. Their name stands beside it, so it is not read out.
#[component]
#[allow(clippy::needless_pass_by_value, reason = "properties are given by value")]
pub fn Avatar(
    /// Whose; nobody's before the server has told the id.
    id: Option<UserId>,
    /// The name.
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
