//! What this part of the page says.

use crate::i18n::Text;

pub static PRIVATE_EXPLAINED: Text = Text {
    en: "Private: only people who were invited find it and read what is in it.",
    ja: "非公開：招待された人だけが見つけて読むことができます。",
};
pub static DIRECT_EXPLAINED: Text = Text {
    en: "Only the people of this conversation find it and read what is in it.",
    ja: "この会話は、参加している人だけが見つけて読むことができます。",
};
pub static FULL: Text<fn(&str) -> String> = Text {
    en: |name| format!("{name} is in as many rooms as one can be in."),
    ja: |name| format!("{name}は参加できるルーム数の上限に達しています。"),
};
pub static BLOCK: Text = Text { en: "Block", ja: "ブロック" };
pub static BLOCK_NAME: Text<fn(&str) -> String> =
    Text { en: |name| format!("Block {name}"), ja: |name| format!("{name}をブロック") };
pub static BLOCK_QUESTION: Text<fn(&str) -> String> =
    Text { en: |name| format!("Block {name}?"), ja: |name| format!("{name}をブロックしますか？") };
pub static BLOCK_NO_GUESTS: Text = Text {
    en: "Only people with an account can be blocked.",
    ja: "ブロックできるのは、アカウントを持つ人だけです。",
};
pub static BLOCK_EXPLAINED: Text = Text {
    en: "They cannot write to you directly or invite you, and what they write in rooms is folded for you; they are not told.",
    ja: "相手はあなたへの直接のメッセージや招待ができなくなり、ルームでの発言は折りたたまれます。相手には通知されません。",
};
pub static UNBLOCK: Text = Text { en: "Unblock", ja: "ブロックを解除" };
pub static UNBLOCK_NAME: Text<fn(&str) -> String> =
    Text { en: |name| format!("Unblock {name}"), ja: |name| format!("{name}のブロックを解除") };
pub static BLOCKED: Text = Text { en: "Blocked people", ja: "ブロックした人" };
pub static NOBODY_BLOCKED: Text =
    Text { en: "You have blocked nobody.", ja: "ブロックしている人はいません。" };
pub static SOMEBODY: Text = Text { en: "Somebody", ja: "だれか" };
pub static PUBLIC_EXPLAINED: Text = Text {
    en: "Public: everybody finds it, reads what is in it and can join.",
    ja: "公開：だれでも見つけて読み、参加できます。",
};
pub static YOU_MODERATE: Text =
    Text { en: "You are a moderator here.", ja: "あなたはモデレーターです。" };
pub static TITLE: Text = Text { en: "Title", ja: "タイトル" };
pub static TOPIC: Text = Text { en: "Topic", ja: "トピック" };
pub static TOPIC_OPTIONAL: Text = Text { en: "Topic (optional)", ja: "トピック（任意）" };
pub static DESCRIPTION: Text = Text { en: "Description", ja: "説明" };
pub static NOTHING_TOLD: Text = Text {
    en: "Nobody has written a topic or a description yet.",
    ja: "トピックも説明もまだありません。",
};
pub static EDIT: Text = Text { en: "Edit", ja: "編集" };
pub static SAVE: Text = Text { en: "Save", ja: "保存" };
pub static CREATE: Text = Text { en: "Create", ja: "作成" };
pub static TOO_LONG: Text<fn(&str) -> String> = Text {
    en: |limit| format!("At most {limit} characters."),
    ja: |limit| format!("{limit}文字までです。"),
};
pub static NEEDED: Text = Text { en: "Please write something here.", ja: "入力してください。" };
pub static UNSEEN: Text = Text {
    en: "There is a character that cannot be seen. Please type it again.",
    ja: "目に見えない文字が含まれています。入力し直してください。",
};
pub static WHOM_TO_INVITE: Text =
    Text { en: "Invite by name (optional)", ja: "招待する人の名前（任意）" };
pub static ADD: Text = Text { en: "Add", ja: "追加" };
pub static INVITE: Text = Text { en: "Invite", ja: "招待" };
pub static INVITED_PEOPLE: Text = Text { en: "People to invite", ja: "招待する人" };
pub static PEOPLE_YOU_KNOW: Text = Text { en: "People you know", ja: "知っている人" };
pub static DO_NOT_INVITE: Text<fn(&str) -> String> =
    Text { en: |name| format!("Do not invite {name}"), ja: |name| format!("{name}を招待しない") };
