//! What this part of the page says.

use crate::i18n::Text;

pub static RENAMED: Text<fn(&str, &str) -> String> = Text {
    en: |asked, got| format!("{asked} is taken here, so you are {got}."),
    ja: |asked, got| format!("「{asked}」はすでに使われているため、「{got}」として入りました。"),
};
pub static NEW_GUEST: Text<fn(&str) -> String> = Text {
    en: |name| format!("Your earlier visit has ended. You are now here as {name}."),
    ja: |name| format!("前回の訪問は終了しました。「{name}」として新しく入りました。"),
};
pub static NOT_JOINED: Text<fn(&str, &str) -> String> = Text {
    en: |room, reason| format!("{room} could not be joined. {reason}"),
    ja: |room, reason| format!("{room}に参加できませんでした。{reason}"),
};
pub static MESSAGE_NOT_FOUND: Text = Text {
    en: "That message is not there any more. Here is the latest.",
    ja: "そのメッセージはもうありません。最新のメッセージを表示します。",
};
pub static DISMISS: Text = Text { en: "Dismiss", ja: "閉じる" };
pub static LINK_COPIED: Text = Text { en: "The link is copied.", ja: "リンクをコピーしました。" };
pub static TEXT_COPIED: Text =
    Text { en: "The text is copied.", ja: "テキストをコピーしました。" };
pub static MUTED: Text = Text {
    en: "The room is muted: only mentions of you count as new.",
    ja: "ルームをミュートしました。自分へのメンションだけが未読として数えられます。",
};
pub static UNMUTED: Text =
    Text { en: "The room is not muted any more.", ja: "ルームのミュートを解除しました。" };
pub static COPY_FAILED: Text = Text {
    en: "The browser did not allow copying.",
    ja: "ブラウザーの設定によりコピーできませんでした。",
};
pub static INVITED_BY: Text<fn(&str, &str) -> String> = Text {
    en: |by, room| format!("{by} invited you to {room}."),
    ja: |by, room| format!("{by}が「{room}」に招待しました。"),
};
pub static REMOVED: Text<fn(&str, &str) -> String> = Text {
    en: |by, room| format!("{by} removed you from {room}."),
    ja: |by, room| format!("{by}により「{room}」から退出させられました。"),
};
pub static REASON: Text<fn(&str) -> String> =
    Text { en: |reason| format!(" The reason: {reason}"), ja: |reason| format!("理由：{reason}") };
pub static ANNOUNCED: Text<fn(&str, &str) -> String> = Text {
    en: |by, text| format!("{by} announces: {text}"),
    ja: |by, text| format!("{by}からのお知らせ：{text}"),
};
pub static ADDED: Text<fn(&str) -> String> = Text {
    en: |name| format!("{name} is in this room now."),
    ja: |name| format!("{name}がルームに加わりました。"),
};
pub static NOT_ADDED: Text<fn(&str, &str) -> String> = Text {
    en: |name, reason| format!("{name} could not be invited. {reason}"),
    ja: |name, reason| format!("{name}を招待できませんでした。{reason}"),
};
