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
pub static QUIET_NOW: Text = Text { en: "Do not disturb", ja: "取り込み中" };
pub static QUIET_UNTIL: Text<fn(&str) -> String> = Text {
    en: |time| format!("Do not disturb until {time}"),
    ja: |time| format!("{time}まで取り込み中"),
};
pub static DIRECT: Text = Text { en: "Direct message", ja: "ダイレクトメッセージ" };
pub static OFFLINE: Text = Text { en: "offline", ja: "オフライン" };
pub static MUTED_BECAUSE: Text<fn(&str) -> String> =
    Text { en: |reason| format!(" The reason: {reason}"), ja: |reason| format!("理由：{reason}") };
