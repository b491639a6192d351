//! What this part of the page says.

use crate::i18n::Text;

pub static PIN: Text = Text { en: "Pin to the room", ja: "ピン留め" };
pub static UNPIN: Text = Text { en: "Unpin", ja: "ピン留めを外す" };
pub static NO_PINS: Text = Text {
    en: "Nothing is pinned yet. Open the menu of a message and pin it: everybody in the room finds it here.",
    ja: "ピン留めされたメッセージはまだありません。メッセージのメニューからピン留めすると、ルームの全員がここで見つけられます。",
};
