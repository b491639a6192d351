//! The reason for an error in the user's language.

use shared::{ErrorCode, Failure};

use super::{Language, Text, span};
use crate::browser::location;

static INVALID_NAME: Text = Text { en: "The name is not possible.", ja: "その名前は使えません。" };
static CONTENT_EMPTY: Text =
    Text { en: "The message has no text.", ja: "メッセージに文字がありません。" };
static CONTENT_TOO_LONG: Text =
    Text { en: "The message is too long.", ja: "メッセージが長すぎます。" };
static NOT_A_MEMBER: Text =
    Text { en: "You are not in this room.", ja: "このルームに参加していません。" };
static FORBIDDEN: Text = Text {
    en: "You are not allowed to do that here.",
    ja: "この操作をする権限がありません。",
};
static NOT_WANTED: Text = Text {
    en: "This person does not take messages from you.",
    ja: "この相手にはメッセージを送れません。",
};
static BANNED: Text = Text {
    en: "You are banned from this room.",
    ja: "モデレーターにより、このルームには入れません。",
};
static BANNED_FOR: Text<fn(&str) -> String> = Text {
    en: |span| format!("You are banned from this room for {span} more."),
    ja: |span| format!("モデレーターにより、このルームにはあと{span}入れません。"),
};
static MUTED: Text = Text {
    en: "You are muted in this room.",
    ja: "モデレーターにより、このルームには書き込めません。",
};
static MUTED_FOR: Text<fn(&str) -> String> = Text {
    en: |span| format!("You are muted in this room for {span} more."),
    ja: |span| format!("モデレーターにより、このルームにはあと{span}書き込めません。"),
};
static SLOW_MODE: Text<fn(&str) -> String> = Text {
    en: |span| format!("Slow mode: you can write again in {span}."),
    ja: |span| format!("低速モードです。あと{span}で書き込めます。"),
};
static ARCHIVED: Text = Text {
    en: "This room is archived: it can only be read.",
    ja: "このルームはアーカイブ済みで、閲覧のみできます。",
};
static NO_SUCH_USER: Text =
    Text { en: "There is nobody of that name.", ja: "その名前の人は見つかりません。" };
static NO_SUCH_MESSAGE: Text =
    Text { en: "The message is not there any more.", ja: "そのメッセージはもうありません。" };
static TOO_MANY: Text = Text {
    en: "There are as many as is possible. Take one away first.",
    ja: "これ以上追加できません。先にどれかを外してください。",
};
static TOO_MANY_ROOMS: Text = Text {
    en: "You are in as many rooms as is possible. Leave one first.",
    ja: "これ以上ルームに参加できません。先にどこかから退出してください。",
};
static ID_CONFLICT: Text = Text {
    en: "The message was sent before with another text.",
    ja: "このメッセージは別の内容で送信済みです。",
};
static RATE_LIMITED: Text<fn(u64) -> String> = Text {
    en: |seconds| {
        if seconds == 1 {
            "That was too fast. Please wait a second.".to_owned()
        } else {
            format!("That was too fast. Please wait {seconds} seconds.")
        }
    },
    ja: |seconds| format!("操作が速すぎます。{seconds}秒待ってください。"),
};
static UNAVAILABLE: Text = Text {
    en: "The server cannot store anything at the moment. Please try again later.",
    ja: "サーバーは現在保存できません。しばらくしてからもう一度お試しください。",
};
static INTERNAL: Text = Text {
    en: "Something went wrong on the server. Please try again.",
    ja: "サーバーで問題が起きました。もう一度お試しください。",
};
static OTHER: Text = Text {
    en: "The server did not understand the request. Reloading the page may help.",
    ja: "サーバーが要求を理解できませんでした。ページを再読み込みしてください。",
};

static STOPPED: Text =
    Text { en: "The server has closed the connection.", ja: "サーバーが接続を閉じました。" };
