//! The parts of the page, one folder each, and what they contribute: a new one adds its lines here. Which may name which is
//! in ARCHITECTURE.md.

pub mod account;
pub mod administration;
pub mod commands;
pub mod composer;
pub mod conversation;
pub mod direct;
pub mod doors;
pub mod help;
pub mod leaving;
pub mod members;
pub mod message;
pub mod notices;
pub mod people;
pub mod pins;
pub mod reactions;
pub mod rooms;
pub mod search;
pub mod settings;
pub mod sign_in;
pub mod switcher;
pub mod threads;
pub mod versions;

use leptos::prelude::*;

use crate::core::Store;
use crate::ui::later::later;
use crate::ui::later_popup::{LaterDialog, LaterDialogs};
use crate::ui::pane::PanelButton;
use crate::wire::credentials::Credentials;
use composer::edit_box::EDIT;
use composer::reply_bar::REPLY_TO;
use conversation::delete_question::{self, DELETE};
use conversation::menu::MessageMenu;
use doors::reports::action::REPORT;
use leaving::question;
use message::action::MessageAction;
use message::copy::{COPY_LINK, COPY_TEXT, MARK_UNREAD};
use people::card::{PersonDialog, SHOW_AUTHOR};
use pins::panel::PIN_MESSAGE;
use reactions::emoji_picker::{EmojiPicker, REACT};
use rooms::new_room;
use settings::dialog::{Section, Settings};
use settings::{choices, language_choice, parting, plain_http};
use threads::panel::SHOW_REPLIES;
use versions::dialog::{SHOW_VERSIONS, VersionList};

/// Actions on a message, in the order of the menu.
pub const MESSAGE_ACTIONS: &[MessageAction] = &[
    REACT,
    REPLY_TO,
    EDIT,
    SHOW_REPLIES,
    SHOW_AUTHOR,
    COPY_LINK,
    COPY_TEXT,
    PIN_MESSAGE,
    MARK_UNREAD,
    SHOW_VERSIONS,
    REPORT,
    DELETE,
];

/// Buttons in the head of a room.
pub const PANEL_BUTTONS: &[PanelButton] =
    &[search::panel::BUTTON, pins::panel::BUTTON, members::panel::BUTTON];

/// What the settings consist of.
const SETTINGS: &[Section] = &[
    language_choice::section,
    choices::section,
    help::dialog::section,
    plain_http::section,
    administration::section,
    account::section,
    doors::blocked::section,
    parting::section,
];

/// Dialogs in the middle of the window.
static DIALOGS: [LaterDialog; 15] = [
    delete_question::DIALOG,
    switcher::dialog::DIALOG,
    doors::dialogs::NEW_PRIVATE,
    doors::dialogs::WRITE,
    doors::dialogs::DETAILS,
    doors::dialogs::REMOVE,
    doors::dialogs::MUTE,
    doors::dialogs::BAN_SOMEBODY,
    doors::dialogs::BLOCK,
    new_room::DIALOG,
    help::dialog::DIALOG,
    question::DIALOG,
    doors::dialogs::REPORT,
    doors::dialogs::REPORT_LIST,
    doors::dialogs::JOIN,
];

/// Dialogs above the page.
#[component]
pub fn Dialogs() -> impl IntoView {
    view! {
        <MessageMenu />
        <EmojiPicker />
        <VersionList />
        <PersonDialog />
        <Settings sections />
        <LaterDialogs all=&DIALOGS />
    }
}

/// Fetches the pieces that are not there yet, so that opening something does not wait, and works after an update of the
/// server too. Failures are reported when a piece is needed.
pub async fn fetch_pieces(store: Store, credentials: Credentials) {
    drop(notices::list::list().await);
    drop(search::panel::results().await);
    drop(sections().await);
    if let Some(code) = account::fetch_code().await {
        (code.prefer)(store, credentials);
    }
    drop(composer::aid::assistant().await);
    drop(reactions::emoji_picker::picker().await);
}

later! {
    /// Fetches the code of the settings.
    fn sections(()) in dialogs: |()| SETTINGS.iter().map(|section| section()).collect_view().into_any()
}
