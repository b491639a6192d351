//! The dialog about a person.

use leptos::prelude::*;

use super::person::PersonCard;
use super::texts;
use crate::features::message::action::MessageAction;
use crate::features::message::actions::{PERSON, use_actions};
use crate::ui::icons::PEOPLE;
use crate::ui::later::later;
use crate::ui::later_popup::LaterPopup;

/// Showing who wrote a message.
pub const SHOW_AUTHOR: MessageAction = MessageAction::new(
    "author",
    |_| &texts::AUTHOR,
    PEOPLE,
    |actions, target, _| {
        if let Some(posted) = untrack(|| actions.posted_at(&target)) {
            actions.show_person(posted.sender_id, posted.sender.clone(), target.anchor);
        }
    },
)
.with_popup();

/// The dialog.
#[component]
pub fn PersonDialog() -> impl IntoView {
    let actions = use_actions();
    view! {
        <LaterPopup layer=PERSON label=&texts::PERSON anchor=actions.person_at code=person />
    }
}

later! {
    /// Fetches the code of what the dialog shows.
    fn person(()) in dialogs: |()| view! { <PersonCard /> }.into_any()
}
