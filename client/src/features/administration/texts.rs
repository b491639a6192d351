//! What this part of the page says.

use crate::i18n::Text;

pub static ADMINISTRATION: Text = Text { en: "Administration", ja: "管理" };
pub static BACK: Text = Text { en: "Back to the list", ja: "一覧に戻る" };
pub static PEOPLE: Text = Text { en: "People", ja: "メンバー" };
pub static ROOMS: Text = Text { en: "Rooms", ja: "ルーム" };
pub static INVITATIONS: Text = Text { en: "Invitations", ja: "招待" };
pub static REPORTS: Text = Text { en: "Reports", ja: "報告" };
pub static BANS: Text = Text { en: "Bans from the server", ja: "立ち入り禁止" };
pub static AUDIT: Text = Text { en: "What was done", ja: "操作の記録" };
pub static SERVER_SETTINGS: Text = Text { en: "Settings of the server", ja: "サーバーの設定" };

pub static FIND_PEOPLE: Text = Text { en: "Find by name", ja: "名前で探す" };
pub static NO_PEOPLE: Text = Text {
    en: "No account has a name like this.",
    ja: "この名前のアカウントはありません。",
};
pub static MEMBER: Text = Text { en: "Member", ja: "一般" };
pub static ADMIN: Text = Text { en: "Administrator", ja: "管理者" };
pub static OWNER: Text = Text { en: "Owner", ja: "所有者" };
pub static DISABLED: Text = Text { en: "Disabled", ja: "無効" };
pub static MANAGE: Text<fn(&str) -> String> =
    Text { en: |name| format!("Manage {name}"), ja: |name| format!("{name}を管理") };
pub static MANAGE_SHORT: Text = Text { en: "Manage", ja: "管理" };
pub static CREATED: Text<fn(&str) -> String> =
    Text { en: |when| format!("since {when}"), ja: |when| format!("作成 {when}") };
pub static LAST_USED: Text<fn(&str) -> String> =
    Text { en: |when| format!("last here {when}"), ja: |when| format!("最終利用 {when}") };
pub static ROLE: Text = Text { en: "Role", ja: "役割" };
pub static CHANGE_ROLE: Text = Text { en: "Change the role", ja: "役割を変更" };
pub static ROLE_QUESTION: Text<fn(&str, &str) -> String> = Text {
    en: |name, role| format!("Change the role of {name} to {role}? Links that they made end."),
    ja: |name, role| {
        format!("{name}の役割を「{role}」に変更しますか？本人が作成したリンクは使えなくなります。")
    },
};
pub static DISABLE: Text = Text { en: "Disable", ja: "無効にする" };
pub static ENABLE: Text = Text { en: "Enable", ja: "有効に戻す" };
pub static DISABLE_QUESTION: Text<fn(&str) -> String> = Text {
    en: |name| format!("Disable the account of {name}? They are signed out everywhere and cannot sign in."),
    ja: |name| {
        format!(
            "{name}のアカウントを無効にしますか？すべての端末からログアウトされ、ログインできなくなります。"
        )
    },
};
pub static ENABLE_QUESTION: Text<fn(&str) -> String> = Text {
    en: |name| format!("Let {name} sign in again?"),
    ja: |name| format!("{name}がまたログインできるようにしますか？"),
};
pub static RESET: Text = Text { en: "New password…", ja: "パスワードの再設定…" };
pub static RESET_QUESTION: Text<fn(&str) -> String> = Text {
    en: |name| {
        format!(
            "Make a link with which {name} chooses a new password? Whoever gets it can take over the account. Be sure who asks for it."
        )
    },
    ja: |name| {
        format!(
            "{name}がパスワードを再設定するためのリンクを作成しますか？受け取った人はそのアカウントを使えるようになります。本人であることを確かめてください。"
        )
    },
};
pub static RESET_LINK: Text = Text { en: "The link for a new password", ja: "再設定のリンク" };
pub static DONE: Text = Text { en: "Done.", ja: "変更しました。" };
pub static BAN: Text = Text { en: "Ban…", ja: "立ち入り禁止…" };
pub static BAN_BUTTON: Text = Text { en: "Ban", ja: "禁止する" };
pub static BAN_QUESTION: Text<fn(&str) -> String> = Text {
    en: |name| format!("Ban {name} from the server?"),
    ja: |name| format!("{name}のサーバーへの立ち入りを禁止しますか？"),
};
pub static BAN_EXPLAINED: Text = Text {
    en: "Their connections are closed and they cannot come back.",
    ja: "接続が切られ、戻れなくなります。",
};
pub static NEW_BAN: Text = Text { en: "Ban somebody…", ja: "立ち入りを禁止…" };
pub static NO_BANS: Text = Text {
    en: "Nobody is banned from the server.",
    ja: "立ち入りを禁止されている人はいません。",
};
pub static WHOM: Text = Text { en: "Whom", ja: "対象" };
pub static A_PERSON: Text = Text { en: "A person", ja: "人" };
pub static AN_ADDRESS: Text =
    Text { en: "An address of the network", ja: "ネットワークのアドレス" };
