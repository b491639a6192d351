//! What this part of the page says.

use shared::ErrorCode;
use shared::account::SignUp;

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
pub static ASK_INVITATION: Text = Text {
    en: "A new account needs an invitation. Ask whoever looks after this square.",
    ja: "アカウントの作成には招待が必要です。この広場の管理者に頼んでください。",
};
pub static NEW_SQUARE: Text = Text {
    en: "This square is new and waits for its owner. Whoever started the server has a link for that.",
    ja: "この広場はできたばかりで、所有者を待っています。所有者になるためのリンクは、サーバーを起動した人が持っています。",
};
pub static NO_GUESTS: Text = Text {
    en: "Guests cannot come in here any more. Sign in, or ask for an invitation.",
    ja: "ゲストとしては入れなくなりました。ログインするか、招待を頼んでください。",
};
pub static INVITED: Text = Text { en: "You are invited", ja: "招待が届いています" };
pub static INVITED_MORE: Text = Text {
    en: "Choose a name and a password, and you are in.",
    ja: "名前とパスワードを決めると、広場に入れます。",
};
pub static OPEN_SQUARE: Text = Text { en: "Open your square", ja: "広場を開く" };
pub static OPEN_SQUARE_MORE: Text = Text {
    en: "Whoever uses this link becomes the owner of this square: with a new account or with one that is there.",
    ja: "このリンクを使った人が、この広場の所有者になります。新しいアカウントでも、すでにあるアカウントでもかまいません。",
};
pub static RESET: Text = Text { en: "Choose a new password", ja: "新しいパスワードを設定" };
pub static RESET_MORE: Text = Text {
    en: "You are signed in with it here, and signed out everywhere else.",
    ja: "設定すると、ここではログインし、ほかの端末ではログアウトされます。",
};
pub static RESET_SEND: Text = Text { en: "Save and sign in", ja: "設定してログイン" };
pub static ALREADY_IN: Text<fn(&str) -> String> = Text {
    en: |name| format!("You are signed in as {name} already and need no invitation."),
    ja: |name| format!("すでに{name}としてログインしています。招待は必要ありません。"),
};
pub static TO_CHAT: Text = Text { en: "Go to the chat", ja: "広場へ" };
pub static GO_ON: Text<fn(&str) -> String> =
    Text { en: |name| format!("Go on as {name}"), ja: |name| format!("{name}のまま続ける") };
pub static WITHOUT_LINK: Text =
    Text { en: "Go on without this link", ja: "このリンクを使わずに続ける" };
pub static WHO_MAY_ENTER: Text = Text { en: "Who may come in?", ja: "入れる人" };
pub static GUESTS_WELCOME: Text =
    Text { en: "Guests may come in without an account", ja: "アカウントのないゲストも入れる" };
pub static WHO_SIGNS_UP: Text =
    Text { en: "Who may create an account", ja: "アカウントを作成できる人" };
pub static EVERYBODY: Text = Text { en: "Everybody", ja: "だれでも" };
pub static THE_INVITED: Text = Text { en: "Whoever is invited", ja: "招待された人" };
pub static NOBODY: Text = Text { en: "Nobody", ja: "だれも作成できない" };
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
static COMMON: Text = Text {
    en: "That is not possible: it must have 8 to 128 characters and not be one that everybody tries first.",
    ja: "このパスワードは使えません。8〜128文字で、よく使われるものは避けてください。",
};
static ENDED: Text = Text {
    en: "You are not signed in any more. Reload the page.",
    ja: "ログインが終了しています。ページを再読み込みしてください。",
};
static LINK_ENDED: Text = Text {
    en: "This link has been used already or has ended. Ask whoever gave it to you for a new one.",
    ja: "このリンクは使用済みか、期限が切れています。リンクをくれた人に、新しいものを頼んでください。",
};
static OFFLINE: Text = Text {
    en: "The server does not answer. Please try again.",
    ja: "サーバーが応答しません。もう一度お試しください。",
};

/// Whom one asks for an account, where not everybody may create one.
pub const fn who_invites(rule: Option<SignUp>) -> Option<&'static Text> {
    match rule {
        Some(SignUp::Invitation) => Some(&ASK_INVITATION),
        Some(SignUp::Closed) => Some(&ASK_OPERATOR),
        Some(SignUp::Open) | None => None,
    }
}

/// Why a request was not done; `wrong` is said of a wrong password.
pub fn why(language: Language, error: &NoAnswer, wrong: &'static Text) -> String {
    let text = match error {
        NoAnswer::Offline => &OFFLINE,
        NoAnswer::Refused(failure) => match failure.code {
            ErrorCode::WrongCredentials => wrong,
            ErrorCode::AccountDisabled => &DISABLED,
            ErrorCode::SignUpClosed => &CLOSED,
            ErrorCode::LinkEnded => &LINK_ENDED,
            ErrorCode::NameTaken => &TAKEN,
            ErrorCode::InvalidPassword => &COMMON,
            ErrorCode::NotAuthenticated | ErrorCode::TokenExpired => &ENDED,
            code => return reason(language, code, failure.retry_after_ms),
        },
    };
    text.of(language).to_owned()
}
