//! What this part of the page says.

use crate::i18n::Text;

pub static PERSON: Text = Text { en: "About this person", ja: "この人について" };
pub static AUTHOR: Text = Text { en: "About the author", ja: "書いた人について" };
pub static WRITE_TO: Text<fn(&str) -> String> =
    Text { en: |name| format!("Message {name}"), ja: |name| format!("{name}にメッセージを送る") };
pub static NOTES: Text = Text { en: "Notes to yourself", ja: "自分用のメモを開く" };
pub static UNTIL: Text<fn(&str) -> String> =
    Text { en: |time| format!("until {time}"), ja: |time| format!("{time}まで") };
pub static LOCAL_TIME: Text<fn(&str) -> String> =
    Text { en: |time| format!("{time} where they are"), ja: |time| format!("現地時刻 {time}") };
pub static MESSAGES: Text = Text { en: "What they wrote", ja: "この人のメッセージ" };
pub static EDIT: Text = Text { en: "Edit my profile", ja: "プロフィールを編集" };