pub static INVITED: Text<fn(&str) -> String> = Text {
    en: |name| format!("{name} is in this room now."),
    ja: |name| format!("{name}がルームに加わりました。"),
};
pub static NOT_INVITED: Text<fn(&str, &str) -> String> = Text {
    en: |name, reason| format!("{name} could not be invited. {reason}"),
    ja: |name, reason| format!("{name}を招待できませんでした。{reason}"),
};
pub static INVITE_TO: Text<fn(&str) -> String> =
    Text { en: |room| format!("Invite to {room}"), ja: |room| format!("{room}に招待") };
pub static MODERATES: Text =
    Text { en: "Moderator of this room", ja: "このルームのモデレーター" };
pub static MAKE_MODERATOR: Text = Text { en: "Make moderator", ja: "モデレーターにする" };
pub static TAKE_BACK: Text = Text { en: "Not a moderator any more", ja: "モデレーターから外す" };
pub static REMOVE: Text = Text { en: "Remove from the room", ja: "ルームから退出させる" };
pub static REMOVE_QUESTION: Text<fn(&str, &str) -> String> = Text {
    en: |name, room| format!("Remove {name} from {room}?"),
    ja: |name, room| format!("{name}を「{room}」から退出させますか？"),
};
pub static REMOVE_EXPLAINED: Text = Text {
    en: "They lose sight of everything in the room and can come back only by invitation. Everybody in the room can read the reason.",
    ja: "ルームの内容は見られなくなり、戻るには招待が必要です。理由はルームの全員が読めます。",
};
pub static REASON: Text = Text { en: "Reason (optional)", ja: "理由（任意）" };
pub static REMOVE_MENU: Text =
    Text { en: "Remove from the room…", ja: "ルームから退出させる…" };
pub static REMOVE_PUBLIC_EXPLAINED: Text = Text {
    en: "They may come back after 10 minutes. Everybody in the room can read the reason.",
    ja: "10分後にはまた入れます。理由はルームの全員が読めます。",
};
pub static MUTE: Text = Text { en: "Mute…", ja: "書き込みを禁止…" };
pub static BAN: Text = Text { en: "Ban…", ja: "入室を禁止…" };
pub static MUTE_BUTTON: Text = Text { en: "Mute", ja: "書き込みを禁止" };
pub static BAN_BUTTON: Text = Text { en: "Ban", ja: "入室を禁止" };
pub static MUTE_QUESTION: Text<fn(&str, &str) -> String> = Text {
    en: |name, room| format!("Mute {name} in {room}?"),
    ja: |name, room| format!("{name}の「{room}」への書き込みを禁止しますか？"),
};
pub static BAN_QUESTION: Text<fn(&str, &str) -> String> = Text {
    en: |name, room| format!("Ban {name} from {room}?"),
    ja: |name, room| format!("{name}を「{room}」に入れないようにしますか？"),
};
pub static MUTE_EXPLAINED: Text = Text {
    en: "They go on reading, and do not write, react or pin. They are told for how long, and the reason.",
    ja: "読むことはできますが、書き込みやリアクションはできません。期間と理由は本人に表示されます。",
};
pub static BAN_EXPLAINED: Text = Text {
    en: "They are removed and cannot come back. They are told for how long, and the reason.",
    ja: "退出させられ、戻れなくなります。期間と理由は本人に表示されます。",
};
pub static HOW_LONG: Text = Text { en: "For how long", ja: "期間" };
pub static UNTIL_LIFTED: Text = Text { en: "until somebody lifts it", ja: "解除するまで" };
pub static UNTIL: Text<fn(&str) -> String> =
    Text { en: |time| format!("until {time}"), ja: |time| format!("{time}まで") };
pub static BY: Text<fn(&str) -> String> =
    Text { en: |name| format!("(by {name})"), ja: |name| format!("（{name}による）") };
