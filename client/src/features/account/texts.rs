//! What this part of the page says.

use shared::ErrorCode;

use crate::core::requests::NoAnswer;
use crate::i18n::{Language, Text, reason};

pub static SIGN_UP: Text = Text { en: "Create an account", ja: "アカウントを作成" };
pub static NO_ACCOUNT: Text =
    Text { en: "No account yet?", ja: "アカウントをお持ちでない方は" };
pub static AS_GUEST: Text = Text { en: "Enter without an account", ja: "アカウントなしで入る" };
pub static ASK_OPERATOR: Text = Text {
    en: "Accounts are given out by whoever runs this server.",
    ja: "アカウントは、このサーバーの管理者が発行します。",
};
pub static NAME: Text = Text { en: "Name", ja: "名前" };
pub static PASSWORD: Text = Text { en: "Password", ja: "パスワード" };
pub static PRESENT_PASSWORD: Text = Text { en: "Present password", ja: "現在のパスワード" };
pub static NEW_PASSWORD: Text = Text { en: "New password", ja: "新しいパスワード" };
pub static SHOW_PASSWORD: Text = Text { en: "Show the password", ja: "パスワードを表示" };
pub static PASSWORD_RULE: Text = Text {
    en: "At least 8 characters. A few words are better than one with signs.",
    ja: "8文字以上。記号を混ぜるより、いくつかの言葉を並べるほうが安全です。",
};
pub static BUSY: Text = Text { en: "One moment…", ja: "お待ちください…" };
pub static ACCOUNT: Text = Text { en: "Account", ja: "アカウント" };
pub static UPGRADE: Text = Text {
    en: "You are a guest of this tab. With an account the name stays yours, on all your devices, and your messages come along.",
    ja: "いまはこのタブだけのゲストです。アカウントを作成すると、名前が自分のものになり、どの端末でも同じ人として使えます。これまでのメッセージも引き継がれます。",
};
pub static NEW_NAME: Text = Text { en: "New name", ja: "新しい名前" };
pub static CHANGE_NAME: Text = Text { en: "Change the name", ja: "名前を変更" };
pub static NAME_RULE: Text = Text {
    en: "Your messages show the new name too. For 30 days nobody else gets the old one.",
    ja: "これまでのメッセージも新しい名前で表示されます。元の名前は30日間、ほかの人は使えません。",
};
pub static NAME_CHANGED: Text = Text { en: "The name is changed.", ja: "名前を変更しました。" };
pub static CHANGE_PASSWORD: Text = Text { en: "Change the password", ja: "パスワードを変更" };
pub static PASSWORD_CHANGED: Text = Text {
    en: "The password is changed. All other devices are signed out.",
    ja: "パスワードを変更しました。ほかの端末はすべてログアウトされました。",
};
pub static DEVICES: Text = Text { en: "Where you are signed in", ja: "ログイン中の端末" };
pub static THIS_DEVICE: Text = Text { en: "this browser", ja: "このブラウザー" };
pub static UNKNOWN_DEVICE: Text = Text { en: "Unknown program", ja: "不明なプログラム" };
pub static LAST_USED: Text<fn(&str) -> String> =
    Text { en: |when| format!("last used {when}"), ja: |when| format!("最終利用 {when}") };
pub static END_DEVICE: Text<fn(&str) -> String> =
    Text { en: |device| format!("Sign out {device}"), ja: |device| format!("{device}をログアウト") };

pub static WRONG: Text =
    Text { en: "The name or the password is wrong.", ja: "名前またはパスワードが違います。" };
pub static WRONG_PASSWORD: Text =
    Text { en: "The present password is wrong.", ja: "現在のパスワードが違います。" };
static DISABLED: Text = Text {
    en: "This account is disabled. Ask whoever runs this server.",
    ja: "このアカウントは無効になっています。サーバーの管理者に問い合わせてください。",
};
static CLOSED: Text = Text {
    en: "This server lets nobody create an account.",
    ja: "このサーバーでは、自分でアカウントを作成できません。",
};
static TAKEN: Text = Text {
    en: "Somebody has this name, or one that looks like it.",
    ja: "この名前、または見た目の似た名前は使われています。",
};
static TOO_OFTEN: Text = Text {
    en: "You have changed the name too often. Please wait some days.",
    ja: "名前の変更が多すぎます。数日おいてからお試しください。",
};
static COMMON: Text = Text {
    en: "That is not possible: it must have 8 to 128 characters and not be one that everybody tries first.",
    ja: "このパスワードは使えません。8〜128文字で、よく使われるものは避けてください。",
};
static ENDED: Text = Text {
    en: "You are not signed in any more. Reload the page.",
    ja: "ログインが終了しています。ページを再読み込みしてください。",
};
static OFFLINE: Text = Text {
    en: "The server does not answer. Please try again.",
    ja: "サーバーが応答しません。もう一度お試しください。",
};

/// Why a request was not done; `wrong` is said of a wrong password.
pub fn why(language: Language, error: &NoAnswer, wrong: &'static Text) -> String {
    let text = match error {
        NoAnswer::Offline => &OFFLINE,
        NoAnswer::Refused(failure) => match failure.code {
            ErrorCode::WrongCredentials => wrong,
            ErrorCode::AccountDisabled => &DISABLED,
            ErrorCode::SignUpClosed => &CLOSED,
            ErrorCode::NameTaken => &TAKEN,
            ErrorCode::TooMany if failure.field.as_deref() == Some("name") => &TOO_OFTEN,
            ErrorCode::InvalidPassword => &COMMON,
            ErrorCode::NotAuthenticated | ErrorCode::TokenExpired => &ENDED,
            code => return reason(language, code, failure.retry_after_ms),
        },
    };
    text.of(language).to_owned()
}
