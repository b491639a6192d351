//! Administration: people, rooms, invitations, reports, bans, the audit log, and the settings of the server. A dialog above
//! the settings, whose code is a piece of its own.

mod act;
mod announcement;
mod api;
mod audit;
mod audit_entry;
mod audit_filter;
mod audit_texts;
mod ban_form;
mod bans;
mod doing;
mod entry;
mod invitations;
mod listing;
mod managing;
mod people;
mod person;
mod problem;
mod question;
mod report;
mod reports;
mod room;
mod rooms;
mod section;
mod texts;
mod view;
mod who_comes_in;

use leptos::prelude::*;

use crate::core::Store;
use crate::ui::later::{Later, later};
use crate::ui::layers::Layer;
use entry::Entry;
use view::Administration;

/// The dialog.
const ADMINISTRATION: Layer = Layer::page("administration");

/// An open section, where only one page fits: Back leads to the list of sections.
const SECTION: Layer = Layer::page("administration-section");

later! {
    /// Fetches the code of the dialog.
    fn dialog(()) in administration: |()| view! { <Administration /> }.into_any()
}

later! {
    /// Fetches the code of the button in the settings.
    fn entry(()) in account: |()| view! { <Entry /> }.into_any()
}

/// The part of the settings: a button for administrators and owners.
pub fn section() -> AnyView {
    let store: Store = expect_context();
    store.is_account_untracked().then(|| view! { <Later code=entry of=() /> }).into_any()
}
