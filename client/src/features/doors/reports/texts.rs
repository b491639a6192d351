//! What this part of the page says.

use crate::i18n::Text;

pub static REPORT_MENU: Text = Text { en: "Report…", ja: "報告…" };
pub static REPORT: Text = Text { en: "Report", ja: "報告" };
pub static REPORT_QUESTION: Text =
    Text { en: "Report this message?", ja: "このメッセージを報告しますか？" };
pub static REPORT_EXPLAINED: Text = Text {
    en: "The moderators of this room and the administrators see the message as it is now, your reason and your name. The author is not told.",
    ja: "このルームのモデレーターと管理者に、現在のメッセージ、理由、あなたの名前が伝わります。書いた人には通知されません。",
};
pub static REPORT_DIRECT_EXPLAINED: Text = Text {
    en: "The administrators see the message as it is now, your reason and your name. The author is not told.",
    ja: "管理者に、現在のメッセージ、理由、あなたの名前が伝わります。書いた人には通知されません。",
};
pub static WHY: Text = Text { en: "What is wrong with it (optional)", ja: "問題の内容（任意）" };
pub static THANKS: Text = Text { en: "Thank you", ja: "ありがとうございます" };
pub static REPORTED: Text = Text {
    en: "The message is reported. Somebody who keeps order here looks at it.",
    ja: "メッセージを報告しました。担当者が確認します。",
};
pub static REPORTS: Text = Text { en: "Reports", ja: "報告" };
pub static REPORTS_EXPLAINED: Text = Text {
    en: "Messages that people reported, with the words said then. Only moderators and administrators see this.",
    ja: "報告されたメッセージと、その時点の内容です。モデレーターと管理者だけに表示されます。",
};
pub static NO_REPORTS: Text =
    Text { en: "There is no open report.", ja: "未対応の報告はありません。" };
pub static REPORTED_BY: Text<fn(&str, &str) -> String> = Text {
    en: |name, time| format!("Reported by {name}, {time}"),
    ja: |name, time| format!("報告者 {name}（{time}）"),
};
pub static QUOTED: Text<fn(&str) -> String> =
    Text { en: |reason| format!(": “{reason}”"), ja: |reason| format!("「{reason}」") };
pub static NOT_KEPT: Text = Text {
    en: "The words are not kept any more.",
    ja: "メッセージの内容はもう保存されていません。",
};
pub static ABOUT_YOU: Text = Text {
    en: "This is about what you wrote: another moderator settles it, or an owner in the administration.",
    ja: "あなたのメッセージについての報告です。ほかのモデレーター、または管理画面で所有者が対応します。",
};
pub static GO: Text = Text { en: "Go to the message", ja: "メッセージへ移動" };
pub static DELETE: Text = Text { en: "Delete the message…", ja: "メッセージを削除…" };
pub static MUTE: Text = Text { en: "Mute…", ja: "書き込みを禁止…" };
pub static BAN: Text = Text { en: "Ban…", ja: "入室を禁止…" };
pub static SETTLE: Text = Text { en: "Mark as settled", ja: "対応済みにする" };
pub static NOTE: Text = Text { en: "Note (optional)", ja: "メモ（任意）" };
