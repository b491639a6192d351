//! What this part of the page says.

use crate::i18n::Text;

pub static GO_TO_GENERAL: Text = Text { en: "Go to general", ja: "general に入る" };
pub static MESSAGES_OF: Text<fn(&str) -> String> =
    Text { en: |room| format!("Messages in {room}"), ja: |room| format!("{room}のメッセージ") };
pub static LOADING_MESSAGES: Text =
    Text { en: "Loading the messages…", ja: "メッセージを読み込んでいます…" };
pub static LOADING_OLDER: Text =
    Text { en: "Loading older messages…", ja: "以前のメッセージを読み込んでいます…" };
pub static OLDER_FAILED: Text = Text {
    en: "The older messages could not be loaded.",
    ja: "以前のメッセージを読み込めませんでした。",
};
pub static LOADING_NEWER: Text =
    Text { en: "Loading newer messages…", ja: "新しいメッセージを読み込んでいます…" };
pub static NEWER_FAILED: Text = Text {
    en: "The newer messages could not be loaded.",
    ja: "新しいメッセージを読み込めませんでした。",
};
pub static NEW_FROM_HERE: Text = Text { en: "New", ja: "ここから未読" };
pub static BEGINNING: Text<fn(&str) -> String> = Text {
    en: |room| format!("This is the beginning of {room}."),
    ja: |room| format!("{room}の会話はここから始まります。"),
};
pub static EMPTY_ROOM: Text = Text {
    en: "Nobody has written here yet. The first word is yours.",
    ja: "まだメッセージがありません。最初のひとことをどうぞ。",
};
pub static TODAY: Text = Text { en: "Today", ja: "今日" };
pub static YESTERDAY: Text = Text { en: "Yesterday", ja: "昨日" };
pub static JUMP_TO_LATEST: Text = Text { en: "Jump to the latest", ja: "最新のメッセージへ" };
pub static NEW_MESSAGES: Text<fn(u64, &str) -> String> = Text {
    en: |count, shown| {
        if count == 1 { "1 new message".to_owned() } else { format!("{shown} new messages") }
    },
    ja: |_, shown| format!("新しいメッセージ{shown}件"),
};
pub static SENDING: Text = Text { en: "Sending…", ja: "送信中…" };
pub static UNCERTAIN: Text = Text {
    en: "Nobody can tell any more whether this was sent.",
    ja: "送信されたかどうか確認できません。",
};
pub static RETRY: Text = Text { en: "Try again", ja: "再送信" };
pub static DISCARD: Text = Text { en: "Discard", ja: "破棄" };
pub static ANNOUNCEMENT: Text<fn(&str, &str) -> String> =
    Text { en: |author, text| format!("{author}: {text}"), ja: |author, text| format!("{author}：{text}") };
pub static ANNOUNCE_MANY: Text<fn(u64, &str) -> String> = Text {
    en: |_, shown| format!("{shown} new messages"),
    ja: |_, shown| format!("新しいメッセージが{shown}件あります"),
};
pub static TYPING_ONE: Text<fn(&str) -> String> =
    Text { en: |a| format!("{a} is typing…"), ja: |a| format!("{a}が入力中…") };
pub static TYPING_TWO: Text<fn(&str, &str) -> String> =
    Text { en: |a, b| format!("{a} and {b} are typing…"), ja: |a, b| format!("{a}と{b}が入力中…") };
pub static TYPING_MANY: Text<fn(&str, &str) -> String> = Text {
    en: |a, others| format!("{a} and {others} others are typing…"),
    ja: |a, others| format!("{a}とほか{others}人が入力中…"),
};
pub static CONNECTING: Text = Text { en: "Connecting…", ja: "接続しています…" };
pub static NEXT_TRY: Text<fn(u32, &str) -> String> = Text {
    en: |seconds, shown| {
        if seconds == 1 {
            "Next try in 1 second.".to_owned()
        } else {
            format!("Next try in {shown} seconds.")
        }
    },
    ja: |_, shown| format!("{shown}秒後に再接続します。"),
};
pub static RETRY_NOW: Text = Text { en: "Retry now", ja: "今すぐ再接続" };
pub static MESSAGES_WAIT: Text = Text {
    en: "You can go on writing; it is sent as soon as the connection is back.",
    ja: "このまま入力できます。接続が戻りしだい送信されます。",
};
pub static MESSAGE_ACTIONS: Text = Text { en: "What to do with the message", ja: "メッセージの操作" };
pub static MORE_ACTIONS: Text = Text { en: "More", ja: "その他" };
pub static DELETE: Text = Text { en: "Delete", ja: "削除" };
pub static MESSAGE_LABEL: Text<fn(&str, &str, &str) -> String> = Text {
    en: |author, time, text| format!("{author}, {time}: {text}"),
    ja: |author, time, text| format!("{author}、{time}：{text}"),
};
pub static REACTIONS_LABEL: Text<fn(&str) -> String> =
    Text { en: |list| format!("; reactions: {list}"), ja: |list| format!("、リアクション：{list}") };
pub static EDITED: Text = Text { en: "(edited)", ja: "編集済み" };
pub static EDITED_AT: Text<fn(&str) -> String> =
    Text { en: |when| format!("Edited on {when}"), ja: |when| format!("{when}に編集") };
pub static PINNED: Text = Text { en: "Pinned", ja: "ピン留め" };
pub static DELETE_QUESTION: Text =
    Text { en: "Delete this message?", ja: "このメッセージを削除しますか？" };
pub static DELETE_EXPLAINED: Text = Text {
    en: "It disappears for everybody, and nobody can bring it back.",
    ja: "全員の画面から消え、元に戻すことはできません。",
};
pub static BLOCK_AUTHOR: Text = Text { en: "Block the author", ja: "書いた人をブロック" };
pub static FOLDED: Text =
    Text { en: "Message of somebody you blocked", ja: "ブロックした人のメッセージ" };
pub static SHOW: Text = Text { en: "show", ja: "表示" };
pub static WRITE_TO_AUTHOR: Text =
    Text { en: "Message the author", ja: "書いた人にメッセージを送る" };