static REMOVED_FROM_SERVER: Text = Text {
    en: "A moderator has removed you from this server.",
    ja: "モデレーターによりこのサーバーから退出させられました。",
};
static BARRED: Text = Text {
    en: "The server answers, but something on the way to it does not let this page connect: most often a proxy that does not pass WebSockets on.",
    ja: "サーバーは応答していますが、途中の何かがこのページの接続を通していません。多くの場合、WebSocketを中継しないプロキシが原因です。",
};
static FOREIGN_ORIGIN: Text<fn(&str) -> String> = Text {
    en: |origin| {
        format!(
            "This server does not let pages from {origin} connect. Whoever runs it can allow them with the flag --allow-origin {origin}."
        )
    },
    ja: |origin| {
        format!(
            "このサーバーは{origin}で開いたページからの接続を許可していません。サーバーの管理者が--allow-origin {origin}を付けて起動すると、接続できるようになります。"
        )
    },
};

/// What an error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// What the user asked for.
    Request,
    /// Somebody else.
    Person,
    /// Why there is no connection.
    Connection,
}

/// Explains a refusal.
pub fn refusal(language: Language, failure: &Failure) -> String {
    let of = if failure.user_id.is_some() { Of::Person } else { Of::Request };
    explain(language, failure.code, failure.retry_after_ms, of)
}

/// [`reason`], by what it is about.
pub fn explain(language: Language, code: ErrorCode, retry_after_ms: Option<u64>, of: Of) -> String {
    let text = match (of, code) {
        (Of::Person, ErrorCode::Forbidden) => &NOT_WANTED,
        (Of::Connection, ErrorCode::Banned) => &REMOVED_FROM_SERVER,
        (Of::Connection, ErrorCode::UpgradeRequired) => &BARRED,
        (Of::Connection, ErrorCode::Unknown) => &STOPPED,
        (Of::Connection, ErrorCode::OriginNotAllowed) => {
            return (FOREIGN_ORIGIN.of(language))(&location::origin());
        }
        _ => return reason(language, code, retry_after_ms),
    };
    text.of(language).to_owned()
}

/// Explains an error code; `retry_after_ms` is the delay before a retry.
pub fn reason(language: Language, code: ErrorCode, retry_after_ms: Option<u64>) -> String {
    let timed = retry_after_ms.is_some();
    let left = || span(language, retry_after_ms.unwrap_or(1_000).div_ceil(1_000).max(1));
    let text = match code {
        ErrorCode::InvalidName => &INVALID_NAME,
        ErrorCode::ContentEmpty => &CONTENT_EMPTY,
        ErrorCode::ContentTooLong => &CONTENT_TOO_LONG,
        ErrorCode::NotAMember => &NOT_A_MEMBER,
        ErrorCode::Forbidden => &FORBIDDEN,
        ErrorCode::Banned if timed => return (BANNED_FOR.of(language))(&left()),
        ErrorCode::Muted if timed => return (MUTED_FOR.of(language))(&left()),
        ErrorCode::SlowMode => return (SLOW_MODE.of(language))(&left()),
        ErrorCode::Banned => &BANNED,
        ErrorCode::Muted => &MUTED,
        ErrorCode::Archived => &ARCHIVED,
        ErrorCode::NoSuchUser => &NO_SUCH_USER,
        ErrorCode::NoSuchMessage => &NO_SUCH_MESSAGE,
        ErrorCode::TooMany => &TOO_MANY,
        ErrorCode::TooManyRooms => &TOO_MANY_ROOMS,
        ErrorCode::IdConflict => &ID_CONFLICT,
        ErrorCode::RateLimited => {
            return (RATE_LIMITED.of(language))(retry_after_ms.unwrap_or(1_000).div_ceil(1_000).max(1));
        }
        ErrorCode::Unavailable => &UNAVAILABLE,
        ErrorCode::Internal => &INTERNAL,
        ErrorCode::BadJson
        | ErrorCode::NotText
        | ErrorCode::UnknownType
        | ErrorCode::MissingField
        | ErrorCode::InvalidField
        | ErrorCode::NotAuthenticated
        | ErrorCode::AlreadyAuthenticated
        | ErrorCode::WrongCredentials
        | ErrorCode::AccountDisabled
        | ErrorCode::TokenExpired
        | ErrorCode::SignUpClosed
        | ErrorCode::GuestsClosed
        | ErrorCode::LinkEnded
        | ErrorCode::NameTaken
        | ErrorCode::InvalidPassword
        | ErrorCode::NotFound
        | ErrorCode::OriginNotAllowed
        | ErrorCode::UpgradeRequired
        | ErrorCode::BadHandshake
        | ErrorCode::Unknown => &OTHER,
    };
    text.of(language).to_owned()
}
