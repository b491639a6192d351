//! Names have a unique normal form.

use proptest::prelude::*;
use shared::{MessageText, RoomAddress, RoomName, UserName};

/// Generates texts that normalisation changes: full-width and half-width forms, combining marks, characters that
/// decompose into a space and a mark, ligatures, jamo, variation selectors.
fn raw_name() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<char>(),
        proptest::char::range('\u{300}', '\u{36f}'),
        proptest::char::range('\u{1100}', '\u{11ff}'),
        proptest::char::range('\u{3000}', '\u{30ff}'),
        proptest::char::range('\u{fb00}', '\u{fb4f}'),
        proptest::char::range('\u{fe00}', '\u{fe0f}'),
        proptest::char::range('\u{ff00}', '\u{ffef}'),
        proptest::char::range(' ', '~'),
        proptest::sample::select(vec![
            '\u{a0}',
            '\u{a8}',
            '\u{b4}',
            '\u{b8}',
            '\u{2fa1d}',
            '\u{fdfa}',
            'ſ',
            'İ',
            '\u{345}'
        ]),
    ];
    proptest::collection::vec(piece, 1..12).prop_map(String::from_iter)
}

fn read<'a, T: serde::Deserialize<'a>>(json: &'a str) -> T {
    serde_json::from_str(json).expect("it can be read")
}

/// A corpus of valid and invalid room names. A browser test checks the same corpus against the browser's Unicode
/// tables.
#[test]
fn the_corpus_of_names_is_taken_and_refused_as_written_there() {
    #[derive(serde::Deserialize)]
    struct Corpus {
        taken: Vec<String>,
        refused: Vec<String>,
    }
    let corpus: Corpus = read(include_str!("../corpus/names.json"));
    for name in corpus.taken {
        assert!(RoomName::new(&name).is_ok(), "{name:?}");
    }
    for name in corpus.refused {
        assert!(RoomName::new(&name).is_err(), "{name:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn the_normal_form_is_its_own_normal_form(raw in raw_name()) {
        if let Ok(name) = UserName::new(&raw) {
            prop_assert_eq!(UserName::new(name.as_str()), Ok(name));
        }
        if let Ok(name) = RoomName::new(&raw) {
            prop_assert_eq!(RoomName::new(name.as_str()), Ok(name));
        }
        if let Ok(name) = RoomAddress::new(&raw) {
            prop_assert_eq!(RoomAddress::new(name.as_str()), Ok(name));
        }
    }

    #[test]
    fn a_numbered_name_is_a_name(raw in raw_name(), number in any::<u32>()) {
        if let Ok(name) = UserName::new(&raw) {
            let numbered = name.numbered(number);
            let suffix = format!("-{number}");
            prop_assert!(numbered.as_str().ends_with(&suffix));
            prop_assert_eq!(UserName::new(numbered.as_str()), Ok(numbered));
        }
    }

    #[test]
    fn a_long_numbered_name_is_a_name(
        raw in "[a-zA-Z あ-んｱ-ﾝ\u{301}가-힣]{20,32}", number in any::<u32>(),
    ) {
        if let Ok(name) = UserName::new(&raw) {
            let numbered = name.numbered(number);
            prop_assert_eq!(UserName::new(numbered.as_str()), Ok(numbered));
        }
    }

    #[test]
    fn only_public_rooms_have_a_public_name(raw in raw_name()) {
        let address = RoomAddress::new(&raw).ok();
        let public = address.as_ref().and_then(RoomAddress::public);
        prop_assert_eq!(public.is_some(), address.is_some_and(|address| !address.as_str().starts_with('~')));
        if let Ok(name) = RoomName::new(&raw) {
            prop_assert_eq!(public, Some(name));
        }
    }

    #[test]
    fn a_name_shows_something_and_is_no_path(raw in raw_name()) {
        if let Ok(name) = RoomName::new(&raw) {
            prop_assert!(shared::text::shows(name.as_str()));
            prop_assert!(name.as_str().chars().any(|c| c != '.'));
        }
    }

    #[test]
    fn what_was_a_name_once_is_read_again(raw in ".{1,20}") {
        let json = serde_json::to_string(&raw).unwrap();
        let (name, room): (UserName, RoomAddress) = (read(&json), read(&json));
        let text: MessageText = read(&json);
        prop_assert_eq!([name.as_str(), room.as_str(), text.as_str()], [&raw, &raw, &raw]);
    }

    #[test]
    fn white_space_around_a_name_does_not_count(raw in "[a-zあ-ん]{1,10}", spaces in "[ \u{3000}\u{a0}]{0,3}") {
        prop_assert_eq!(UserName::new(&format!("{spaces}{raw}{spaces}")), UserName::new(&raw));
    }

    #[test]
    fn a_text_is_kept_as_it_came(raw in any::<String>()) {
        if let Ok(text) = MessageText::new(&raw) {
            prop_assert_eq!(text.as_str(), raw);
        }
    }
}
