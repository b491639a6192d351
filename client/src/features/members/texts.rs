//! What this part of the page says.

use crate::i18n::Text;

pub const YOU: Text = Text { en: "you", ja: "自分" };
pub const MEMBERS: Text = Text { en: "People", ja: "メンバー" };
pub const MORE_MEMBERS: Text<fn(&str) -> String> = Text {
    en: |count| format!("Show more ({count})"),
    ja: |count| format!("さらに表示（{count}人）"),
};
pub const OPEN_MEMBERS: Text = Text { en: "Show people", ja: "メンバーを表示" };
