//! Functions that need Unicode tables: normal forms, user-visible characters and character classes. Native programs
//! include the tables; the web client uses the browser's instead of downloading them.

use std::borrow::Cow;

pub(crate) mod joiner;
pub(crate) mod visible;
pub(crate) mod word;

#[cfg(target_arch = "wasm32")]
#[path = "browser.rs"]
mod tables;
#[cfg(not(target_arch = "wasm32"))]
#[path = "native.rs"]
mod tables;

/// Character classes that the standard library lacks.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Class {
    /// Belongs to the character before it: marks, joiners, skin tones, format characters.
    Extend,
    /// The base characters of emoji, and code points that may become emoji.
    Pictograph,
    /// Pictographs that are emoji.
    Emoji,
    /// Pictographs that can have a skin tone.
    ModifierBase,
    /// Signs that suppress the inherent vowel of a letter, which joins it to the next one.
    Virama,
    /// Letters of cursive scripts.
    Cursive,
}

pub(crate) fn is(class: Class, c: char) -> bool {
    !c.is_ascii() && tables::is(class, c)
}

/// Normalises to NFKC.
pub(crate) fn nfkc(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_normal) { Cow::Borrowed(text) } else { tables::nfkc(text).into() }
}

/// Normalises to NFKD.
pub(crate) fn nfkd(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { tables::nfkd(text).into() }
}

/// Converts to lower case.
pub fn lowercase(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { tables::lowercase(text) }
}

/// Converts to lower case and katakana to hiragana, so that either is found by the other.
pub fn loosely(text: &str) -> String {
    let hiragana = |c: char| match c {
        'ァ'..='ヶ' => char::from_u32(c as u32 - 0x60).unwrap_or(c),
        _ => c,
    };
    lowercase(text).chars().map(hiragana).collect()
}

/// Makes equal what full case folding does, and also dotted and dotless i. Maps to lower, upper and again lower case,
/// because only upper case maps ß to SS. `text` is one user-visible character.
pub(crate) fn fold_case(text: &str) -> String {
    tables::fold_case(text)
}

/// Returns whether `c` changes in upper or lower case.
pub(crate) fn has_case(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphabetic() } else { tables::has_case(c) }
}

/// Returns whether `c` can be part of a word: a letter, digit or mark of any script, or a character that joins them
/// (`XID_Continue` of UAX #31, which in older tables lacks the joiners and the middle dots of kana).
pub(crate) fn is_in_word(c: char) -> bool {
    match c {
        '\0'..='\u{7F}' => c.is_ascii_alphanumeric() || c == '_',
        _ => is_joiner(c) || tables::is_in_word(c),
    }
}

/// Returns whether `c` is a joiner or a middle dot, which is part of a word only between its letters.
pub(crate) const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}' | '·' | '・' | '･')
}

/// Returns whether a text is an absolute URL.
pub(crate) fn is_url(text: &str) -> bool {
    tables::is_url(text)
}

/// Returns the number of user-visible characters (extended grapheme clusters, UAX #29).
pub(crate) fn grapheme_count(text: &str) -> usize {
    if text.is_ascii() {
        return text.len() - text.matches("\r\n").count();
    }
    graphemes(text).count()
}

/// Splits a text into user-visible characters, each with its byte offset.
pub(crate) fn graphemes(text: &str) -> impl Iterator<Item = (usize, &str)> {
    pieces(text).flat_map(|(start, piece)| {
        let cuts = if is_one_char(piece) { Vec::new() } else { tables::grapheme_cuts(piece) };
        (0..=cuts.len()).map(move |i| {
            let from = if i == 0 { 0 } else { cuts[i - 1] };
            let to = cuts.get(i).copied().unwrap_or(piece.len());
            (start + from, &piece[from..to])
        })
    })
}

/// Splits a text between adjacent characters that cannot belong together. In most texts this leaves no piece that needs
/// the tables.
fn pieces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let mut before_is_alone = false;
        let cut = rest.char_indices().find(|&(_, c)| {
            let both = before_is_alone && stands_alone(c);
            before_is_alone = stands_alone(c);
            both
        });
        let piece = &rest[..cut.map_or(rest.len(), |(end, _)| end)];
        let place = start;
        start += piece.len();
        Some((place, piece))
    })
}

fn is_one_char(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some() && chars.next().is_none()
}

/// Returns whether `c` stays unchanged under NFKC next to any other such character.
const fn is_normal(c: char) -> bool {
    matches!(c,
        '\0'..='\u{7F}' | 'À'..='ÿ' | 'Ѐ'..='ҁ' | '、'..='〩' | 'ぁ'..='ゖ' | 'ァ'..='ー' | '㐀'..='䶿' | '一'..='鿿'
        | '가'..='힣' | '😀'..='🙏')
}

/// Returns whether there is always a grapheme cluster boundary between `c` and any other such character.
const fn stands_alone(c: char) -> bool {
    match c {
        '\0'..='\u{7F}' => matches!(c, '\n' | ' '..='~'),
        '！'..='～' | '｡'..='ﾝ' => true,
        _ => is_normal(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;
    use unicode_segmentation::UnicodeSegmentation;

    #[test]
    fn a_user_visible_character_counts_as_one() {
        for (text, count) in [("", 0), ("a\r\nb", 3), ("ｶﾞは\u{3099}", 2), ("👩‍👩‍👧🇯🇵👍🏽", 3), ("e\u{301}é", 2)]
        {
            assert_eq!(grapheme_count(text), count, "{text:?}");
        }
    }

    #[test]
    fn what_is_called_normal_is_normal() {
        for c in (char::MIN..=char::MAX).filter(|&c| is_normal(c)) {
            assert!(c.nfkc().eq([c]), "{c:?}");
        }
    }

    fn text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            4 => prop::char::ranges(vec![
                '\0'..='\u{4ff}', 'ᄀ'..='ᇿ', '\u{200b}'..='\u{200f}', '\u{3000}'..='\u{30ff}', '가'..='각',
                '\u{fe00}'..='\u{ffef}', '\u{1f1e6}'..='\u{1f1ff}', '\u{1f3f0}'..='\u{1f64f}',
            ].into()),
            1 => prop::sample::select(vec!['\r', '\n', '\u{200d}', '\u{3099}', '\u{ff9e}', '👩', '一', '각']),
            1 => any::<char>(),
        ];
        prop::collection::vec(piece, 0..12).prop_map(String::from_iter)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_500))]

        #[test]
        fn the_short_cuts_change_nothing(text in text()) {
            let clusters: Vec<_> = text.grapheme_indices(true).collect();
            prop_assert_eq!(grapheme_count(&text), clusters.len());
            prop_assert_eq!(graphemes(&text).collect::<Vec<_>>(), clusters);
            prop_assert_eq!(nfkc(&text), text.nfkc().collect::<String>());
        }
    }
}
