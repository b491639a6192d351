//! What this part of the page says.

use crate::i18n::Text;

pub static YOU: Text = Text { en: "you", ja: "自分" };
pub static MEMBERS: Text = Text { en: "People", ja: "メンバー" };
pub static MORE_MEMBERS: Text<fn(&str) -> String> = Text {
    en: |count| format!("Show more ({count})"),
    ja: |count| format!("さらに表示（{count}人）"),
};
pub static OPEN_MEMBERS: Text = Text { en: "Show people", ja: "メンバーを表示" };
pub static MODERATOR: Text = Text { en: "moderator", ja: "モデレーター" };
