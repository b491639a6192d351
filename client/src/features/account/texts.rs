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
pub static SIGNED_OUT: Text = Text {
    en: "You were signed out. Sign in to come back.",
    ja: "ログアウトされました。もう一度ログインしてください。",
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
pub static FORGOTTEN: Text =
    Text { en: "Forgot your password?", ja: "パスワードをお忘れですか？" };
pub static FORGOTTEN_ASK: Text = Text {
    en: "Forgot your password? Ask whoever looks after this square for a link.",
    ja: "パスワードを忘れた場合は、この広場の管理者に再設定のリンクを頼んでください。",
};
pub static FORGOTTEN_MORE: Text = Text {
    en: "If your account has a confirmed mail address, you get a link there with which you choose a new password.",
    ja: "アカウントに確認済みのメールアドレスがあれば、パスワードを再設定するリンクがそこに届きます。",
};
pub static NAME_OR_MAIL: Text =
    Text { en: "Name or mail address", ja: "名前またはメールアドレス" };
pub static SEND_LINK: Text = Text { en: "Send the link", ja: "リンクを送る" };
pub static LINK_SENT: Text = Text {
    en: "If there is such an account and it has a confirmed mail address, a link is on its way there. It can be used once, within 60 minutes. If nothing comes, look among the spam or ask whoever looks after this square.",
    ja: "該当するアカウントに確認済みのメールアドレスがあれば、リンクを送りました。60分間有効で、使えるのは1回だけです。届かない場合は、迷惑メールを確認するか、この広場の管理者に相談してください。",
};
pub static BACK_TO_SIGN_IN: Text = Text { en: "Back to signing in", ja: "ログインに戻る" };
pub static CONFIRM_MAIL: Text =
    Text { en: "Confirm your mail address", ja: "メールアドレスの確認" };
pub static CONFIRM_MAIL_MORE: Text = Text {
    en: "This link was sent to an address that an account wants to use. Confirm it only if that is your account.",
    ja: "このリンクは、アカウントに登録しようとしているアドレスに送られました。ご自分のアカウントの場合だけ確認してください。",
};
pub static CONFIRM: Text = Text { en: "Confirm the address", ja: "アドレスを確認する" };
pub static MAIL_CONFIRMED: Text<fn(&str, &str) -> String> = Text {
    en: |mail, name| format!("{mail} is now the mail address of {name}."),
    ja: |mail, name| format!("{mail} を {name} のメールアドレスとして登録しました。"),
};
pub static MAIL_LINK_ENDED: Text = Text {
    en: "This link has been used already or has ended, or the address is in use. Ask for another link in the settings.",
    ja: "このリンクは使用済みか、期限が切れているか、アドレスがすでに使われています。設定からもう一度リンクを送ってください。",
};
pub static ALREADY_IN: Text<fn(&str) -> String> = Text {
    en: |name| format!("You are signed in as {name} already and need no invitation."),
    ja: |name| format!("すでに{name}としてログインしています。招待は必要ありません。"),
};
pub static TO_CHAT: Text = Text { en: "Go to the chat", ja: "広場へ" };
pub static GO_ON: Text<fn(&str) -> String> =
    Text { en: |name| format!("Go on as {name}"), ja: |name| format!("{name}のまま続ける") };
pub static WITHOUT_LINK: Text =
    Text { en: "Go on without this link", ja: "このリンクを使わずに続ける" };
pub static EDIT_PROFILE: Text = Text { en: "Profile and status", ja: "プロフィールとステータス" };
pub static PROFILE_SAVED: Text = Text {
    en: "Saved. Others see it now.",
    ja: "保存しました。ほかの人にも表示されます。",
};
pub static SAVE_PROFILE: Text = Text { en: "Save", ja: "保存" };
pub static READING: Text = Text { en: "How your name is read", ja: "名前のよみ" };
pub static READING_HINT: Text = Text {
    en: "Others find you by it too, for example when they mention you.",
    ja: "メンションなどで、よみからも見つけてもらえます。例：やまだ はなこ",
};
pub static STATUS: Text = Text { en: "Status", ja: "ステータス" };
pub static STATUS_HINT: Text = Text { en: "What are you doing?", ja: "いま何をしていますか" };
pub static STATUS_EMOJI: Text = Text { en: "Emoji of the status", ja: "ステータスの絵文字" };
static NOT_AN_EMOJI: Text = Text {
    en: "Put one emoji before the status, or none.",
    ja: "ステータスの前の絵文字は1つにしてください（なくてもかまいません）。",
};
pub static CLEAR_STATUS: Text = Text { en: "Clear", ja: "消す" };
pub static STATUS_ENDS: Text = Text { en: "Clear the status", ja: "ステータスを消すとき" };
pub static QUIET: Text = Text { en: "Do not disturb", ja: "取り込み中（通知しない）" };
pub static QUIET_OFF: Text = Text { en: "Off", ja: "オフ" };
pub static NO_END: Text = Text { en: "When I end it", ja: "自分でやめるまで" };
pub static HALF_AN_HOUR: Text = Text { en: "After 30 minutes", ja: "30分後" };
pub static AN_HOUR: Text = Text { en: "After an hour", ja: "1時間後" };
pub static FOUR_HOURS: Text = Text { en: "After 4 hours", ja: "4時間後" };
pub static TODAY: Text = Text { en: "When the day ends", ja: "今日の終わり" };
pub static TO_MORNING: Text = Text { en: "At 8 in the morning", ja: "次の朝8時" };
pub static COLOUR: Text = Text { en: "Colour", ja: "色" };
pub static COLOUR_OF_ID: Text = Text { en: "Automatic", ja: "自動" };
pub static COLOUR_NUMBER: Text<fn(u32) -> String> =
    Text { en: |number| format!("Colour {number}"), ja: |number| format!("色{number}") };
pub static TELL_TIME: Text = Text {
    en: "Show others what time it is where I am",
    ja: "自分のいる場所の時刻をほかの人に表示する",
};
/// Statuses that one tap fills in.
pub static USUAL: [(&str, Text); 5] = [
    ("🍱", Text { en: "At lunch", ja: "お昼休み" }),
    ("🗓", Text { en: "In a meeting", ja: "会議中" }),
    ("🚃", Text { en: "On the way", ja: "移動中" }),
    ("🏠", Text { en: "Working from home", ja: "在宅勤務" }),
    ("🌴", Text { en: "On holiday", ja: "休暇中" }),
];
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
pub static DOWNLOAD: Text = Text { en: "Download my data", ja: "自分のデータをダウンロード" };
pub static DOWNLOAD_ABOUT: Text = Text {
    en: "A file with your account, your devices, the rooms that you are or were in, and everything that you wrote there.",
    ja: "アカウント、端末、参加したことのあるルーム、そこで自分が書いたものすべてを、1つのファイルにまとめます。",
};
pub static DOWNLOADING: Text = Text { en: "Downloading…", ja: "ダウンロードしています…" };
pub static DOWNLOADED: Text =
    Text { en: "Your data is downloaded.", ja: "データをダウンロードしました。" };
pub static BROKE_OFF: Text = Text {
    en: "The download broke off. Please try again.",
    ja: "ダウンロードが途中で止まりました。もう一度お試しください。",
};
pub static DOWNLOADED_OFTEN: Text<fn(u64) -> String> = Text {
    en: |minutes| {
        let word = if minutes == 1 { "minute" } else { "minutes" };
        format!("Your data can be downloaded a few times an hour only. Please wait {minutes} {word}.")
    },
    ja: |minutes| {
        format!("データのダウンロードは1時間に数回までです。{minutes}分後にもう一度お試しください。")
    },
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
pub static DELETE_ACCOUNT: Text = Text { en: "Delete the account", ja: "アカウントを削除" };
pub static DELETE_MESSAGES: Text = Text {
    en: "Delete everything I wrote too",
    ja: "これまでに書いたメッセージもすべて削除する",
};
pub static DELETION_RULE: Text = Text {
    en: "This cannot be undone. You are signed out everywhere. Messages that stay are shown as a deleted user's.",
    ja: "元に戻せません。すべての端末からログアウトされます。残したメッセージは「退会したユーザー」のものとして表示されます。",
};
pub static ACCOUNT_DELETED: Text =
    Text { en: "The account is deleted.", ja: "アカウントを削除しました。" };
pub static CHANGE_PASSWORD: Text = Text { en: "Change the password", ja: "パスワードを変更" };
pub static PASSWORD_CHANGED: Text = Text {
    en: "The password is changed. All other devices are signed out.",
    ja: "パスワードを変更しました。ほかの端末はすべてログアウトされました。",
};
pub static MAIL: Text = Text { en: "Mail address", ja: "メールアドレス" };
pub static MAIL_WHY: Text = Text {
    en: "With a mail address you get a link if you forget your password.",
    ja: "メールアドレスを登録しておくと、パスワードを忘れたときに再設定のリンクを受け取れます。",
};
pub static MAIL_RULE: Text = Text {
    en: "A link is sent there. The address is used once you have opened it. Other people do not see it.",
    ja: "このアドレスに届くリンクを開くと、登録されます。ほかの人には表示されません。",
};
pub static MAIL_WAITING: Text<fn(&str) -> String> = Text {
    en: |mail| format!("{mail} waits to be confirmed: open the link in the mail within 24 hours."),
    ja: |mail| format!("{mail} は確認待ちです。24時間以内に、届いたメールのリンクを開いてください。"),
};
pub static SET_MAIL: Text = Text { en: "Set a mail address", ja: "メールアドレスを登録" };
pub static CHANGE_MAIL: Text = Text { en: "Change the mail address", ja: "メールアドレスを変更" };
pub static MAIL_SENT: Text = Text { en: "The link is on its way.", ja: "リンクを送りました。" };
pub static REMOVE_MAIL: Text = Text { en: "Remove the mail address", ja: "メールアドレスを削除" };
pub static MAIL_REMOVED: Text =
    Text { en: "The mail address is removed.", ja: "メールアドレスを削除しました。" };
pub static DEVICES: Text = Text { en: "Where you are signed in", ja: "ログイン中の端末" };
pub static THIS_DEVICE: Text = Text { en: "this browser", ja: "このブラウザー" };
pub static UNKNOWN_DEVICE: Text = Text { en: "Unknown program", ja: "不明なプログラム" };
pub static LAST_USED: Text<fn(&str) -> String> =
    Text { en: |when| format!("last used {when}"), ja: |when| format!("最終利用 {when}") };
pub static END_DEVICE: Text<fn(&str) -> String> =
    Text { en: |device| format!("Sign out {device}"), ja: |device| format!("{device}をログアウト") };
pub static LINK_ONCE: Text<fn(&str) -> String> = Text {
    en: |until| {
        format!("It is shown only now and can be used until {until}. Share it only with whom it is for.")
    },
    ja: |until| {
        format!(
            "このリンクは今だけ表示されます。{until}まで使えます。渡したい相手以外には見せないでください。"
        )
    },
};
pub static COPY: Text = Text { en: "Copy", ja: "コピー" };
pub static LINK_COPIED: Text = Text { en: "The link is copied.", ja: "リンクをコピーしました。" };
pub static LINK_NOT_COPIED: Text = Text {
    en: "The browser does not let the page copy. The link is selected: copy it with the keyboard or the menu.",
    ja: "ブラウザーがコピーを許可していません。リンクは選択されているので、キーボードかメニューでコピーしてください。",
};
pub static UNTIL: Text<fn(&str) -> String> =
    Text { en: |when| format!("until {when}"), ja: |when| format!("{when}まで") };

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
static NO_MAIL_ADDRESS: Text =
    Text { en: "This is no mail address.", ja: "メールアドレスとして使えない形です。" };
static LINK_ENDED: Text = Text {
    en: "This link has been used already or has ended. Ask whoever gave it to you for a new one.",
    ja: "このリンクは使用済みか、期限が切れています。リンクをくれた人に、新しいものを頼んでください。",
};
static NO_SUCH_ACCOUNT: Text = Text {
    en: "There is no account with this name.",
    ja: "この名前のアカウントはありません。",
};
static NOT_ALLOWED: Text = Text {
    en: "Only the owner of this square may do that.",
    ja: "この操作は広場の所有者だけができます。",
};
static FIXED: Text = Text {
    en: "This was decided where the server is started, and can be changed only there.",
    ja: "これはサーバーの起動時の設定で決められています。変更できるのはその設定だけです。",
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
            ErrorCode::NotFound => &NO_SUCH_ACCOUNT,
            ErrorCode::Forbidden if failure.field.is_some() => &FIXED,
            ErrorCode::Forbidden => &NOT_ALLOWED,
            ErrorCode::NameTaken => &TAKEN,
            ErrorCode::InvalidField if failure.field.as_deref() == Some("status_emoji") => &NOT_AN_EMOJI,
            ErrorCode::TooMany if failure.field.as_deref() == Some("name") => &TOO_OFTEN,
            ErrorCode::InvalidPassword => &COMMON,
            ErrorCode::InvalidField if failure.field.as_deref() == Some("mail") => &NO_MAIL_ADDRESS,
            ErrorCode::NotAuthenticated | ErrorCode::TokenExpired => &ENDED,
            code => return reason(language, code, failure.retry_after_ms),
        },
    };
    text.of(language).to_owned()
}
