//! What this part of the page says.

use crate::i18n::Text;

pub static PERSON: Text = Text { en: "About this person", ja: "この人について" };
pub static AUTHOR: Text = Text { en: "About the author", ja: "書いた人について" };
pub static QUIET: Text = Text { en: "Do not disturb", ja: "取り込み中" };
pub static QUIET_UNTIL: Text<fn(&str) -> String> = Text {
    en: |time| format!("Do not disturb until {time}"),
    ja: |time| format!("{time}まで取り込み中"),
};
pub static UNTIL: Text<fn(&str) -> String> =
    Text { en: |time| format!("until {time}"), ja: |time| format!("{time}まで") };
pub static LOCAL_TIME: Text<fn(&str) -> String> =
    Text { en: |time| format!("{time} where they are"), ja: |time| format!("現地時刻 {time}") };
pub static MESSAGES: Text = Text { en: "What they wrote", ja: "この人のメッセージ" };
pub static EDIT: Text = Text { en: "Edit my profile", ja: "プロフィールを編集" };
