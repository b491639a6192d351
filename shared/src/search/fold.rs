//! Texts in the form in which they are compared, with the way back to the original.

use std::ops::Range;

use crate::unicode::{graphemes, nfkc};

/// A folded text that knows where each part came from.
#[derive(Debug, Default)]
pub struct Folded {
    text: String,
    /// For each user-visible character that left something: its place here and in the original.
    origins: Vec<(usize, Range<usize>)>,
}

impl Folded {
    /// Folds a text.
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

    /// The folded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The user-visible characters of the original that a part of the folded text came from.
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

/// Only the folded text.
pub fn fold(original: &str) -> String {
    let mut folded = String::with_capacity(original.len());
    for (_, character) in graphemes(original) {
        fold_character(character, &mut folded);
    }
    folded
}

/// NFKC, lower case, NFKC; white space becomes one space, what nobody sees nothing.
fn fold_character(character: &str, folded: &mut String) {
    if let [byte] = character.as_bytes() {
        return push(byte.to_ascii_lowercase() as char, folded);
    }
    let wide = nfkc(character);
    if wide.chars().all(|c| c.to_lowercase().eq([c])) {
        wide.chars().for_each(|c| push(c, folded));
    } else {
        let lower: String = wide.chars().flat_map(char::to_lowercase).collect();
        nfkc(&lower).chars().for_each(|c| push(c, folded));
    }
}

fn push(c: char, folded: &mut String) {
    match c {
        _ if c.is_whitespace() || c.is_control() => {
            if !folded.ends_with(' ') {
                folded.push(' ');
            }
        }
        _ if is_dropped(c) => {}
        // One sign for what keyboards, systems and the position in the word choose.
        '‘' | '’' => folded.push('\''),
        '〜' => folded.push('~'),
        'ς' => folded.push('σ'),
        _ => folded.push(c),
    }
}

/// Characters that nobody sees.
const fn is_dropped(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{E0000}'..='\u{E0FFF}')
}
