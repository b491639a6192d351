//! Copying a message, and marking it unread.

use leptos::prelude::*;

use super::action::MessageAction;
use super::texts;
use crate::browser::location;
use crate::core::notices::About;
use crate::ui::icons::{COPY, LINK, UNREAD};

/// Copying the address of a message.
pub const COPY_LINK: MessageAction = MessageAction::new(
    "copy-link",
    |_| &texts::COPY_LINK,
    LINK,
    |actions, target, _| {
        actions.copy(location::message_link(&target.room, target.seq), About::LinkCopied);
    },
);

/// Copying the text of a message.
pub const COPY_TEXT: MessageAction = MessageAction::new(
    "copy-text",
    |_| &texts::COPY_TEXT,
    COPY,
    |actions, target, _| {
        match untrack(|| actions.posted_at(&target)).and_then(|posted| posted.content.clone()) {
            Some(content) => actions.copy(content.to_string(), About::TextCopied),
            // It was deleted meanwhile.
            None => actions.dismiss(),
        }
    },
)
.when(|facts| !facts.deleted);

/// Marking this message and all later ones as unread.
pub const MARK_UNREAD: MessageAction = MessageAction::new(
    "unread",
    |_| &texts::MARK_UNREAD,
    UNREAD,
    |actions, target, _| {
        actions.store.mark_unread(&target.room, target.seq);
        actions.dismiss();
    },
);
