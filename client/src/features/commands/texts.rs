//! What this part of the page says. Of a command: what follows its name, and what it does.

use crate::i18n::Text;

const NONE: Text = Text { en: "", ja: "" };
const SOMEBODY: Text = Text { en: "name", ja: "名前" };
const RESTRICTED: Text =
    Text { en: "name [10m|1h|1d|1w] [reason]", ja: "名前 [10分|1時間|1日|1週間] [理由]" };

pub const HELP: [Text; 2] =
    [NONE, Text { en: "Show the commands that you can use here", ja: "ここで使えるコマンドを表示" }];
pub const ME: [Text; 2] = [
    Text { en: "does something", ja: "していること" },
    Text { en: "Say in italics what you do", ja: "自分の動作を斜体で書く" },
];
pub const SHRUG: [Text; 2] =
    [Text { en: "[text]", ja: "[文]" }, Text { en: "Add ¯\\_(ツ)_/¯", ja: "¯\\_(ツ)_/¯ を付けて送る" }];
pub const JOIN: [Text; 2] = [
    Text { en: "room", ja: "ルーム" },
    Text { en: "Go to a room; a new name creates one", ja: "ルームへ移動（なければ作成）" },
];
pub const LEAVE: [Text; 2] = [NONE, Text { en: "Leave this room", ja: "このルームから退出" }];
pub const INVITE: [Text; 2] = [SOMEBODY, Text { en: "Invite somebody to this room", ja: "このルームに招待" }];
pub const MSG: [Text; 2] = [
    Text { en: "name text", ja: "名前 文" },
    Text { en: "Write to somebody directly", ja: "ダイレクトメッセージを送る" },
];
pub const TOPIC: [Text; 2] = [
    Text { en: "[text, or - for none]", ja: "[文、なしにするには -]" },
    Text { en: "Show or change the topic of this room", ja: "トピックを表示・変更" },
];
pub const WHO: [Text; 2] = [NONE, Text { en: "Show who is here", ja: "いまいる人を表示" }];
pub const STATS: [Text; 2] = [NONE, Text { en: "Show a few numbers", ja: "人数などを表示" }];
pub const AWAY: [Text; 2] = [NONE, Text { en: "Be away, or be back again", ja: "離席中にする・戻る" }];
pub const NICK: [Text; 2] = [
    Text { en: "new name", ja: "新しい名前" },
    Text { en: "Change the name of your account", ja: "アカウントの名前を変更" },
];
pub const DELETE: [Text; 2] =
    [NONE, Text { en: "Delete your last message here", ja: "自分の最後のメッセージを削除" }];
pub const KICK: [Text; 2] = [
    Text { en: "name [reason]", ja: "名前 [理由]" },
    Text { en: "Remove somebody from this room", ja: "ルームから退出させる" },
];
pub const MUTE: [Text; 2] =
    [RESTRICTED, Text { en: "Do not let somebody write here", ja: "書き込めないようにする" }];
pub const UNMUTE: [Text; 2] = [SOMEBODY, Text { en: "Let somebody write again", ja: "書き込みの制限を解除" }];
pub const BAN: [Text; 2] = [
    RESTRICTED,
    Text { en: "Remove somebody and do not let them back", ja: "退出させ、入れないようにする" },
];
pub const UNBAN: [Text; 2] = [SOMEBODY, Text { en: "Let somebody come in again", ja: "入室の制限を解除" }];
pub const ROLE: [Text; 2] = [
    Text { en: "name moderator|member", ja: "名前 モデレーター|メンバー" },
    Text { en: "Make somebody a moderator of this room, or not", ja: "モデレーターにする・外す" },
];
pub const SLOW: [Text; 2] = [
    Text { en: "30s|5m|off", ja: "30秒|5分|オフ" },
    Text {
        en: "Let everybody wait between two messages", ja: "続けて書けるまでの間隔を決める"
    },
];
pub const ARCHIVE: [Text; 2] =
    [NONE, Text { en: "Close this room: it can only be read", ja: "このルームを閲覧だけにする" }];
