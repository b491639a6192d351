//! What the parts of the page contribute: a new one adds its line here.

use leptos::prelude::*;

use crate::features::composer::edit_box::EDIT;
use crate::features::composer::reply_bar::REPLY_TO;
use crate::features::conversation::delete_question::{DELETE, DeleteQuestion};
use crate::features::conversation::menu::MessageMenu;
use crate::features::leaving::question::PartingQuestion;
use crate::features::message::action::MessageAction;
use crate::features::message::copy::{COPY_LINK, COPY_TEXT, MARK_UNREAD};
use crate::features::pins::panel::PIN_MESSAGE;
use crate::features::reactions::emoji_picker::{EmojiPicker, REACT};
use crate::features::settings::dialog::{Section, Settings};
use crate::features::settings::{language_choice, plain_http, theme_choice};
use crate::features::threads::panel::SHOW_REPLIES;
use crate::features::versions::dialog::{SHOW_VERSIONS, VersionList};
use crate::features::{members, pins, search};
use crate::ui::pane::PanelButton;

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

/// Buttons in the head of a room.
pub const PANEL_BUTTONS: &[PanelButton] =
    &[search::panel::BUTTON, pins::panel::BUTTON, members::panel::BUTTON];

/// What the settings consist of.
pub const SETTINGS: &[Section] = &[language_choice::section, theme_choice::section, plain_http::section];

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
