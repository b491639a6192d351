//! Mentions and reaction emoji in arbitrary texts.

use proptest::prelude::*;
use shared::limits::{EMOJI_BYTES, MENTIONS};
use shared::mention::{Called, find};
use shared::text::visible_length;
use shared::{Emoji, UserName};

/// Generates texts from `@`, names and what may surround them.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("@".to_owned()),
        Just("＠".to_owned()),
        Just("@room".to_owned()),
        proptest::sample::select(NAMES).prop_map(|name| format!("@{name}")),
        proptest::sample::select(NAMES).prop_map(str::to_owned),
        "[ \u{3000}\n.,、。さん\u{301}\u{FE0F}-]{1,3}",
        any::<char>().prop_map(String::from),
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

const NAMES: &[&str] = &["bob", "Bob-2", "花子", "Taro Yamada", "テスト", "ﾃｽﾄ", "é", "ⅷ", "İ"];

/// Generates texts from the parts of emoji and other characters.
fn maybe_emoji() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        proptest::sample::select(vec![
            "👍",
            "❤",
            "\u{FE0F}",
            "\u{FE0E}",
            "\u{200D}",
            "👩",
            "🏽",
            "🇯",
            "🇵",
            "1",
            "#",
            "\u{20E3}",
            "🏴",
            "\u{E0067}",
            "\u{E007F}",
            "©",
            "〰",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

/// A corpus of texts with their mentions. A browser test checks the same corpus against the browser's Unicode tables.
#[test]
fn the_corpus_of_calls_is_read_as_written_there() {
    #[derive(serde::Deserialize)]
    struct Corpus {
        names: Vec<String>,
        texts: Vec<(String, Vec<String>)>,
    }
    let corpus: Corpus = serde_json::from_str(include_str!("../corpus/calls.json")).unwrap();
    for (text, expected) in corpus.texts {
        let found = find(&text, |key| corpus.names.iter().find(|name| *name == key));
        let called: Vec<&str> = found.into_iter().map(|(range, _)| &text[range]).collect();
        let called: Vec<&str> = called.iter().map(|call| call.trim_start_matches(['@', '＠'])).collect();
        assert_eq!(called, expected, "{text:?}");
    }
}

#[test]
fn everything_in_the_picker_is_an_emoji() {
    type Group = (String, String, String, Vec<Vec<serde_json::Value>>);
    let groups: Vec<Group> = serde_json::from_str(include_str!("../../../public/emoji.json")).unwrap();
    let entries = groups.iter().flat_map(|(.., entries)| entries);
    let refused = entries.filter(|entry| Emoji::new(entry[0].as_str().unwrap()).is_err());
    assert_eq!(refused.count(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn calls_are_parts_of_the_text_in_their_order(text in text()) {
        let keys: Vec<String> = NAMES.iter().map(|name| UserName::new(name).unwrap().key()).collect();
        let found = find(&text, |key| keys.iter().position(|known| known == key));
        prop_assert!(found.len() <= MENTIONS);
        let mut from = 0;
        for (range, called) in found {
            prop_assert!(from <= range.start);
            from = range.end;
            let call = text.get(range).expect("whole characters");
            let name = call.strip_prefix(['@', '＠']).expect("a call");
            let seen: String = name.chars().filter(|c| !matches!(c, '\u{200B}'..='\u{200F}' | '\u{AD}')).collect();
            let Ok(key) = UserName::new(&seen).map(|name| name.key()) else { continue };
            match called {
                Called::Room => prop_assert_eq!(key, "room"),
                Called::Person(person) => prop_assert_eq!(&key, &keys[person]),
            }
        }
    }

    #[test]
    fn nobody_is_called_who_is_not_there(text in text()) {
        let found = find(&text, |_| None::<()>);
        prop_assert!(found.iter().all(|(_, called)| *called == Called::Room));
    }

    #[test]
    fn an_emoji_is_one_sign_and_its_own_normal_form(raw in maybe_emoji()) {
        if let Ok(emoji) = Emoji::new(&raw) {
            prop_assert!(emoji.as_str().len() <= EMOJI_BYTES);
            prop_assert_eq!(visible_length(emoji.as_str()), 1);
            prop_assert_eq!(Emoji::new(emoji.as_str()), Ok(emoji));
        }
    }

    // One letter is an emoji: ℹ.
    #[test]
    fn letters_are_no_emoji(raw in "[[\\p{L}\\p{M}<>&\"' ]--ℹ]{0,8}") {
        prop_assert!(Emoji::new(&raw).is_err());
    }
}