pub const ANNOUNCE: [Text; 2] = [
    Text { en: "text", ja: "文" },
    Text {
        en: "Tell everybody on this server something, now", ja: "サーバーの全員にいますぐ知らせる"
    },
];

pub static ANSWER: Text = Text { en: "Answer of a command", ja: "コマンドの応答" };
pub static ONLY_YOU: Text =
    Text { en: "Only you see this.", ja: "あなただけに表示されています。" };
pub static TWO_SLASHES: Text = Text {
    en: "A message that begins with a slash",
    ja: "スラッシュで始まるメッセージを送る",
};
pub static UNKNOWN: Text<fn(&str) -> String> = Text {
    en: |name| {
        format!(
            "There is no command /{name}. /help shows all; with two slashes (//{name}) it is sent as a message."
        )
    },
    ja: |name| {
        format!(
            "/{name} というコマンドはありません。/help で一覧を表示できます。メッセージとして送るには、//{name} のようにスラッシュを2つ付けてください。"
        )
    },
};
pub static NOT_HERE: Text<fn(&str) -> String> = Text {
    en: |name| format!("You may not use /{name} in this room."),
    ja: |name| format!("このルームでは /{name} を使えません。"),
};
pub static WRITE_IT_SO: Text<fn(&str, &str) -> String> = Text {
    en: |usage, about| format!("{about}. Write it like this: {usage}"),
    ja: |usage, about| format!("{about}。書き方：{usage}"),
};
pub static YOU_ARE_AWAY: Text = Text {
    en: "Others see you as away, whatever you do. /away again ends that.",
    ja: "操作していても離席中と表示されます。もう一度 /away で元に戻ります。",
};
pub static YOU_ARE_BACK: Text =
    Text { en: "Others see again that you are here.", ja: "離席中の表示をやめました。" };
pub static GUESTS_KEEP_THEIR_NAME: Text = Text {
    en: "Guests keep the name that they came with. With an account you can change it; the settings have both.",
    ja: "ゲストは名前を変えられません。設定からアカウントを作ると変更できます。",
};
pub static YOU_ARE_CALLED: Text<fn(&str) -> String> = Text {
    en: |name| format!("You are called {name} now."),
    ja: |name| format!("名前を「{name}」に変更しました。"),
};
pub static NOTHING_TO_DELETE: Text = Text {
    en: "There is no message of yours among those that are loaded.",
    ja: "読み込まれている中に、自分のメッセージはありません。",
};
pub static DELETE_QUESTION: Text<fn(&str) -> String> = Text {
    en: |text| format!("Delete this message for everybody? “{text}”"),
    ja: |text| format!("このメッセージを全員の画面から削除しますか？「{text}」"),
};
pub static DELETE_BUTTON: Text = Text { en: "Delete", ja: "削除" };
pub static NO_TOPIC: Text =
    Text { en: "This room has no topic.", ja: "トピックはまだありません。" };
pub static TOPIC_TOO_LONG: Text =
    Text { en: "That is too long for a topic.", ja: "トピックとしては長すぎます。" };
pub static SLOW_OFF: Text =
    Text { en: "Nobody has to wait any more.", ja: "低速モードを終了しました。" };
