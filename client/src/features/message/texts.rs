//! What this part of the page says.

use crate::i18n::Text;

pub static COPY_LINK: Text = Text { en: "Copy link", ja: "リンクをコピー" };
pub static COPY_TEXT: Text = Text { en: "Copy text", ja: "テキストをコピー" };
pub static MARK_UNREAD: Text = Text { en: "Mark unread from here", ja: "ここから未読にする" };
pub static QUOTE_DELETED: Text =
    Text { en: "Reply to a message that was deleted", ja: "削除されたメッセージへの返信" };
pub static GO_TO_MESSAGE: Text = Text { en: "Go to the message", ja: "メッセージへ移動" };
pub static SPOILER: Text = Text { en: "Spoiler", ja: "ネタバレ" };
pub static COPY_CODE: Text = Text { en: "Copy code", ja: "コードをコピー" };
pub static SPOILER_HIDDEN: Text = Text { en: "(spoiler)", ja: "（ネタバレ）" };
