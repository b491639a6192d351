//! The dialog of the switcher.

use leptos::prelude::*;

use super::list::List;
use crate::i18n::common;
use crate::ui::later::later;
use crate::ui::later_popup::LaterDialog;
use crate::ui::layers::Layer;

pub const SWITCHER: Layer = Layer::dialog("switcher").giving_way();

later! {
    /// Fetches the code of the list.
    pub fn list(()) in dialogs: |()| view! { <List /> }.into_any()
}

pub const DIALOG: LaterDialog = LaterDialog::new(SWITCHER, &common::GO_TO, list);
