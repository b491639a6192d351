//! What this part of the page says.

use crate::i18n::Text;

pub static ROOMS: Text = Text { en: "Rooms", ja: "ルーム" };
pub static YOUR_ROOMS: Text = Text { en: "Your rooms", ja: "参加中のルーム" };
pub static DIRECT: Text = Text { en: "Direct messages", ja: "ダイレクトメッセージ" };
pub static FAVOURITES: Text = Text { en: "Favourites", ja: "お気に入り" };
pub static UNREAD_ROOMS: Text = Text { en: "Unread", ja: "未読" };
pub static NOTES: Text = Text { en: "Notes to yourself", ja: "自分用のメモ" };
pub static OTHER_ROOMS: Text = Text { en: "Other rooms", ja: "ほかのルーム" };
pub static NEW_ROOM: Text = Text { en: "Join or create a room", ja: "ルームに参加・作成" };
pub static NEW_ROOM_PLACEHOLDER: Text = Text { en: "Name of a room", ja: "ルームの名前" };
pub static JOIN: Text = Text { en: "Join", ja: "参加" };
pub static ROOM_TILDE: Text = Text {
    en: "A room's name does not begin with “~”.",
    ja: "ルームの名前の先頭に「~」は使えません。",
};
pub static ROOM_DOTS: Text =
    Text { en: "A room’s name is more than dots.", ja: "「.」だけの名前は使えません。" };
pub static OPEN_ROOMS: Text = Text { en: "Show rooms", ja: "ルームを表示" };
pub static PEOPLE: Text<fn(u64, &str) -> String> = Text {
    en: |count, shown| if count == 1 { "1 person".to_owned() } else { format!("{shown} people") },
    ja: |_, shown| format!("{shown}人"),
};
pub static UNREAD: Text<fn(&str) -> String> =
    Text { en: |count| format!("{count} unread"), ja: |count| format!("未読{count}件") };
pub static MENTIONS: Text<fn(&str) -> String> = Text {
    en: |count| {
        if count == "1" { "1 mention of you".to_owned() } else { format!("{count} mentions of you") }
    },
    ja: |count| format!("あなたへのメンション{count}件"),
};
pub static ARCHIVED: Text = Text { en: "Archived", ja: "アーカイブ済み" };
pub static MUTED: Text = Text { en: "Muted", ja: "ミュート中" };
pub static ROOM_MENU: Text = Text { en: "What to do with this room", ja: "このルームの操作" };
pub static WITH_REPORTS: Text<fn(&str, u32) -> String> = Text {
    en: |menu, count| format!("{menu}, reports: {count}"),
    ja: |menu, count| format!("{menu}（報告{count}件）"),
};
pub static MUTE: Text = Text { en: "Mute the room", ja: "ルームをミュート" };
pub static UNMUTE: Text = Text { en: "Unmute the room", ja: "ルームのミュートを解除" };
pub static ADD_FAVOURITE: Text = Text { en: "Add to favourites", ja: "お気に入りに追加" };
pub static REMOVE_FAVOURITE: Text = Text { en: "Remove from favourites", ja: "お気に入りから削除" };
pub static MOVE_UP: Text = Text { en: "Move up in the favourites", ja: "お気に入り内で上へ移動" };
pub static MOVE_DOWN: Text =
    Text { en: "Move down in the favourites", ja: "お気に入り内で下へ移動" };
pub static COPY_ROOM_LINK: Text =
    Text { en: "Copy the link to the room", ja: "ルームへのリンクをコピー" };
pub static LEAVE: Text = Text { en: "Leave the room", ja: "ルームから退出" };
pub static DRAFT: Text = Text { en: "Draft", ja: "下書き" };
pub static NO_ROOM_OPEN: Text = Text { en: "No room is open", ja: "ルームが開かれていません" };
pub static PUBLIC: Text = Text {
    en: "Everybody finds a public room and can join. One of a new name is created.",
    ja: "公開ルームはだれでも見つけて参加できます。新しい名前なら作成されます。",
};
pub static PRIVATE: Text = Text {
    en: "Only people who were invited find a private room and read what is in it.",
    ja: "非公開ルームは、招待された人だけが見つけて読むことができます。",
};
