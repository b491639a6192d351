//! What the page says about the audit log.

use crate::i18n::Text;

/// Who did something, to whom and where, in words.
pub struct Named {
    pub by: String,
    pub member: String,
    pub room: String,
}

/// A sentence about what somebody did.
pub type Sentence = Text<fn(&Named) -> String>;
/// One that has something to add.
pub type SentenceWith = Text<fn(&Named, &str) -> String>;

pub static REMOVE_MEMBER: Sentence = Text {
    en: |Named { by, member, room }| format!("{by} removed {member} from {room}."),
    ja: |Named { by, member, room }| format!("{by}が{member}を「{room}」から退出させました。"),
};
pub static MUTE: SentenceWith = Text {
    en: |Named { by, member, room }, time| format!("{by} muted {member} in {room}, {time}."),
    ja: |Named { by, member, room }, time| {
        format!("{by}が{member}の「{room}」への書き込みを禁止しました（{time}）。")
    },
};
pub static ROOM_BAN: SentenceWith = Text {
    en: |Named { by, member, room }, time| format!("{by} banned {member} from {room}, {time}."),
    ja: |Named { by, member, room }, time| {
        format!("{by}が{member}の「{room}」への入室を禁止しました（{time}）。")
    },
};
pub static LIFT_MUTE: Sentence = Text {
    en: |Named { by, member, room }| format!("{by} let {member} write in {room} again."),
    ja: |Named { by, member, room }| format!("{by}が{member}の「{room}」への書き込み禁止を解除しました。"),
};
pub static LIFT_ROOM_BAN: Sentence = Text {
    en: |Named { by, member, room }| format!("{by} let {member} into {room} again."),
    ja: |Named { by, member, room }| format!("{by}が{member}の「{room}」への入室禁止を解除しました。"),
};
pub static MAKE_MODERATOR: Sentence = Text {
    en: |Named { by, member, room }| format!("{by} made {member} a moderator of {room}."),
    ja: |Named { by, member, room }| format!("{by}が{member}を「{room}」のモデレーターにしました。"),
};
pub static TAKE_BACK: Sentence = Text {
    en: |Named { by, member, room }| format!("{by} made {member} a plain member of {room}."),
    ja: |Named { by, member, room }| format!("{by}が{member}を「{room}」のモデレーターから外しました。"),
};
pub static EDIT_ROOM: SentenceWith = Text {
    en: |Named { by, room, .. }, what| format!("{by} changed {room}: {what}."),
    ja: |Named { by, room, .. }, what| format!("{by}が「{room}」を変更しました：{what}。"),
};
pub static DELETE_MESSAGE: Sentence = Text {
    en: |Named { by, member, room }| format!("{by} deleted a message of {member} in {room}."),
    ja: |Named { by, member, room }| format!("{by}が「{room}」の{member}のメッセージを削除しました。"),
};
pub static ANNOUNCE: Sentence = Text {
    en: |Named { by, .. }| format!("{by} told everybody something."),
    ja: |Named { by, .. }| format!("{by}が全員にお知らせを送りました。"),
};
pub static BAN: SentenceWith = Text {
    en: |Named { by, member, .. }, time| format!("{by} banned {member} from the server, {time}."),
    ja: |Named { by, member, .. }, time| {
        format!("{by}が{member}のサーバーへの立ち入りを禁止しました（{time}）。")
    },
};
pub static LIFT_BAN: Sentence = Text {
    en: |Named { by, member, .. }| format!("{by} lifted the ban of {member} from the server."),
    ja: |Named { by, member, .. }| format!("{by}が{member}のサーバーへの立ち入り禁止を解除しました。"),
};
pub static SET_ROLE: SentenceWith = Text {
    en: |Named { by, member, .. }, role| format!("{by} changed the role of {member} to {role}."),
    ja: |Named { by, member, .. }, role| format!("{by}が{member}の役割を「{role}」に変更しました。"),
};
pub static DISABLE: Sentence = Text {
    en: |Named { by, member, .. }| format!("{by} disabled the account of {member}."),
    ja: |Named { by, member, .. }| format!("{by}が{member}のアカウントを無効にしました。"),
};
pub static ENABLE: Sentence = Text {
    en: |Named { by, member, .. }| format!("{by} enabled the account of {member} again."),
    ja: |Named { by, member, .. }| format!("{by}が{member}のアカウントを有効に戻しました。"),
};
pub static CHANGE_ENTRANCE: SentenceWith = Text {
    en: |Named { by, .. }, what| format!("{by} decided who may come in: {what}."),
    ja: |Named { by, .. }, what| format!("{by}が入れる人を変更しました：{what}。"),
};
pub static RESOLVE_REPORT: Sentence = Text {
    en: |Named { by, room, .. }| format!("{by} resolved a report about {room}."),
    ja: |Named { by, room, .. }| format!("{by}が「{room}」の報告に対応しました。"),
};
/// An act that this page does not know.
pub static SOMETHING: SentenceWith = Text {
    en: |Named { by, .. }, act| format!("{by} did something that this page does not know: {act}."),
    ja: |Named { by, .. }, act| format!("{by}が、このページの知らない操作をしました：{act}。"),
};