pub static RESTRICTIONS: Text = Text { en: "Banned and muted", ja: "入室・書き込みの禁止" };
pub static NO_RESTRICTIONS: Text = Text { en: "Nobody at present.", ja: "いまはだれもいません。" };
pub static IS_BANNED: Text = Text { en: "banned", ja: "入室禁止" };
pub static IS_MUTED: Text = Text { en: "muted", ja: "書き込み禁止" };
pub static LIFT: Text = Text { en: "Lift", ja: "解除" };
pub static LIFT_FOR: Text<fn(&str) -> String> =
    Text { en: |name| format!("Lift for {name}"), ja: |name| format!("{name}の禁止を解除") };
pub static USAGE: Text = Text { en: "How this room is used", ja: "ルームの使い方" };
pub static SLOW_MODE: Text = Text { en: "Slow mode", ja: "低速モード" };
pub static SLOW_EXPLAINED: Text = Text {
    en: "How long members wait between two messages.",
    ja: "メンバーが次のメッセージを書けるまでの間隔です。",
};
pub static OFF: Text = Text { en: "Off", ja: "オフ" };
pub static SLOW: Text<fn(&str) -> String> = Text {
    en: |span| format!("Slow mode: members wait {span} between two messages."),
    ja: |span| format!("低速モード：次のメッセージまで{span}の間隔が必要です。"),
};
pub static ARCHIVED: Text =
    Text { en: "Archived: it can only be read.", ja: "アーカイブ済み：閲覧のみできます。" };
pub static ARCHIVE: Text = Text { en: "Archive this room", ja: "このルームをアーカイブ" };
pub static OPEN_AGAIN: Text = Text { en: "Open this room again", ja: "このルームを再開" };
pub static ARCHIVE_QUESTION: Text = Text {
    en: "Nobody can write here until somebody opens the room again. What was written stays.",
    ja: "再開するまで、だれも書き込めなくなります。これまでのメッセージは残ります。",
};
pub static OPEN_QUESTION: Text = Text {
    en: "Everybody can write here again.",
    ja: "全員がまた書き込めるようになります。",
};
pub static KEEP: Text = Text {
    en: "Keep this room when nobody is in it",
    ja: "だれもいなくなってもルームを残す",
};
pub static QUOTED: Text<fn(&str) -> String> =
    Text { en: |reason| format!(" “{reason}”"), ja: |reason| format!("「{reason}」") };
pub static MESSAGE_EXPLAINED: Text = Text {
    en: "A conversation that only you and the people you choose can see. Nobody can be added later.",
    ja: "あなたと選んだ相手だけの会話です。あとからほかの人を加えることはできません。",
};
pub static TO: Text = Text { en: "To (name)", ja: "宛先（名前）" };
pub static CHOSEN: Text = Text { en: "People of the conversation", ja: "会話の相手" };
pub static DROP: Text<fn(&str) -> String> =
    Text { en: |name| format!("Remove {name}"), ja: |name| format!("{name}を外す") };
pub static NOBODY: Text =
    Text { en: "Please name somebody.", ja: "相手の名前を入力してください。" };
pub static START: Text = Text { en: "Start", ja: "会話を始める" };
pub static INVITE_BY_LINK: Text = Text { en: "Invite by link", ja: "リンクで招待" };
pub static LINK_EXPLAINED: Text = Text {
    en: "Whoever has the link can join this room, also somebody who is new here.",
    ja: "リンクを持っている人は、初めての人でもこのルームに参加できます。",
};
pub static LINK_LASTS: Text = Text { en: "Valid for", ja: "有効期間" };
pub static LINK_FOR: Text = Text { en: "Usable by", ja: "人数" };
pub static MAKE_LINK: Text = Text { en: "Make a link", ja: "リンクを作成" };
pub static ROOM_LINK: Text = Text { en: "The link to this room", ja: "このルームへのリンク" };
pub static ROOM_LINKS: Text = Text { en: "Links that can be used", ja: "使用できるリンク" };
pub static FOR_PEOPLE: Text<fn(u32, &str) -> String> = Text {
    en: |count, shown| if count == 1 { "1 person".to_owned() } else { format!("{shown} people") },
    ja: |_, shown| format!("{shown}人"),
};
pub static WITHDRAW: Text = Text { en: "Withdraw", ja: "取り消す" };
pub static WITHDRAW_LINK: Text<fn(&str) -> String> = Text {
    en: |about| format!("Withdraw the link {about}"),
    ja: |about| format!("リンクを取り消す：{about}"),
};
