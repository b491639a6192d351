//! What this part of the page says.

use crate::i18n::Text;

pub const PIN: Text = Text { en: "Pin to the room", ja: "ピン留め" };
pub const UNPIN: Text = Text { en: "Unpin", ja: "ピン留めを外す" };
pub const NO_PINS: Text = Text {
    en: "Nothing is pinned yet. Open the menu of a message and pin it: everybody in the room finds it here.",
    ja: "ピン留めされたメッセージはまだありません。メッセージのメニューからピン留めすると、ルームの全員がここで見つけられます。",
};
