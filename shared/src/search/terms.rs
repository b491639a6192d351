//! What texts are cut into for the index, and queries in the same way.

use crate::link::links;
use crate::search::fold::fold;
use crate::search::script::Kind;
use crate::text::UserName;

/// Longer words are cut to it, in bytes.
const TERM_BYTES: usize = 64;

// The terms of the filters begin with a character of private use: in texts that is a gap and in no term.
const AUTHOR: char = '\u{E000}';
const ROOM: char = '\u{E001}';
const LINK: char = '\u{E002}';
const FILE: char = '\u{E003}';
/// Stands before the place of a sign of ASCII, so that a name is one term.
const SIGN: u32 = 0xE100;

/// A term that what is looked for has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// The term; no white space, no sign of ASCII but `_`, no upper case.
    pub text: String,
    /// Whether it is only the beginning of a term.
    pub is_prefix: bool,
}

impl Term {
    pub(super) fn whole(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_prefix: false }
    }
}

/// All terms of a message, each once, with a space between them: the document that is indexed for it. `room` is any
/// number that stands for the room.
pub fn document_terms(author: &UserName, room: u64, content: &str, has_file: bool) -> String {
    let folded = fold(content);
    let filters = [
        Some(author_term(author)),
        Some(room_term(room)),
        has_link(content).then(link_term),
        has_file.then(file_term),
    ];
    let mut terms: Vec<&str> = filters.iter().flatten().map(String::as_str).collect();
    for (kind, run) in runs(&folded) {
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

/// The terms that a text has wherever it has `part`. `is_prefix`: the word at the end of `part` may be longer there.
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

/// The longest pieces of one kind, without the gaps.
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

/// Each `N` characters that stand side by side.
fn windows<const N: usize>(run: &str) -> impl Iterator<Item = &str> {
    let ends = run.char_indices().map(|(start, c)| start + c.len_utf8()).skip(N - 1);
    run.char_indices().zip(ends).map(|((start, _), end)| &run[start..end])
}

fn cut(word: &str) -> &str {
    &word[..word.floor_char_boundary(TERM_BYTES)]
}

/// What every message of an author has.
pub fn author_term(author: &UserName) -> String {
    let name = fold(author.as_str());
    let signs = name.chars().map(|c| match c {
        '\0'..='\u{7F}' if Kind::of(c) == Kind::Gap => char::from_u32(SIGN + c as u32).unwrap_or(c),
        _ => c,
    });
    std::iter::once(AUTHOR).chain(signs).collect()
}

/// What every message of a room has.
pub fn room_term(room: u64) -> String {
    format!("{ROOM}{room}")
}

/// What messages with a link have.
pub fn link_term() -> String {
    LINK.into()
}

/// What messages with a file have.
pub fn file_term() -> String {
    FILE.into()
}

/// Whether a text links to a page of the web.
pub fn has_link(content: &str) -> bool {
    links(content).any(|link| link.is_web())
}
