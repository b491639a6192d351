//! What this part of the page says.

use crate::i18n::Text;

pub static PLAIN_HTTP: Text = Text {
    en: "This address is not encrypted (http). Messages work, but here browsers allow neither the microphone nor notifications nor passkeys.",
    ja: "このアドレスは暗号化されていません（http）。メッセージは使えますが、ブラウザーの制限により、マイク、通知、パスキーは使えません。",
};
pub static SIGNED_IN_AS: Text = Text { en: "You are here as", ja: "現在の名前" };
pub static LANGUAGE: Text = Text { en: "Language", ja: "言語" };
pub static THEME: Text = Text { en: "Appearance", ja: "外観" };
pub static THEME_LIGHT: Text = Text { en: "Light", ja: "ライト" };
pub static THEME_DARK: Text = Text { en: "Dark", ja: "ダーク" };
pub static AS_THE_SYSTEM: Text = Text { en: "As the system", ja: "システムに合わせる" };
pub static DENSITY: Text = Text { en: "Spacing", ja: "表示の間隔" };
pub static DENSITY_COSY: Text = Text { en: "Cosy", ja: "ゆったり" };
pub static DENSITY_COMPACT: Text = Text { en: "Compact", ja: "コンパクト" };
pub static MOTION: Text = Text { en: "Animations", ja: "アニメーション" };
pub static MOTION_NONE: Text = Text { en: "Off", ja: "オフ" };
pub static SEND_KEY: Text = Text { en: "Sending", ja: "送信方法" };
pub static SEND_ENTER: Text =
    Text { en: "Enter (Shift+Enter breaks the line)", ja: "Enter（Shift+Enterで改行）" };
pub static SEND_CONTROL: Text =
    Text { en: "Ctrl+Enter (Enter breaks the line)", ja: "Ctrl+Enter（Enterで改行）" };
pub static SEND_COMMAND: Text =
    Text { en: "⌘+Enter (Enter breaks the line)", ja: "⌘+Enter（Enterで改行）" };
pub static SIGN_OUT_EXPLAINED: Text = Text {
    en: "Your name becomes free for others, and this tab forgets who you were.",
    ja: "名前はほかの人が使えるようになり、このタブの記録は消えます。",
};
pub static SIGN_OUT_OF_ACCOUNT: Text = Text {
    en: "All tabs of this browser are signed out. The account, its rooms and messages stay.",
    ja: "このブラウザーのすべてのタブでログアウトします。アカウント、ルーム、メッセージは残ります。",
};
