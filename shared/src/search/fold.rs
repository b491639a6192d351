//! Folds texts for comparison, with a mapping back to the original.

use std::ops::Range;

use crate::search::accent::{is_plain, without_accents};
use crate::unicode::{fold_case, graphemes, nfkc, nfkd};

/// A folded text with the origin of each part.
#[derive(Debug, Default)]
pub struct Folded {
    text: String,
    /// For each user-visible character with a non-empty fold: its byte offset here and its byte range in the original.
    origins: Vec<(usize, Range<usize>)>,
}

impl Folded {
    pub fn new(original: &str) -> Self {
        let mut folded = Self::default();
        for (start, character) in graphemes(original) {
            let place = folded.text.len();
            fold_character(character, &mut folded.text);
            if folded.text.len() > place {
                folded.origins.push((place, start..start + character.len()));
            }
        }
        folded
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the range of user-visible characters in the original that a part of the folded text came from.
    pub fn origin(&self, part: &Range<usize>) -> Range<usize> {
        let first = self.origins.partition_point(|(place, _)| *place <= part.start).saturating_sub(1);
        let after = self.origins.partition_point(|(place, _)| *place < part.end);
        match self.origins.get(first..after) {
            Some([first, .., last]) => first.1.start..last.1.end,
            Some([only]) => only.1.clone(),
            _ => 0..0,
        }
    }
}

/// Folds a text without recording origins.
pub fn fold(original: &str) -> String {
    let mut folded = String::with_capacity(original.len());
    for (_, character) in graphemes(original) {
        fold_character(character, &mut folded);
    }
    folded
}

/// Applies NFKC, case folding, accent removal and NFKC again. White space collapses to one space, invisible characters
/// are dropped.
fn fold_character(character: &str, folded: &mut String) {
    if let [byte] = character.as_bytes() {
        return push(byte.to_ascii_lowercase() as char, folded);
    }
    let wide = nfkc(character);
    if wide.chars().all(is_plain) {
        return wide.chars().for_each(|c| push(c, folded));
    }
    nfkc(&without_accents(&nfkd(&fold_case(&wide)))).chars().for_each(|c| push(c, folded));
}

fn push(c: char, folded: &mut String) {
    match c {
        _ if c.is_whitespace() || c.is_control() => {
            if !folded.ends_with(' ') {
                folded.push(' ');
            }
        }
        _ if is_dropped(c) => {}
        // Unifies signs that vary with keyboard and system.
        '‘' | '’' => folded.push('\''),
        '〜' => folded.push('~'),
        // Latin letters with strokes and ligatures, which normal forms do not decompose.
        'ø' => folded.push('o'),
        'ł' => folded.push('l'),
        'đ' => folded.push('d'),
        'ħ' => folded.push('h'),
        'ŧ' => folded.push('t'),
        'æ' => folded.push_str("ae"),
        'œ' => folded.push_str("oe"),
        _ => folded.push(c),
    }
}

/// Returns whether `c` is invisible and dropped.
pub const fn is_dropped(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All characters except ideographs, Hangul and unused ranges.
    fn characters() -> impl Iterator<Item = char> {
        ('\0'..='\u{33FF}')
            .chain('\u{A000}'..='\u{ABFF}')
            .chain('\u{F900}'..='\u{11FFF}')
            .chain('\u{16A00}'..='\u{16FFF}')
            .chain('\u{1D000}'..='\u{1FAFF}')
    }

    #[test]
    fn a_character_in_any_case_is_the_same() {
        for c in characters() {
            let (upper, lower) = (c.to_uppercase().to_string(), c.to_lowercase().to_string());
            assert_eq!(
                (fold(&upper), fold(&lower)),
                (fold(&c.to_string()), fold(&c.to_string())),
                "{c} U+{:04X}",
                c as u32
            );
        }
    }

    #[test]
    fn what_is_folded_stays_as_it_is() {
        for c in characters() {
            let folded = fold(&c.to_string());
            assert_eq!(fold(&folded), folded, "{c} U+{:04X}", c as u32);
        }
    }

    #[test]
    fn what_is_called_plain_is_plain() {
        for c in characters().filter(|&c| is_plain(c) && nfkc(&c.to_string()) == c.to_string()) {
            let kept = nfkc(&without_accents(&nfkd(&fold_case(&c.to_string())))).into_owned();
            assert_eq!(kept, c.to_string(), "U+{:04X}", c as u32);
        }
    }
}
