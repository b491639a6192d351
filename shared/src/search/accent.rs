//! Accents of Latin, Greek and Cyrillic letters, which search ignores. Marks of other scripts count: は is not ば.

use crate::search::fold::is_dropped;
use crate::unicode::{Class, has_case, is};

/// Removes the accents from a text in NFKD.
pub fn without_accents(decomposed: &str) -> String {
    let mut on_letter = false;
    let is_kept = |&c: &char| {
        let is_accent = on_letter && is_accent(c);
        // There may be another mark between the letter and its accent.
        if !is_accent && !is_dropped(c) && !is(Class::Extend, c) {
            on_letter = bears_accents(c);
        }
        !is_accent
    };
    decomposed.chars().filter(is_kept).collect()
}

/// Returns whether a character in NFKC has no case, accents or parts to fold. True for most characters of most texts.
pub fn is_plain(c: char) -> bool {
    match c {
        '\u{3000}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' | '\u{1F000}'..='\u{1FAFF}' => true,
        _ => !is_accent(c) && !bears_accents(c) && !has_case(c),
    }
}

/// Blocks of combining marks that scripts share, and those of Cyrillic.
const fn is_accent(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{2DE0}'..='\u{2DFF}' | '\u{A66F}'..='\u{A672}' | '\u{A674}'..='\u{A67D}'
        | '\u{A69E}'..='\u{A69F}' | '\u{FE20}'..='\u{FE2F}')
}

/// Letters of Latin, Greek and Cyrillic, by blocks.
fn bears_accents(c: char) -> bool {
    let is_in_blocks = matches!(c,
        'A'..='Z' | 'a'..='z' | '\u{AA}'..='\u{2FF}' | '\u{370}'..='\u{52F}' | '\u{1C80}'..='\u{1C8F}'
        | '\u{1D00}'..='\u{1DBF}' | '\u{1E00}'..='\u{1FFF}' | '\u{2C60}'..='\u{2C7F}' | '\u{A640}'..='\u{A69D}'
        | '\u{A720}'..='\u{A7FF}' | '\u{AB30}'..='\u{AB6F}');
    is_in_blocks && c.is_alphabetic() && !is_accent(c)
}
