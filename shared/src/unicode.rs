//! What needs the tables of Unicode: normal forms, user-visible characters and classes. Native programs carry the tables, the
//! browser has its own, so that nobody downloads them.

use std::borrow::Cow;

pub(crate) mod joiner;
pub(crate) mod visible;
pub(crate) mod word;

#[cfg(target_arch = "wasm32")]
#[path = "unicode/browser.rs"]
mod tables;
#[cfg(not(target_arch = "wasm32"))]
#[path = "unicode/native.rs"]
mod tables;

/// Classes of characters that the standard library does not know.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Class {
    /// What belongs to the character before it: marks, joiners, skin tones, signs of format.
    Extend,
    /// Pictographs, of which emoji are made, and others that may become some.
    Pictograph,
    /// Pictographs that are emoji.
    Emoji,
    /// Pictographs that can have a skin tone.
    ModifierBase,
    /// Signs that take the vowel from a letter, which joins it to the next one.
    Virama,
    /// Letters of scripts that join them.
    Cursive,
}

/// Whether a character is of a class.
pub(crate) fn is(class: Class, c: char) -> bool {
    !c.is_ascii() && tables::is(class, c)
}

/// The normal form NFKC.
pub(crate) fn nfkc(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_normal) { Cow::Borrowed(text) } else { tables::nfkc(text).into() }
}

/// The normal form NFKD.
pub(crate) fn nfkd(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { tables::nfkd(text).into() }
}

/// A text in lower case.
pub fn lowercase(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { tables::lowercase(text) }
}

/// What full case folding makes equal, and the two letters i: there and back, because only upper case knows that ß is SS.
/// `text` is one user-visible character.
pub(crate) fn fold_case(text: &str) -> String {
    tables::fold_case(text)
}

/// Whether there is another letter in upper or lower case.
pub(crate) fn has_case(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphabetic() } else { tables::has_case(c) }
}

/// Whether a character is part of words: a letter, digit or mark of whatever script, or what joins them (`XID_Continue` of
/// UAX #31, to which older tables do not count joiners and the middle dots of kana).
pub(crate) fn is_in_word(c: char) -> bool {
    match c {
        '\0'..='\u{7F}' => c.is_ascii_alphanumeric() || c == '_',
        _ => is_joiner(c) || tables::is_in_word(c),
    }
}

/// Joiners and middle dots: part of a word only between its letters.
pub(crate) const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}' | '·' | '・' | '･')
}

/// Whether a text is an absolute URL.
pub(crate) fn is_url(text: &str) -> bool {
    tables::is_url(text)
}

/// How many user-visible characters (extended grapheme clusters, UAX #29) a text has.
pub(crate) fn grapheme_count(text: &str) -> usize {
    if text.is_ascii() {
        return text.len() - text.matches("\r\n").count();
    }
    graphemes(text).count()
}

/// The user-visible characters of a text, each with its place in bytes.
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

/// Cuts a text between each two characters that cannot belong together. Of most texts nothing is left for the tables.
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

/// Characters that are in NFKC whatever of their kind stands beside them.
const fn is_normal(c: char) -> bool {
    matches!(c,
        '\0'..='\u{7F}' | 'À'..='ÿ' | 'Ѐ'..='ҁ' | '、'..='〩' | 'ぁ'..='ゖ' | 'ァ'..='ー' | '㐀'..='䶿' | '一'..='鿿'
        | '가'..='힣' | '😀'..='🙏')
}

/// Characters between which there is always a boundary of user-visible characters.
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
