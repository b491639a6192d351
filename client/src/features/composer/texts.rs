//! What this part of the page says.

use crate::i18n::Text;

pub static WRITE_TO: Text<fn(&str) -> String> =
    Text { en: |room| format!("Message to {room}"), ja: |room| format!("{room}へのメッセージ") };
pub static SEND: Text = Text { en: "Send", ja: "送信" };
pub static SEND_HINT: Text =
    Text { en: "Enter sends, Shift+Enter breaks the line", ja: "Enterで送信、Shift+Enterで改行" };
pub static SEND_HINT_COMMAND: Text<fn(&str) -> String> = Text {
    en: |key| format!("{key}+Enter sends, Enter breaks the line"),
    ja: |key| format!("{key}+Enterで送信、Enterで改行"),
};
pub static CHARACTERS_LEFT: Text<fn(&str) -> String> =
    Text { en: |count| format!("{count} characters left"), ja: |count| format!("あと{count}文字") };
pub static TOO_LONG: Text<fn(&str, &str) -> String> = Text {
    en: |over, limit| format!("{over} characters too many; a message has at most {limit}."),
    ja: |over, limit| format!("{over}文字超えています。メッセージは{limit}文字までです。"),
};
pub static TOO_MANY_BYTES: Text = Text {
    en: "The message is too long. Please send it in parts.",
    ja: "メッセージが長すぎます。分けて送信してください。",
};
pub static FAR_TOO_LONG: Text<fn(&str) -> String> = Text {
    en: |limit| {
        format!(
            "Far too long: a message has at most {limit} characters. The text stays here; please send it in parts."
        )
    },
    ja: |limit| {
        format!(
            "長すぎて送信できません。メッセージは{limit}文字までです。入力した内容はそのまま残っているので、分けて送信してください。"
        )
    },
};
pub static EDIT: Text = Text { en: "Edit", ja: "編集" };
pub static EDIT_BOX: Text = Text { en: "Text of the message", ja: "メッセージの編集" };
pub static SAVE: Text = Text { en: "Save", ja: "保存" };
pub static EDIT_HINT: Text =
    Text { en: "Enter saves, Esc cancels", ja: "Enterで保存、Escでキャンセル" };
pub static EDIT_HINT_COMMAND: Text<fn(&str) -> String> = Text {
    en: |key| format!("{key}+Enter saves, Esc cancels"),
    ja: |key| format!("{key}+Enterで保存、Escでキャンセル"),
};
pub static REPLYING_TO: Text<fn(&str) -> String> =
    Text { en: |name| format!("Replying to {name}"), ja: |name| format!("{name}に返信") };
pub static CANCEL_REPLY: Text = Text { en: "Do not reply", ja: "返信をやめる" };
pub static MENTION_WHOM: Text = Text { en: "People to mention", ja: "メンションする相手" };
pub static MENTION_EVERYBODY: Text = Text { en: "everybody in this room", ja: "このルームの全員" };
pub static PREVIEW: Text = Text { en: "Preview", ja: "プレビュー" };
pub static NAME_WHICH_ROOM: Text = Text { en: "Rooms", ja: "ルームの候補" };
pub static WHICH_COMMAND: Text = Text { en: "Commands", ja: "コマンドの候補" };
pub static WHICH_EMOJI: Text = Text { en: "Emoji", ja: "絵文字の候補" };
