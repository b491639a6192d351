//! What this part of the page says.

use crate::i18n::Text;

pub static EVERYWHERE: Text = Text { en: "Everywhere", ja: "全体" };
pub static WRITING: Text = Text { en: "While writing", ja: "入力中" };
pub static MESSAGES: Text = Text { en: "In the messages", ja: "メッセージの中" };
pub static SEARCH: Text = Text { en: "Search messages", ja: "メッセージを検索" };
pub static NEXT_ROOM: Text = Text { en: "Previous, next room", ja: "前のルーム、次のルーム" };
pub static NEXT_UNREAD: Text =
    Text { en: "Previous, next unread room", ja: "前の未読ルーム、次の未読ルーム" };
pub static NEXT_REGION: Text = Text { en: "Next part of the page", ja: "画面の次の部分" };
pub static CLOSE_OR_READ: Text = Text {
    en: "Close what is on top, else mark the room as read",
    ja: "手前のものを閉じる。なければルームを既読にする",
};
pub static THIS: Text = Text { en: "This list", ja: "この一覧" };
pub static SEND: Text = Text { en: "Send", ja: "送信" };
pub static BREAK: Text = Text { en: "Line break", ja: "改行" };
pub static EDIT_LAST: Text = Text {
    en: "Edit your last message (when the box is empty)",
    ja: "自分の最後のメッセージを編集（入力欄が空のとき）",
};
pub static BOLD: Text = Text { en: "Bold", ja: "太字" };
pub static ITALIC: Text = Text { en: "Italic", ja: "斜体" };
pub static CODE: Text = Text { en: "Code", ja: "コード" };
pub static LINK: Text = Text { en: "Link on the selected text", ja: "選択した文字列にリンク" };
pub static COMPLETE: Text = Text {
    en: "Complete a name, a room, an emoji, a command",
    ja: "名前、ルーム、絵文字、コマンドを補完",
};
pub static MOVE: Text = Text { en: "Move between messages", ja: "メッセージ間を移動" };
pub static ENDS: Text =
    Text { en: "First, last message shown", ja: "表示中の最初、最後のメッセージ" };
pub static MENU: Text = Text { en: "Menu of the message", ja: "メッセージのメニュー" };
pub static COMMANDS: Text =
    Text { en: "Commands, for those who may use them", ja: "コマンド（使える人のみ）" };
