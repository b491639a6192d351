//! What this part of the page says.

use crate::i18n::Text;

pub const ROOMS: Text = Text { en: "Rooms", ja: "ルーム" };
pub const YOUR_ROOMS: Text = Text { en: "Your rooms", ja: "参加中のルーム" };
pub const OTHER_ROOMS: Text = Text { en: "Other rooms", ja: "ほかのルーム" };
pub const NEW_ROOM: Text = Text { en: "Join or create a room", ja: "ルームに参加・作成" };
pub const NEW_ROOM_PLACEHOLDER: Text = Text { en: "Name of a room", ja: "ルームの名前" };
pub const JOIN: Text = Text { en: "Join", ja: "参加" };
pub const ROOM_TILDE: Text = Text {
    en: "A room's name does not begin with “~”.",
    ja: "ルームの名前の先頭に「~」は使えません。",
};
pub const ROOM_DOTS: Text =
    Text { en: "A room’s name is more than dots.", ja: "「.」だけの名前は使えません。" };
pub const OPEN_ROOMS: Text = Text { en: "Show rooms", ja: "ルームを表示" };
pub const PEOPLE: Text<fn(u64, &str) -> String> = Text {
    en: |count, shown| if count == 1 { "1 person".to_owned() } else { format!("{shown} people") },
    ja: |_, shown| format!("{shown}人"),
};
pub const UNREAD: Text<fn(&str) -> String> =
    Text { en: |count| format!("{count} unread"), ja: |count| format!("未読{count}件") };
pub const MENTIONS: Text<fn(&str) -> String> = Text {
    en: |count| {
        if count == "1" { "1 mention of you".to_owned() } else { format!("{count} mentions of you") }
    },
    ja: |count| format!("あなたへのメンション{count}件"),
};
pub const DRAFT: Text = Text { en: "Draft", ja: "下書き" };
pub const NO_ROOM_OPEN: Text = Text { en: "No room is open", ja: "ルームが開かれていません" };
