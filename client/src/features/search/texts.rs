//! What this part of the page says.

use crate::i18n::Text;

pub static SEARCH_MESSAGES: Text = Text { en: "Search messages", ja: "メッセージを検索" };
pub static SEARCH_CLEAR: Text = Text { en: "Clear the search", ja: "検索をクリア" };
pub static SEARCH_HINT: Text = Text {
    en: "Finds messages of all public rooms, and of your private ones, that have every word. Japanese, Chinese and Korean are found by any part, even a single character; upper and lower case, full and half width, letters with and without accents are the same.",
    ja: "すべての公開ルームと、参加中の非公開ルームから、入力した語をすべて含むメッセージを探します。日本語は1文字から、文の途中の語でも見つかります。大文字と小文字、全角と半角、アクセント記号の有無は区別しません。",
};
pub static SEARCH_FILTERS: Text<[(&'static str, &'static str); 9]> = Text {
    en: [
        ("from:Hanako", "by this person"),
        ("in:general", "in this room"),
        ("after:2026-11-23", "after this day"),
        ("before:2026-11-24", "before this day"),
        ("has:link", "with a link"),
        ("has:reaction", "with a reaction"),
        ("\"…\"", "exactly these words, in this order"),
        ("word*", "words that begin so"),
        ("-word", "without this word; also -\"…\", -from:, -in:, -has:"),
    ],
    ja: [
        ("from:花子", "この人が書いたもの"),
        ("in:雑談", "このルームの中"),
        ("after:2026-11-23", "この日より後"),
        ("before:2026-11-24", "この日より前"),
        ("has:link", "リンクを含むもの"),
        ("has:reaction", "リアクションの付いたもの"),
        ("\"…\"", "この語順のとおり"),
        ("word*", "この文字で始まる英単語など"),
        ("-語", "この語を含まないもの。-\"…\"、-from:、-in:、-has:も使えます"),
    ],
};
pub static SEARCH_FOUND: Text<fn(u64, &str, bool) -> String> = Text {
    en: |count, shown, more| match (count, more) {
        (1, false) => "1 message".to_owned(),
        (_, false) => format!("{shown} messages"),
        (_, true) => format!("The newest {shown} messages"),
    },
    ja: |_, shown, more| {
        if more { format!("新しい順に{shown}件") } else { format!("{shown}件") }
    },
};
pub static SEARCH_NOTHING: Text<fn(&str) -> String> = Text {
    en: |query| format!("Nothing was found for “{query}”."),
    ja: |query| format!("「{query}」に一致するメッセージはありません。"),
};
pub static SEARCH_INCOMPLETE: Text = Text {
    en: "The search index is being made anew. Until that is done, older messages may be missing.",
    ja: "検索索引を作り直しています。終わるまで、古いメッセージが見つからないことがあります。",
};
pub static SEARCH_NOTHING_HINT: Text = Text {
    en: "Fewer words or fewer filters find more.",
    ja: "語や条件を減らすと見つかることがあります。",
};
pub static SEARCHING: Text = Text { en: "Searching…", ja: "検索しています…" };

pub static PROBLEM_TOO_LONG: Text<fn(&str) -> String> = Text {
    en: |limit| format!("Please search for at most {limit} characters."),
    ja: |limit| format!("検索できるのは{limit}文字までです。"),
};
pub static PROBLEM_TOO_MANY_WORDS: Text<fn(&str) -> String> = Text {
    en: |limit| format!("Please search for at most {limit} words."),
    ja: |limit| format!("検索できるのは{limit}語までです。"),
};
pub static PROBLEM_TOO_MANY_STARS: Text<fn(&str) -> String> = Text {
    en: |limit| format!("Please put a star behind at most {limit} words."),
    ja: |limit| format!("「*」を付けられるのは{limit}語までです。"),
};
pub static PROBLEM_NOTHING: Text =
    Text { en: "Please type a word to look for.", ja: "検索する語を入力してください。" };
pub static PROBLEM_STAR: Text = Text {
    en: "Please put at least two characters before the star.",
    ja: "「*」の前には2文字以上を入力してください。",
};
pub static PROBLEM_DAY: Text = Text {
    en: "Please write a day as 2026-11-24.",
    ja: "日付は2026-11-24の形で入力してください。",
};
pub static PROBLEM_HAS: Text = Text {
    en: "has: takes “link”, “file” or “reaction”.",
    ja: "「has:」に使えるのはlink、file、reactionです。",
};
pub static PROBLEM_NAME: Text =
    Text { en: "That name is not possible.", ja: "その名前は使えません。" };
pub static PROBLEM_TWICE: Text =
    Text { en: "Please give each filter once.", ja: "同じ条件は1回だけ指定してください。" };
pub static PROBLEM_MINUS: Text = Text {
    en: "before: and after: cannot have a minus.",
    ja: "before:とafter:には「-」を付けられません。",
};
pub static PROBLEM_OTHER: Text = Text {
    en: "The search was not understood. The filters are explained below.",
    ja: "検索の条件を読み取れませんでした。使える条件は下のとおりです。",
};
