//! The tokenizer for indexed texts and for queries.

use std::borrow::Cow;

use crate::link::{Link, links};
use crate::markdown::{self, Plain};
use crate::room::RoomKind;
use crate::search::fold::fold;
use crate::search::script::Kind;
use crate::text::UserName;

/// Maximum length of a term in bytes; longer words are truncated.
const TERM_BYTES: usize = 64;

// Filter terms begin with a private-use character, which is a gap in texts and therefore in no other term.
const AUTHOR: char = '\u{E000}';
const ROOM: char = '\u{E001}';
const LINK: char = '\u{E002}';
const FILE: char = '\u{E003}';
const PRIVATE: char = '\u{E004}';
/// Offset that maps ASCII punctuation to private-use characters, so that a name is one term.
const SIGN: u32 = 0xE100;

/// A term that every match has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// Contains no white space, no ASCII punctuation except `_` and no upper case.
    pub text: String,
    /// Whether this is only the beginning of a term.
    pub is_prefix: bool,
}

impl Term {
    pub(super) fn whole(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_prefix: false }
    }
}

/// Returns what is searched in a message: its text as people read it, and if that is another, as it was written.
pub(super) fn readings(content: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let plain = Plain::new(content).into_text();
    let is_formatted = plain != content;
    [Some(Cow::Owned(plain)), is_formatted.then_some(Cow::Borrowed(content))].into_iter().flatten()
}

/// Returns the distinct terms of a message separated by spaces: its document in the index. `room` is any number that
/// identifies the room.
pub fn document_terms(author: &UserName, room: u64, kind: RoomKind, content: &str, has_file: bool) -> String {
    let folded: Vec<String> = readings(content).map(|text| fold(&text)).collect();
    let filters = [
        Some(author_term(author)),
        Some(room_term(room)),
        (kind != RoomKind::Public).then(private_term),
        has_link(content).then(link_term),
        has_file.then(file_term),
    ];
    let mut terms: Vec<&str> = filters.iter().flatten().map(String::as_str).collect();
    for (kind, run) in folded.iter().flat_map(|text| runs(text)) {
        if kind == Kind::Word {
            terms.push(cut(run));
        } else {
            terms.extend(windows::<1>(run).chain(windows::<2>(run)));
        }
    }
    terms.sort_unstable();
    terms.dedup();
    terms.join(" ")
}

/// Returns the terms of every text that contains `part`. With `is_prefix` the last word of `part` may be longer in the
/// text.
pub fn part_terms(part: &str, is_prefix: bool) -> Vec<Term> {
    let mut terms = Vec::new();
    for (kind, run) in runs(part) {
        if kind == Kind::Word {
            terms.push(Term::whole(cut(run)));
        } else if run.chars().nth(1).is_none() {
            terms.push(Term::whole(run));
        } else {
            terms.extend(windows::<2>(run).map(Term::whole));
        }
    }
    if let Some(last) = terms.last_mut() {
        last.is_prefix = is_prefix;
    }
    terms
}

/// Splits a folded text into maximal runs of one kind, without the gaps.
fn runs(folded: &str) -> impl Iterator<Item = (Kind, &str)> {
    let mut rest = folded;
    std::iter::from_fn(move || {
        loop {
            let kind = Kind::of(rest.chars().next()?);
            let end = rest.find(|c| Kind::of(c) != kind).unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            rest = after;
            if kind != Kind::Gap {
                return Some((kind, run));
            }
        }
    })
}

/// Returns the n-grams of a run, with `N` characters each.
fn windows<const N: usize>(run: &str) -> impl Iterator<Item = &str> {
    let ends = run.char_indices().map(|(start, c)| start + c.len_utf8()).skip(N - 1);
    run.char_indices().zip(ends).map(|((start, _), end)| &run[start..end])
}

fn cut(word: &str) -> &str {
    &word[..word.floor_char_boundary(TERM_BYTES)]
}

/// The term of all messages of an author.
pub fn author_term(author: &UserName) -> String {
    let name = fold(author.as_str());
    let signs = name.chars().map(|c| match c {
        '\0'..='\u{7F}' if Kind::of(c) == Kind::Gap => char::from_u32(SIGN + c as u32).unwrap_or(c),
        _ => c,
    });
    std::iter::once(AUTHOR).chain(signs).collect()
}

/// The term of all messages of a room.
pub fn room_term(room: u64) -> String {
    format!("{ROOM}{room}")
}

/// The term of all messages of private rooms.
pub fn private_term() -> String {
    PRIVATE.into()
}

/// The term of messages with a link.
pub fn link_term() -> String {
    LINK.into()
}

/// The term of messages with a file.
pub fn file_term() -> String {
    FILE.into()
}

/// Returns whether a text contains a link to a web page, outside of code.
pub fn has_link(content: &str) -> bool {
    let mut links = links(content).filter(Link::is_web).peekable();
    links.peek().is_some() && {
        let code = markdown::code(content);
        links.any(|link| !code.iter().any(|code| code.contains(&link.range.start)))
    }
}
