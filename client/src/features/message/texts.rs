//! What this part of the page says.

use crate::i18n::Text;

pub const COPY_LINK: Text = Text { en: "Copy link", ja: "リンクをコピー" };
pub const COPY_TEXT: Text = Text { en: "Copy text", ja: "テキストをコピー" };
pub const MARK_UNREAD: Text = Text { en: "Mark unread from here", ja: "ここから未読にする" };
pub const QUOTE_DELETED: Text =
    Text { en: "Reply to a message that was deleted", ja: "削除されたメッセージへの返信" };
pub const GO_TO_MESSAGE: Text = Text { en: "Go to the message", ja: "メッセージへ移動" };
pub const TRY_AGAIN: Text = Text { en: "Try again", ja: "もう一度試す" };
