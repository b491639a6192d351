//! What this part of the page says.

use crate::i18n::Text;

pub static PLAIN_HTTP: Text = Text {
    en: "This address is not encrypted (http). Messages work, but here browsers allow neither the microphone nor notifications nor passkeys.",
    ja: "このアドレスは暗号化されていません（http）。メッセージは使えますが、ブラウザーの制限により、マイク、通知、パスキーは使えません。",
};
pub static SIGNED_IN_AS: Text = Text { en: "You are here as", ja: "現在の名前" };
pub static LANGUAGE: Text = Text { en: "Language", ja: "言語" };
pub static THEME: Text = Text { en: "Appearance", ja: "外観" };
pub static THEME_SYSTEM: Text = Text { en: "As the system", ja: "システムに合わせる" };
pub static THEME_LIGHT: Text = Text { en: "Light", ja: "ライト" };
pub static THEME_DARK: Text = Text { en: "Dark", ja: "ダーク" };
pub static SIGN_OUT_EXPLAINED: Text = Text {
    en: "Your name becomes free for others, and this tab forgets who you were.",
    ja: "名前はほかの人が使えるようになり、このタブの記録は消えます。",
};
