//! What this part of the page says.

use crate::i18n::Text;

pub static ONLINE: Text = Text { en: "online", ja: "オンライン" };
pub static AWAY: Text = Text { en: "away", ja: "離席中" };
pub static OFFLINE: Text = Text { en: "offline", ja: "オフライン" };
