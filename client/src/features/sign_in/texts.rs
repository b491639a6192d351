//! What this part of the page says.

use crate::i18n::Text;

/// What the site is for, on the sign-in page.
pub static TAGLINE: Text = Text {
    en: "A square for people to meet. Give a name and you are in.",
    ja: "人が集まり、話すための広場です。名前を決めるだけで入れます。",
};
pub static YOUR_NAME: Text = Text { en: "Your name", ja: "名前" };
pub static NAME_HINT: Text = Text {
    en: "Up to 32 characters. Others see it beside your messages.",
    ja: "32文字まで。メッセージの横に表示されます。",
};
pub static NAME_PLACEHOLDER: Text = Text { en: "For example Hanako", ja: "例：はなこ" };
pub static ENTER: Text = Text { en: "Enter the square", ja: "広場に入る" };
pub static NAME_EMPTY: Text = Text { en: "Please give a name.", ja: "名前を入力してください。" };
