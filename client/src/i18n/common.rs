//! What is said in more than one part of the page.

use super::Text;

pub static NAME_TOO_LONG: Text<fn(&str) -> String> = Text {
    en: |limit| format!("A name has at most {limit} characters."),
    ja: |limit| format!("名前は{limit}文字までです。"),
};
pub static NAME_FORBIDDEN: Text = Text {
    en: "The name has a character that cannot be seen. Please type it again.",
    ja: "目に見えない文字が含まれています。入力し直してください。",
};
pub static NO_ROOMS: Text = Text {
    en: "You are in no room. Choose one of the list or create one.",
    ja: "どのルームにも参加していません。一覧から選ぶか、新しいルームを作成してください。",
};
pub static LEAVE_ROOM: Text<fn(&str) -> String> =
    Text { en: |room| format!("Leave {room}"), ja: |room| format!("{room}から退出") };
pub static CLOSE_CONVERSATION: Text = Text { en: "Close the conversation", ja: "会話を閉じる" };
pub static NEW_MESSAGE: Text = Text { en: "New message", ja: "新しいメッセージ" };
pub static PRIVATE_ROOM: Text = Text { en: "Private room", ja: "非公開ルーム" };
pub static NEW_PRIVATE_ROOM: Text = Text { en: "New private room", ja: "非公開ルームを作成" };
pub static ROOM_DETAILS: Text = Text { en: "About this room", ja: "このルームについて" };
pub static INVITE_PEOPLE: Text = Text { en: "Invite people", ja: "メンバーを招待" };
pub static CLOSE: Text = Text { en: "Close", ja: "閉じる" };
pub static CONNECTION_LOST: Text = Text { en: "The connection is lost.", ja: "接続が切れました。" };
pub static SETTINGS: Text = Text { en: "Settings", ja: "設定" };
pub static SIGN_OUT: Text = Text { en: "Leave Hiroba", ja: "広場を出る" };
pub static SIGN_IN: Text = Text { en: "Sign in", ja: "ログイン" };
pub static HAS_ACCOUNT: Text = Text { en: "Have an account?", ja: "アカウントをお持ちの方は" };
/// Of an account; a guest leaves.
pub static LOG_OUT: Text = Text { en: "Sign out", ja: "ログアウト" };
pub static REACT: Text = Text { en: "React", ja: "リアクション" };
pub static REPLY: Text = Text { en: "Reply", ja: "返信" };
pub static DELETED: Text =
    Text { en: "This message was deleted.", ja: "このメッセージは削除されました。" };
pub static CANCEL: Text = Text { en: "Cancel", ja: "キャンセル" };
pub static QUOTE_MISSING: Text = Text {
    en: "Reply to a message that is no longer there",
    ja: "元のメッセージが残っていない返信",
};
pub static PINS: Text = Text { en: "Pinned messages", ja: "ピン留め" };
pub static LOADING: Text = Text { en: "Loading…", ja: "読み込んでいます…" };
pub static LOAD_FAILED: Text =
    Text { en: "That could not be loaded.", ja: "読み込めませんでした。" };
pub static TRY_AGAIN: Text = Text { en: "Try again", ja: "もう一度試す" };
pub static SHOW_MORE: Text = Text { en: "Show more", ja: "さらに表示" };
pub static SEARCH: Text = Text { en: "Search", ja: "検索" };
pub static GO_TO: Text = Text { en: "Go to a room or person", ja: "ルームや人へ移動" };
pub static KEYBOARD: Text = Text { en: "Keyboard shortcuts", ja: "キーボードショートカット" };