pub static NAME: Text = Text { en: "Name", ja: "名前" };
pub static ADDRESS: Text = Text {
    en: "IP address (of IPv6 its whole /64 network)",
    ja: "IPアドレス（IPv6では /64 のネットワーク全体）",
};
pub static HOW_LONG: Text = Text { en: "For how long", ja: "期間" };
pub static UNTIL_LIFTED: Text = Text { en: "until somebody lifts it", ja: "解除するまで" };
pub static REASON: Text = Text { en: "Reason (optional)", ja: "理由（任意）" };
pub static WITH_ADDRESSES: Text = Text {
    en: "Also the addresses that they are connected from",
    ja: "いま接続しているアドレスも禁止する",
};
pub static UNTIL: Text<fn(&str) -> String> =
    Text { en: |time| format!("until {time}"), ja: |time| format!("{time}まで") };
pub static BY: Text<fn(&str) -> String> =
    Text { en: |name| format!("by {name}"), ja: |name| format!("禁止した人 {name}") };
pub static QUOTED: Text<fn(&str) -> String> =
    Text { en: |text| format!(" “{text}”"), ja: |text| format!("「{text}」") };
pub static BECAUSE: Text<fn(&str) -> String> =
    Text { en: |text| format!(" The reason: {text}"), ja: |text| format!("理由：{text}") };
pub static LIFT: Text = Text { en: "Lift", ja: "解除" };
pub static LIFT_FOR: Text<fn(&str) -> String> =
    Text { en: |name| format!("Lift for {name}"), ja: |name| format!("{name}の禁止を解除") };

pub static NO_ROOMS: Text =
    Text { en: "There are no public rooms.", ja: "公開ルームはありません。" };
pub static OTHER_ROOMS: Text<fn(&str, &str) -> String> = Text {
    en: |private, direct| {
        format!(
            "Besides the public rooms there are private rooms: {private}, and direct conversations: {direct}. Only their members see them."
        )
    },
    ja: |private, direct| {
        format!(
            "公開ルームのほかに、非公開ルームが{private}件、ダイレクトメッセージが{direct}件あります。内容はメンバーだけが見られます。"
        )
    },
};
pub static MEMBERS: Text<fn(u64, &str) -> String> = Text {
    en: |count, number| if count == 1 { "1 member".to_owned() } else { format!("{number} members") },
    ja: |_, number| format!("{number}人"),
};
/// Messages and their changes.
pub static ENTRIES: Text<fn(u64, &str) -> String> = Text {
    en: |count, number| {
        if count == 1 { "1 message or change".to_owned() } else { format!("{number} messages and changes") }
    },
    ja: |_, number| format!("メッセージと変更{number}件"),
};
pub static ARCHIVED: Text = Text { en: "Archived", ja: "アーカイブ済み" };
pub static ARCHIVE: Text = Text { en: "Archive", ja: "アーカイブ" };
pub static REOPEN: Text = Text { en: "Open again", ja: "再開" };
pub static ARCHIVE_QUESTION: Text<fn(&str) -> String> = Text {
    en: |room| {
        format!("Archive {room}? Nobody can write there until it is opened again. What was written stays.")
    },
    ja: |room| {
        format!(
            "「{room}」をアーカイブしますか？再開するまで、だれも書き込めなくなります。これまでのメッセージは残ります。"
        )
    },
};
pub static REOPEN_QUESTION: Text<fn(&str) -> String> = Text {
    en: |room| format!("Open {room} again? Everybody can write there again."),
    ja: |room| format!("「{room}」を再開しますか？全員がまた書き込めるようになります。"),
};
pub static KEEP: Text =
    Text { en: "Keep it when nobody is in it", ja: "だれもいなくなっても残す" };
/// A button about a room.
pub static OF_ROOM: Text<fn(&str, &str) -> String> =
    Text { en: |what, room| format!("{what}: {room}"), ja: |what, room| format!("{what}：{room}") };
pub static OPEN: Text = Text { en: "Open", ja: "開く" };

pub static VALID_FOR: Text = Text { en: "Valid for", ja: "有効期間" };
pub static HOW_MANY: Text = Text { en: "Usable by", ja: "人数" };
pub static DAYS: Text<fn(u32) -> String> = Text {
    en: |days| if days == 1 { "1 day".to_owned() } else { format!("{days} days") },
    ja: |days| format!("{days}日間"),
};
pub static FOR_PEOPLE: Text<fn(Option<u32>) -> String> = Text {
    en: |people| match people {
        Some(1) => "1 person".to_owned(),
        Some(people) => format!("{people} people"),
        None => "any number of people".to_owned(),
    },
    ja: |people| people.map_or_else(|| "制限なし".to_owned(), |people| format!("{people}人")),
};
pub static MAKE_LINK: Text = Text { en: "Make a link", ja: "リンクを作成" };
pub static INVITATION: Text = Text { en: "The invitation", ja: "招待リンク" };
pub static OPEN_INVITATIONS: Text = Text { en: "Open invitations", ja: "使える招待" };
pub static NO_INVITATIONS: Text =
    Text { en: "There are no open invitations.", ja: "使える招待はありません。" };
