//! What the parts of the page contribute: a new one adds its line here.

use leptos::prelude::*;

use crate::components::emoji_picker::{EmojiPicker, REACT};
use crate::components::message_action::MessageAction;
use crate::components::message_copy::{COPY_LINK, COPY_TEXT, MARK_UNREAD};
use crate::components::message_delete::{DELETE, DeleteQuestion};
use crate::components::message_edit::EDIT;
use crate::components::message_menu::MessageMenu;
use crate::components::message_versions::{SHOW_VERSIONS, VersionList};
use crate::components::parting::PartingQuestion;
use crate::components::pins::PIN_MESSAGE;
use crate::components::replies::SHOW_REPLIES;
use crate::components::reply_bar::REPLY_TO;
use crate::components::settings::Settings;

/// Actions on a message, in the order of the menu.
pub const MESSAGE_ACTIONS: &[MessageAction] = &[
    REACT,
    REPLY_TO,
    EDIT,
    SHOW_REPLIES,
    COPY_LINK,
    COPY_TEXT,
    PIN_MESSAGE,
    MARK_UNREAD,
    SHOW_VERSIONS,
    DELETE,
];

/// Dialogs above the page.
#[component]
pub fn Dialogs() -> impl IntoView {
    view! {
        <MessageMenu />
        <EmojiPicker />
        <DeleteQuestion />
        <VersionList />
        <Settings />
        <PartingQuestion />
    }
}
