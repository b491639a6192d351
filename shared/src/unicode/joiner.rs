//! Checks that joiners (U+200C, U+200D) stand only where they change the rendering because a script or an emoji needs
//! them. Anywhere else they are invisible.

use super::word::extends;
use super::{Class, is};

/// ZERO WIDTH NON-JOINER: separates letters that would be joined.
const NON_JOINER: char = '\u{200C}';
/// ZERO WIDTH JOINER: joins characters that would be separate.
const JOINER: char = '\u{200D}';

pub(crate) const fn is_joiner(c: char) -> bool {
    matches!(c, NON_JOINER | JOINER)
}

/// Returns the first joiner that is not needed in its position.
pub(crate) fn misplaced(text: &str) -> Option<char> {
    let joiners = text.char_indices().filter(|(_, c)| is_joiner(*c));
    joiners
        .into_iter()
        .find(|(at, c)| !is_needed(&text[..*at], *c, &text[at + c.len_utf8()..]))
        .map(|(_, c)| c)
}

fn is_needed(before: &str, joiner: char, after: &str) -> bool {
    let Some(last) = before.chars().next_back() else { return false };
    let next = after.chars().next();
    if is_joiner(last) || next.is_some_and(is_joiner) {
        return false;
    }
    // Consonant forms of Indic scripts: after the virama, or between a letter and its virama.
    let virama = |c: char| is(Class::Virama, c);
    if virama(last) || next.is_some_and(virama) && last.is_alphabetic() {
        return true;
    }
    let base = before.chars().rev().find(|&c| !extends(c));
    let both = |class: Class| base.is_some_and(|c| is(class, c)) && next.is_some_and(|c| is(class, c));
    match joiner {
        JOINER => both(Class::Pictograph),
        // Persian and related orthographies write parts of one word unjoined.
        _ => both(Class::Cursive),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joiners_stand_where_a_script_or_an_emoji_needs_them() {
        for good in [
            "می\u{200C}خواهم",
            "نامه\u{200C}ای",
            "ශ්\u{200D}රී",
            "क्\u{200D}ष",
            "क्\u{200C}ष",
            "র\u{200D}্য",
            "ന്\u{200D}",
            "👩\u{200D}🚀",
            "👩🏽\u{200D}🚀",
            "👨\u{200D}👩\u{200D}👧",
            "no joiner",
            "مُ\u{200C}خ",
        ] {
            assert_eq!(misplaced(good), None, "{good}");
        }
        for bad in [
            "a\u{200D}b",
            "bob\u{200C}",
            "\u{200D}bob",
            "花\u{200D}子",
            "👩\u{200D}",
            "👩\u{200D}a",
            "a\u{200D}👩",
            "👩\u{200C}🚀",
            "می\u{200D}خ",
            "می\u{200C}\u{200C}خ",
            "می\u{200C}",
            "م\u{200C}a",
            "1\u{200D}1",
            "క\u{200D}క",
            "\u{200D}",
            "한\u{200C}글",
            "مه\u{200C} م",
        ] {
            assert!(misplaced(bad).is_some(), "{bad:?}");
        }
    }
}
