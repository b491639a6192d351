//! What this part of the page says.

use crate::i18n::Text;

pub const ONLINE: Text = Text { en: "online", ja: "オンライン" };
pub const AWAY: Text = Text { en: "away", ja: "離席中" };
pub const OFFLINE: Text = Text { en: "offline", ja: "オフライン" };
