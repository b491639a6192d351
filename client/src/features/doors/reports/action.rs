//! Reporting as an action on a message.

use super::super::dialogs::REPORTING;
use super::texts;
use crate::features::message::action::MessageAction;
use crate::ui::icons::FLAG;

/// Tells those who keep order of a message of somebody else.
pub const REPORT: MessageAction = MessageAction::new(
    "report",
    |_| &texts::REPORT_MENU,
    FLAG,
    |actions, target, _| actions.open(REPORTING, target),
)
.when(|facts| !facts.own && !facts.deleted)
.with_popup();
