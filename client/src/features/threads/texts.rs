//! What this part of the page says.

use crate::i18n::Text;

pub static REPLIES: Text = Text { en: "Replies", ja: "返信" };
pub static SHOW_REPLIES: Text = Text { en: "Show replies", ja: "返信を表示" };
pub static NO_REPLIES: Text = Text {
    en: "Nobody has replied yet. “Reply” on the message makes the first one.",
    ja: "まだ返信がありません。メッセージの「返信」から最初の返信を書けます。",
};