pub static USES_LEFT: Text<fn(Option<u32>) -> String> = Text {
    en: |left| match left {
        Some(1) => "for 1 more person".to_owned(),
        Some(left) => format!("for {left} more people"),
        None => "for any number of people".to_owned(),
    },
    ja: |left| left.map_or_else(|| "人数の制限なし".to_owned(), |left| format!("残り{left}人")),
};
pub static MADE_BY: Text<fn(&str) -> String> =
    Text { en: |name| format!("by {name}"), ja: |name| format!("作成者 {name}") };
pub static THE_OPERATOR: Text = Text { en: "whoever runs the server", ja: "サーバーの管理者" };
pub static WITHDRAW: Text = Text { en: "Withdraw", ja: "取り消す" };
pub static WITHDRAW_UNTIL: Text<fn(&str) -> String> = Text {
    en: |until| format!("Withdraw the invitation {until}"),
    ja: |until| format!("{until}の招待を取り消す"),
};

pub static WHICH_REPORTS: Text = Text { en: "Which reports", ja: "表示する報告" };
pub static OPEN_REPORTS: Text = Text { en: "Open ones", ja: "未対応のみ" };
pub static ALL_REPORTS: Text = Text { en: "All", ja: "すべて" };
pub static NO_REPORTS: Text = Text { en: "There are no reports here.", ja: "報告はありません。" };
/// Who reported what somebody else wrote, where it was and when.
pub struct Reported<'a> {
    pub by: &'a str,
    pub author: &'a str,
    pub room: &'a str,
    pub when: &'a str,
}

pub static REPORTED: Text<fn(&Reported<'_>) -> String> = Text {
    en: |Reported { by, author, room, when }| {
        format!("{by} reported what {author} wrote in {room} on {when}.")
    },
    ja: |Reported { by, author, room, when }| {
        format!("{by}が、{author}が「{room}」に{when}に書いたメッセージを報告しました。")
    },
};
pub static TEXT_GONE: Text = Text {
    en: "The words are not kept any more.",
    ja: "メッセージの文面は保存期間を過ぎました。",
};
pub static GO_TO_MESSAGE: Text = Text { en: "Go to the message", ja: "メッセージへ移動" };
pub static ABOUT_YOU: Text = Text {
    en: "This is about what you wrote: somebody else resolves it.",
    ja: "あなたのメッセージについての報告です。ほかの人が対応します。",
};
pub static RESOLVE: Text = Text { en: "Resolve…", ja: "対応済みにする…" };
pub static RESOLVE_NOW: Text = Text { en: "Resolve", ja: "対応済みにする" };
pub static NOTE: Text = Text { en: "What was done (optional)", ja: "対応の内容（任意）" };
pub static RESOLVED: Text = Text { en: "Resolved.", ja: "対応済みです。" };
pub static RESOLVED_BY: Text<fn(&str, &str) -> String> = Text {
    en: |by, when| format!("Resolved by {by} on {when}."),
    ja: |by, when| format!("{by}が{when}に対応しました。"),
};

pub static OWNERS_DECIDE: Text = Text {
    en: "Who may come in is decided by the owners of this square.",
    ja: "入れる人を決められるのは、この広場の所有者だけです。",
};
pub static SAVED: Text = Text { en: "Saved.", ja: "保存しました。" };
pub static ANNOUNCEMENT: Text = Text { en: "Tell everybody", ja: "全員へのお知らせ" };
pub static ANNOUNCEMENT_ABOUT: Text = Text {
    en: "Whoever is here now sees it at once, with your name. It is not kept.",
    ja: "いま広場にいる全員に、あなたの名前とともにすぐ表示されます。あとには残りません。",
};
pub static ANNOUNCE: Text = Text { en: "Send to everybody", ja: "全員に送る" };
pub static ANNOUNCED: Text = Text { en: "Everybody was told.", ja: "全員に送りました。" };
pub static TOO_LONG: Text = Text { en: "This is too long.", ja: "長すぎます。" };
pub static NOTHING_WRITTEN: Text =
    Text { en: "Please write something here.", ja: "入力してください。" };

pub static NOT_ABOVE: Text = Text {
    en: "You may not do that: only somebody whose role is above theirs may.",
    ja: "この操作はできません。相手より上の役割の人だけができます。",
};
pub static LAST_OWNER: Text = Text {
    en: "This is the last owner. Make somebody else an owner first.",
    ja: "最後の所有者です。先にほかの人を所有者にしてください。",
};
pub static NOT_THERE: Text = Text {
    en: "There is nobody and nothing of that name here any more.",
    ja: "見つかりません。すでになくなっている可能性があります。",
};
pub static NO_ADDRESS: Text = Text {
    en: "This is no address that can be banned.",
    ja: "禁止できるIPアドレスではありません。",
};
pub static REASON_WRONG: Text = Text {
    en: "The reason is too long, or has a character that cannot be seen.",
    ja: "理由が長すぎるか、目に見えない文字が含まれています。",
};
pub static TOO_MANY: Text = Text {
    en: "There are as many as is possible. End one first.",
    ja: "これ以上は作れません。先にどれかを終わらせてください。",
};
