//! Actions on a message. Each is a value of the part of the page that it belongs to; the menu, the sheet and the tools
//! beside a message only iterate over the list in `features`.

use leptos::prelude::*;

use super::actions::{Actions, Target};
use crate::i18n::Text;

/// What decides whether an action is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "they are independent")]
pub struct Facts {
    /// Whether the user is the author.
    pub own: bool,
    /// Whether the user may delete what others wrote.
    pub moderates: bool,
    /// Whether the user can change nothing in the room at present, but delete.
    pub closed: bool,
    pub deleted: bool,
    pub edited: bool,
    pub pinned: bool,
}

impl Facts {
    /// Whether something about the message can be changed.
    pub const fn is_open(self) -> bool {
        !self.deleted && !self.closed
    }
}

#[derive(Clone, Copy)]
pub struct MessageAction {
    /// `data-testid` in the browser tests, behind `menu-` or `tool-`.
    pub name: &'static str,
    pub label: fn(Facts) -> &'static Text,
    /// The path of the icon.
    pub icon: &'static str,
    /// Whether it is offered.
    pub when: fn(Facts) -> bool,
    /// `Facts` are those of the moment when it was offered.
    pub run: fn(Actions, Target, Facts),
    /// Whether it stands beside a hovered message as well.
    pub is_tool: bool,
    /// Whether it opens a dialog.
    pub has_popup: bool,
    /// Whether it destroys something.
    pub is_danger: bool,
}

impl MessageAction {
    pub const fn new(
        name: &'static str,
        label: fn(Facts) -> &'static Text,
        icon: &'static str,
        run: fn(Actions, Target, Facts),
    ) -> Self {
        Self { name, label, icon, when: |_| true, run, is_tool: false, has_popup: false, is_danger: false }
    }

    /// Offered only where `when` says so.
    pub const fn when(self, when: fn(Facts) -> bool) -> Self {
        Self { when, ..self }
    }

    /// Also beside a hovered message.
    pub const fn as_tool(self) -> Self {
        Self { is_tool: true, ..self }
    }

    /// Opens a dialog.
    pub const fn with_popup(self) -> Self {
        Self { has_popup: true, ..self }
    }

    /// Destroys something.
    pub const fn as_danger(self) -> Self {
        Self { is_danger: true, ..self }
    }
}

/// The actions in their order, as a context.
#[derive(Clone, Copy)]
pub struct MessageActions(pub &'static [MessageAction]);

/// Returns the actions from the context.
pub fn message_actions() -> &'static [MessageAction] {
    let MessageActions(all) = expect_context();
    all
}
