//! What this part of the page says.

use crate::i18n::Text;

/// Names, the number of others, and that number as shown.
type Reactors = fn(&[&str], u64, &str) -> String;
pub static REACTORS: Text<Reactors> = Text {
    en: |names, others, shown| match (names, others) {
        ([], _) => String::new(),
        ([one], 0) => (*one).to_owned(),
        ([first @ .., last], 0) => format!("{} and {last}", first.join(", ")),
        (names, 1) => format!("{} and 1 other", names.join(", ")),
        (names, _) => format!("{} and {shown} others", names.join(", ")),
    },
    ja: |names, others, shown| match others {
        0 => names.join("、"),
        _ => format!("{}、ほか{shown}人", names.join("、")),
    },
};
pub static EMOJI: Text = Text { en: "Emoji", ja: "絵文字" };
pub static EMOJI_SEARCH: Text = Text { en: "Search emoji", ja: "絵文字を検索" };
pub static EMOJI_OFTEN: Text = Text { en: "Often used", ja: "よく使う絵文字" };
pub static EMOJI_GROUPS: Text = Text { en: "Groups of emoji", ja: "絵文字の種類" };
pub static SKIN_TONE: Text = Text { en: "Skin tone", ja: "肌の色" };
pub static EMOJI_NONE: Text =
    Text { en: "No emoji is called that.", ja: "当てはまる絵文字がありません。" };