pub static FOR: Text<fn(&str) -> String> =
    Text { en: |span| format!("for {span}"), ja: |span| format!("{}間", span.trim_end_matches('間')) };
pub static SLOW: Text<fn(&str) -> String> =
    Text { en: |span| format!("slow mode of {span}"), ja: |span| format!("低速モード{span}") };
pub static NOT_SLOW: Text = Text { en: "slow mode off", ja: "低速モードを解除" };
pub static ARCHIVED: Text = Text { en: "archived", ja: "アーカイブ" };
pub static REOPENED: Text = Text { en: "opened again", ja: "再開" };
pub static KEPT: Text = Text { en: "kept when nobody is in it", ja: "だれもいなくなっても残す" };
pub static NOT_KEPT: Text =
    Text { en: "not kept when nobody is in it", ja: "だれもいなくなったら残さない" };
pub static GUESTS_WELCOME: Text = Text { en: "guests are welcome", ja: "ゲストも入れる" };
pub static NO_GUESTS: Text = Text { en: "no guests", ja: "ゲストは入れない" };
pub static SIGN_UP_OPEN: Text =
    Text { en: "everybody creates accounts", ja: "だれでもアカウントを作成できる" };
pub static SIGN_UP_INVITATION: Text = Text {
    en: "whoever is invited creates an account",
    ja: "招待された人がアカウントを作成できる",
};
pub static SIGN_UP_CLOSED: Text =
    Text { en: "nobody creates accounts", ja: "だれもアカウントを作成できない" };
pub static COMMA: Text = Text { en: ", ", ja: "、" };
pub static ADDRESS_OF: Text<fn(&str, &str) -> String> = Text {
    en: |address, name| format!("the address {address} of {name}"),
    ja: |address, name| format!("{name}のアドレス{address}"),
};
pub static THE_ADDRESS: Text<fn(&str) -> String> =
    Text { en: |address| format!("the address {address}"), ja: |address| format!("アドレス{address}") };
pub static OPERATOR: Text =
    Text { en: "Whoever runs the server", ja: "サーバーを動かしている人" };
pub static NOBODY: Text = Text { en: "somebody", ja: "だれか" };
pub static SOME_ROOM: Text = Text { en: "a room", ja: "ルーム" };

/// The acts that one can look for, with their names on the wire.
pub static ACTS: [(&str, Text); 13] = [
    ("remove_member", Text { en: "Removed from a room", ja: "ルームからの退出" }),
    ("restrict", Text { en: "Muted or banned in a room", ja: "ルームでの書き込み・入室の禁止" }),
    ("lift_restriction", Text { en: "Let in or write again", ja: "書き込み・入室の禁止の解除" }),
    ("set_room_role", Text { en: "Moderators of rooms", ja: "モデレーターの変更" }),
    ("edit_room", Text { en: "Rooms changed", ja: "ルームの変更" }),
    ("delete_message", Text { en: "Messages deleted", ja: "メッセージの削除" }),
    ("announce", Text { en: "Announcements", ja: "お知らせ" }),
    ("ban", Text { en: "Banned from the server", ja: "サーバーへの立ち入り禁止" }),
    ("lift_ban", Text { en: "Server bans lifted", ja: "サーバーへの立ち入り禁止の解除" }),
    ("set_role", Text { en: "Roles changed", ja: "役割の変更" }),
    ("set_disabled", Text { en: "Accounts disabled or enabled", ja: "アカウントの無効化・有効化" }),
    ("change_entrance", Text { en: "Who may come in", ja: "入れる人の変更" }),
    ("resolve_report", Text { en: "Reports resolved", ja: "報告への対応" }),
];

pub static WHAT: Text = Text { en: "Kind", ja: "種類" };
pub static ANYTHING: Text = Text { en: "Everything", ja: "すべて" };
pub static WHO: Text = Text { en: "By whom (name)", ja: "操作した人（名前）" };
pub static TO_WHOM: Text = Text { en: "To whom (name)", ja: "対象の人（名前）" };
pub static WHERE: Text = Text { en: "In which room (name)", ja: "ルーム（名前）" };
pub static SINCE: Text = Text { en: "From", ja: "開始日" };
pub static TO: Text = Text { en: "To", ja: "終了日" };
pub static SHOW: Text = Text { en: "Show", ja: "表示" };
pub static SAVE_FILE: Text = Text { en: "Download as a file", ja: "ファイルとしてダウンロード" };
pub static SAVED_FILE: Text =
    Text { en: "The log is downloaded.", ja: "ログをダウンロードしました。" };
pub static NO_ENTRIES: Text =
    Text { en: "Nothing was done that fits this.", ja: "条件に合う操作はありません。" };
