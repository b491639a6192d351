//! What this part of the page says.

use crate::i18n::Text;

pub static PARTING_QUESTION: Text =
    Text { en: "Leave all the same?", ja: "このまま退出しますか？" };
pub static LOSES_DRAFTS: Text<fn(usize, &str) -> String> = Text {
    en: |count, shown| {
        if count == 1 {
            "1 text that you began will be lost.".to_owned()
        } else {
            format!("{shown} texts that you began will be lost.")
        }
    },
    ja: |_, shown| format!("書きかけの文章{shown}件は失われます。"),
};
pub static LOSES_UNSENT: Text<fn(usize, &str) -> String> = Text {
    en: |count, shown| {
        if count == 1 {
            "1 message or change has not been sent and will be lost.".to_owned()
        } else {
            format!("{shown} messages or changes have not been sent and will be lost.")
        }
    },
    ja: |_, shown| format!("未送信のメッセージや変更{shown}件は失われます。"),
};
pub static BY_INVITATION: Text = Text {
    en: "This room is private: you can come back only when somebody in it invites you.",
    ja: "非公開ルームです。戻るには、メンバーからの招待が必要です。",
};
pub static LAST_ONE: Text = Text {
    en: "This room is private and nobody else is in it: when you leave, nobody can come back.",
    ja: "非公開ルームで、ほかのメンバーはいません。退出すると、だれも戻れなくなります。",
};
