//! What this part of the page says, beside what `index.html` says.

use crate::i18n::Text;

pub static NAME_EMPTY: Text = Text { en: "Please give a name.", ja: "名前を入力してください。" };
pub static SESSION_ENDED: Text = Text {
    en: "Your visit has ended. Give a name to come back.",
    ja: "訪問が終了しました。名前を入力すると、もう一度入れます。",
};
