//! What this part of the page says.

use crate::i18n::Text;

pub static RELOAD: Text = Text { en: "Reload the page", ja: "ページを再読み込み" };
pub static RELOAD_LATER: Text = Text {
    en: "If that does not help, reload the page once what you have written is sent.",
    ja: "それでも直らないときは、書きかけの内容を送信してからページを再読み込みしてください。",
};
pub static ONLINE: Text = Text { en: "online", ja: "オンライン" };
pub static AWAY: Text = Text { en: "away", ja: "離席中" };
pub static QUIET: Text = Text { en: "do not disturb", ja: "取り込み中" };
pub static OFFLINE: Text = Text { en: "offline", ja: "オフライン" };
