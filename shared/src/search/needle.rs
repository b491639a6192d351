//! A word or phrase of a query.

use std::ops::Range;

use crate::search::fold::fold;
use crate::search::script::Kind;
use crate::search::terms::{Term, part_terms};

/// Maximum number of terms per needle in an index query; checking the text covers the rest.
const MOST_TERMS: usize = 32;

/// A folded text to search for. A word at its start or end matches whole words only, except for a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needle {
    text: String,
    is_prefix: bool,
}

/// `word*` with fewer than two characters before the star.
#[derive(Debug)]
pub struct TooShort;

impl Needle {
    /// Creates a phrase; `None` if it has no letter, digit or pictograph.
    pub fn phrase(raw: &str) -> Option<Self> {
        Self::new(fold(raw).trim(), false)
    }

    /// Creates a word, or a prefix if it ends with a star.
    pub fn word(raw: &str) -> Result<Option<Self>, TooShort> {
        let folded = fold(raw);
        let stem = folded.trim_end_matches('*');
        let is_prefix = stem.len() < folded.len() && stem.ends_with(is_word);
        if is_prefix && stem.chars().rev().take_while(|&c| is_word(c)).count() < 2 {
            return Err(TooShort);
        }
        Ok(Self::new(stem.trim(), is_prefix))
    }

    fn new(folded: &str, is_prefix: bool) -> Option<Self> {
        let needle = Self { text: folded.to_owned(), is_prefix };
        (!needle.terms().is_empty()).then_some(needle)
    }

    /// Returns whether this is only the beginning of a word.
    pub const fn is_prefix(&self) -> bool {
        self.is_prefix
    }

    /// Returns the index terms of every text that contains the needle.
    pub fn terms(&self) -> Vec<Term> {
        let mut terms = part_terms(&self.text, self.is_prefix);
        terms.truncate(MOST_TERMS);
        terms
    }

    /// Finds the occurrences in a folded text.
    pub fn places<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        let (begins_word, ends_word) = (self.text.starts_with(is_word), self.text.ends_with(is_word));
        let mut from = 0;
        std::iter::from_fn(move || {
            loop {
                let start = from + text.get(from..)?.find(&self.text)?;
                let end = start + self.text.len();
                let is_cut = begins_word && text[..start].ends_with(is_word)
                    || ends_word && !self.is_prefix && text[end..].starts_with(is_word);
                if !is_cut {
                    from = if self.is_prefix { end + word_end(&text[end..]) } else { end };
                    return Some(start..from);
                }
                // No match begins inside a word: skip all of it, so that a long one is not scanned repeatedly.
                let skipped = if begins_word { word_end(&text[start..]) } else { 1 };
                from = text.ceil_char_boundary(start + skipped);
            }
        })
    }
}

/// Returns the end of the word that a text begins with.
fn word_end(text: &str) -> usize {
    text.find(|c| !is_word(c)).unwrap_or(text.len())
}

fn is_word(c: char) -> bool {
    Kind::of(c) == Kind::Word
}
