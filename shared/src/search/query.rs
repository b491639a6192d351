//! Search queries.

use std::ops::Range;

use crate::failure::Failure;
use crate::limits::{SEARCH_CHARS, SEARCH_STARS, SEARCH_WORDS};
use crate::markdown::Plain;
use crate::search::filter::{Filter, Name, refused};
use crate::search::fold::{Folded, fold};
use crate::search::needle::Needle;
use crate::search::terms::{Term, author_term, file_term, link_term, readings, room_term};

/// Words, phrases and filters, combined with AND.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    needles: Vec<Needle>,
    /// Words and phrases that must not occur.
    excluded: Vec<Needle>,
    filter: Filter,
}

impl Query {
    /// Parses the typed text: words separated by spaces, `word*`, `"a phrase"`, `from:NAME`, `in:ROOM`, `before:DAY`,
    /// `after:DAY`, `has:link`, `has:file`, `has:reaction`. A minus before any of them except the days excludes it.
    ///
    /// # Errors
    /// If the query is too long, has nothing to look for, or has a filter with an invalid value.
    pub fn parse(raw: &str) -> Result<Self, Failure> {
        if raw.chars().count() > SEARCH_CHARS {
            return Err(refused(&format!("is longer than {SEARCH_CHARS} characters")));
        }
        let mut query = Self::default();
        let mut rest = raw.trim_start();
        while !rest.is_empty() {
            rest = query.add_first(rest)?.trim_start();
        }
        if query.all_needles().count() > SEARCH_WORDS {
            return Err(refused(&format!("has more than {SEARCH_WORDS} words")));
        }
        if query.all_needles().filter(|needle| needle.is_prefix()).count() > SEARCH_STARS {
            return Err(refused(&format!("has more than {SEARCH_STARS} words with a star")));
        }
        if query.all_needles().next().is_none() && query.filter == Filter::default() {
            return Err(refused("has nothing to look for"));
        }
        Ok(query)
    }

    fn all_needles(&self) -> impl Iterator<Item = &Needle> {
        self.needles.iter().chain(&self.excluded)
    }

    /// Parses the first word, phrase or filter of a text and returns the rest.
    fn add_first<'a>(&mut self, text: &'a str) -> Result<&'a str, Failure> {
        // A double minus is part of the word, as in `--help`.
        let behind_minus = text.strip_prefix(is_minus).filter(|rest| !rest.starts_with(is_minus));
        let (is_excluded, text) = (behind_minus.is_some(), behind_minus.unwrap_or(text));
        let name_end = text.find(|c: char| is_colon(c) || is_quote(c) || c.is_whitespace());
        let (head, tail) = text.split_at(name_end.unwrap_or(text.len()));
        if let Some(value) = tail.strip_prefix(is_colon)
            && let Some(name) = Name::parse(head)
        {
            let (value, _, rest) = first_value(value);
            if is_excluded {
                self.filter.exclude(name, value)?;
            } else {
                self.filter.add(name, value)?;
            }
            return Ok(rest);
        }
        let (value, is_quoted, rest) = first_value(text);
        let needle = if is_quoted {
            Needle::phrase(value)
        } else {
            Needle::word(value)
                .map_err(|_| refused(&format!("{value:?} needs two characters before the star")))?
        };
        if is_excluded {
            self.excluded.extend(needle);
        } else {
            self.needles.extend(needle);
        }
        Ok(rest)
    }

    /// The conditions that do not concern the words of the text.
    pub const fn filter(&self) -> &Filter {
        &self.filter
    }

    /// The terms for the index: every matching message has all of them. `room` is the number of the room that the
    /// filter names, as passed to [`super::document_terms`].
    pub fn terms(&self, room: Option<u64>) -> Vec<Term> {
        let mut terms: Vec<Term> = self.needles.iter().flat_map(Needle::terms).collect();
        terms.extend(self.filter.author.as_ref().map(author_term).map(Term::whole));
        terms.extend(room.map(room_term).map(Term::whole));
        terms.extend(self.filter.has_link.then(link_term).map(Term::whole));
        terms.extend(self.filter.has_file.then(file_term).map(Term::whole));
        terms.sort_unstable();
        terms.dedup();
        terms
    }

    /// Returns whether a text contains all words and phrases, a link if one is required, and nothing that is excluded.
    /// A message is found if this and [`Filter::admits`] hold.
    pub fn matches(&self, text: &str) -> bool {
        let Filter { has_link, no_link, .. } = self.filter;
        if has_link && !super::has_link(text) || no_link && super::has_link(text) {
            return false;
        }
        if self.all_needles().next().is_none() {
            return true;
        }
        let folded: Vec<String> = readings(text).map(|text| fold(&text)).collect();
        let is_there = |needle: &Needle| folded.iter().any(|text| needle.places(text).next().is_some());
        self.needles.iter().all(is_there) && !self.excluded.iter().any(is_there)
    }

    /// Returns the byte ranges in which words and phrases occur in a text, sorted and not touching each other.
    pub fn highlights(&self, text: &str) -> Vec<Range<usize>> {
        let plain = Plain::new(text);
        let mut found = self.places(plain.text());
        if plain.text() != text {
            found = found.iter().map(|place| plain.origin(place)).collect();
            found.extend(self.places(text));
        }
        found.sort_unstable_by_key(|range| range.start);
        found.dedup_by(|next, before| {
            let touches = next.start <= before.end;
            if touches {
                before.end = before.end.max(next.end);
            }
            touches
        });
        found
    }

    /// Returns where words and phrases occur in a text.
    fn places(&self, text: &str) -> Vec<Range<usize>> {
        let folded = Folded::new(text);
        let places = self.needles.iter().flat_map(|needle| needle.places(folded.text()));
        places.map(|place| folded.origin(&place)).collect()
    }
}

/// Returns a quoted text or everything up to white space; whether it was quoted; and the rest.
fn first_value(text: &str) -> (&str, bool, &str) {
    if let Some(quoted) = text.strip_prefix(is_quote) {
        let (value, rest) = quoted.split_once(is_quote).unwrap_or((quoted, ""));
        return (value, true, rest);
    }
    let (value, rest) = text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()));
    (value, false, rest)
}

const fn is_minus(c: char) -> bool {
    matches!(c, '-' | '－' | '−')
}

const fn is_colon(c: char) -> bool {
    matches!(c, ':' | '：')
}

const fn is_quote(c: char) -> bool {
    matches!(c, '"' | '＂' | '“' | '”' | '„')
}
