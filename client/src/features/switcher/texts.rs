//! What this part of the page says.

use crate::i18n::Text;

pub static WHERE_TO: Text = Text { en: "Room or person", ja: "ルーム名またはユーザー名" };
pub static NOT_JOINED: Text = Text { en: "not joined", ja: "未参加" };
pub static UNREAD: Text = Text { en: "unread", ja: "未読" };
pub static WRITE: Text = Text { en: "direct message", ja: "ダイレクトメッセージ" };
pub static MESSAGES: Text = Text { en: "what they wrote", ja: "この人の投稿" };
pub static NOTHING: Text = Text {
    en: "No room or person is called that. A room is created under “Join or create a room”, below the list of rooms.",
    ja: "その名前のルームや人は見つかりません。ルームはルーム一覧の下の「ルームに参加・作成」から作れます。",
};