pub static SLOW_ON: Text<fn(&str) -> String> = Text {
    en: |span| format!("Members wait {span} between two messages now."),
    ja: |span| format!("メンバーは次のメッセージまで{span}待つようになりました。"),
};
pub static ARCHIVE_QUESTION: Text<fn(&str) -> String> = Text {
    en: |room| {
        format!("Archive {room}? Nobody can write there until somebody opens it again, in “About this room”.")
    },
    ja: |room| {
        format!(
            "「{room}」をアーカイブしますか？「このルームについて」から元に戻すまで、だれも書き込めません。"
        )
    },
};
pub static ARCHIVE_BUTTON: Text = Text { en: "Archive", ja: "アーカイブ" };
pub static INVITED: Text<fn(&str) -> String> = Text {
    en: |name| format!("{name} is in this room now."),
    ja: |name| format!("{name}がルームに加わりました。"),
};
pub static KICK_QUESTION: Text<fn(&str, &str) -> String> = Text {
    en: |name, room| format!("Remove {name} from {room}?"),
    ja: |name, room| format!("{name}を「{room}」から退出させますか？"),
};
pub static KICK_BUTTON: Text = Text { en: "Remove", ja: "退出させる" };
pub static KICKED: Text<fn(&str) -> String> = Text {
    en: |name| format!("{name} is not in this room any more."),
    ja: |name| format!("{name}を退出させました。"),
};
pub static BAN_QUESTION: Text<fn(&str, &str) -> String> = Text {
    en: |name, room| format!("Ban {name} from {room}?"),
    ja: |name, room| format!("{name}を「{room}」に入れないようにしますか？"),
};
pub static BAN_BUTTON: Text = Text { en: "Ban", ja: "入室を禁止" };
pub static BANNED: Text<fn(&str) -> String> = Text {
    en: |name| format!("{name} is banned."),
    ja: |name| format!("{name}の入室を禁止しました。"),
};
pub static UNBANNED: Text<fn(&str) -> String> = Text {
    en: |name| format!("{name} may come in again."),
    ja: |name| format!("{name}はまた入れるようになりました。"),
};
pub static MUTED: Text<fn(&str) -> String> = Text {
    en: |name| format!("{name} is muted."),
    ja: |name| format!("{name}の書き込みを禁止しました。"),
};
pub static UNMUTED: Text<fn(&str) -> String> = Text {
    en: |name| format!("{name} may write again."),
    ja: |name| format!("{name}はまた書き込めるようになりました。"),
};
pub static FOR_SO_LONG: Text<fn(&str) -> String> =
    Text { en: |span| format!("For {span}."), ja: |span| format!("期間：{span}。") };
pub static UNTIL_LIFTED: Text =
    Text { en: "Until somebody lifts that.", ja: "期間：解除するまで。" };
pub static MODERATES: Text<fn(&str) -> String> = Text {
    en: |name| format!("{name} is a moderator of this room now."),
    ja: |name| format!("{name}をモデレーターにしました。"),
};
pub static MODERATES_NOT: Text<fn(&str) -> String> = Text {
    en: |name| format!("{name} is not a moderator of this room any more."),
    ja: |name| format!("{name}をモデレーターから外しました。"),
};
pub static NOT_IN_THE_ROOM: Text<fn(&str) -> String> = Text {
    en: |name| format!("{name} is not among the members of this room."),
    ja: |name| format!("{name}はこのルームのメンバーの中にいません。"),
};
pub static ONLINE: Text<fn(&str) -> String> =
    Text { en: |count| format!("Online ({count}):"), ja: |count| format!("オンライン（{count}）：") };
pub static AWAY_NOW: Text<fn(&str) -> String> =
    Text { en: |count| format!("Away ({count}):"), ja: |count| format!("離席中（{count}）：") };
pub static COMMA: Text = Text { en: ", ", ja: "、" };
pub static OTHERS: Text<fn(&str) -> String> = Text {
    en: |count| format!("Offline, or not loaded: {count}"),
    ja: |count| format!("オフライン、または未読み込み：{count}人"),
};
pub static MEMBERS_HERE: Text = Text { en: "Members of this room:", ja: "このルームのメンバー：" };
pub static UNREAD_HERE: Text = Text { en: "Unread messages here:", ja: "ここの未読メッセージ：" };
pub static YOUR_ROOMS: Text = Text { en: "Your rooms:", ja: "参加中のルーム：" };
pub static PUBLIC_ROOMS: Text = Text { en: "Public rooms:", ja: "公開ルーム：" };
