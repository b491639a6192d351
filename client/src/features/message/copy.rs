//! Copying a message, and marking it unread.

use leptos::prelude::*;

use super::action::MessageAction;
use crate::browser::location;
use crate::core::notices::About;
use crate::ui::icons::{COPY, LINK, UNREAD};

/// Copying the address of a message.
pub const COPY_LINK: MessageAction = MessageAction::new(
    "copy-link",
    |texts, _| texts.copy_link,
    LINK,
    |actions, target| {
        actions.copy(location::message_link(&target.room, target.seq), About::LinkCopied);
    },
);

/// Copying the text of a message.
pub const COPY_TEXT: MessageAction = MessageAction::new(
    "copy-text",
    |texts, _| texts.copy_text,
    COPY,
    |actions, target| {
        if let Some(content) =
            untrack(|| actions.posted_at(&target)).and_then(|posted| posted.content.clone())
        {
            actions.copy(content.to_string(), About::TextCopied);
        }
    },
)
.when(|facts| !facts.deleted);

/// Marking this message and all later ones as unread.
pub const MARK_UNREAD: MessageAction = MessageAction::new(
    "unread",
    |texts, _| texts.mark_unread,
    UNREAD,
    |actions, target| {
        actions.store.mark_unread(&target.room, target.seq);
        actions.dismiss();
    },
);
