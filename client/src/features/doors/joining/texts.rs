//! What this part of the page says.

use crate::i18n::Text;

pub static JOIN: Text = Text { en: "Join", ja: "参加" };
pub static JOIN_QUESTION: Text<fn(&str) -> String> =
    Text { en: |room| format!("Join {room}?"), ja: |room| format!("「{room}」に参加しますか？") };
pub static SIGN_IN_TO: Text<fn(&str) -> String> = Text {
    en: |room| format!("You are invited to {room}. Come in first, and then you are asked whether to join."),
    ja: |room| format!("「{room}」に招待されています。広場に入ると、参加するかどうかの確認が表示されます。"),
};
pub static ENDED: Text = Text {
    en: "This link does not work any more. Ask whoever gave it to you for a new one.",
    ja: "このリンクは使えなくなりました。くれた人に新しいリンクを頼んでください。",
};
pub static PUBLIC: Text = Text { en: "Public room", ja: "公開ルーム" };
pub static PRIVATE: Text = Text { en: "Private room", ja: "非公開ルーム" };
pub static PEOPLE: Text<fn(u64, &str) -> String> = Text {
    en: |count, shown| if count == 1 { "1 person".to_owned() } else { format!("{shown} people") },
    ja: |_, shown| format!("{shown}人"),
};
pub static NOT_NOW: Text = Text { en: "Not now", ja: "今はしない" };
