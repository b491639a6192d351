//! What this part of the page says.

use crate::i18n::Text;

pub static PRIVATE_EXPLAINED: Text = Text {
    en: "Private: only people who were invited find it and read what is in it.",
    ja: "非公開：招待された人だけが見つけて読むことができます。",
};
pub static PUBLIC_EXPLAINED: Text = Text {
    en: "Public: everybody finds it, reads what is in it and can join.",
    ja: "公開：だれでも見つけて読み、参加できます。",
};
pub static YOU_MODERATE: Text =
    Text { en: "You are a moderator here.", ja: "あなたはモデレーターです。" };
pub static TITLE: Text = Text { en: "Title", ja: "タイトル" };
pub static TOPIC: Text = Text { en: "Topic", ja: "トピック" };
pub static TOPIC_OPTIONAL: Text = Text { en: "Topic (optional)", ja: "トピック（任意）" };
pub static DESCRIPTION: Text = Text { en: "Description", ja: "説明" };
pub static NOTHING_TOLD: Text = Text {
    en: "Nobody has written a topic or a description yet.",
    ja: "トピックも説明もまだありません。",
};
pub static EDIT: Text = Text { en: "Edit", ja: "編集" };
pub static SAVE: Text = Text { en: "Save", ja: "保存" };
pub static CREATE: Text = Text { en: "Create", ja: "作成" };
pub static TOO_LONG: Text<fn(&str) -> String> = Text {
    en: |limit| format!("At most {limit} characters."),
    ja: |limit| format!("{limit}文字までです。"),
};
pub static NEEDED: Text = Text { en: "Please write something here.", ja: "入力してください。" };
pub static UNSEEN: Text = Text {
    en: "There is a character that cannot be seen. Please type it again.",
    ja: "目に見えない文字が含まれています。入力し直してください。",
};
pub static WHOM_TO_INVITE: Text =
    Text { en: "Invite by name (optional)", ja: "招待する人の名前（任意）" };
pub static ADD: Text = Text { en: "Add", ja: "追加" };
pub static INVITE: Text = Text { en: "Invite", ja: "招待" };
pub static INVITED_PEOPLE: Text = Text { en: "People to invite", ja: "招待する人" };
pub static PEOPLE_YOU_KNOW: Text = Text { en: "People you know", ja: "知っている人" };
pub static DO_NOT_INVITE: Text<fn(&str) -> String> =
    Text { en: |name| format!("Do not invite {name}"), ja: |name| format!("{name}を招待しない") };
pub static INVITED: Text<fn(&str) -> String> = Text {
    en: |name| format!("{name} is in this room now."),
    ja: |name| format!("{name}がルームに加わりました。"),
};
pub static NOT_INVITED: Text<fn(&str, &str) -> String> = Text {
    en: |name, reason| format!("{name} could not be invited. {reason}"),
    ja: |name, reason| format!("{name}を招待できませんでした。{reason}"),
};
pub static INVITE_TO: Text<fn(&str) -> String> =
    Text { en: |room| format!("Invite to {room}"), ja: |room| format!("{room}に招待") };
pub static MODERATES: Text =
    Text { en: "Moderator of this room", ja: "このルームのモデレーター" };
pub static MAKE_MODERATOR: Text = Text { en: "Make moderator", ja: "モデレーターにする" };
pub static TAKE_BACK: Text = Text { en: "Not a moderator any more", ja: "モデレーターから外す" };
pub static REMOVE: Text = Text { en: "Remove from the room", ja: "ルームから退出させる" };
pub static REMOVE_QUESTION: Text<fn(&str, &str) -> String> = Text {
    en: |name, room| format!("Remove {name} from {room}?"),
    ja: |name, room| format!("{name}を「{room}」から退出させますか？"),
};
pub static REMOVE_EXPLAINED: Text = Text {
    en: "They lose sight of everything in the room and can come back only by invitation. Everybody in the room can read the reason.",
    ja: "ルームの内容は見られなくなり、戻るには招待が必要です。理由はルームの全員が読めます。",
};
pub static REASON: Text = Text { en: "Reason (optional)", ja: "理由（任意）" };
