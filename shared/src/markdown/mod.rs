//! The formatting of messages: a subset of `CommonMark` 0.31 with strikethrough (GFM) and spoilers.
//!
//! Bold, italic, ~~strikethrough~~, `||spoilers||`, code, links with text, headings, quotes, lists and fenced code. The
//! text that is stored and sent stays as it was written; this only says how to show it. Where people who chat expect
//! something else than `CommonMark`, it differs:
//!
//! - Line breaks and blank lines are kept, and so are the numbers of lists.
//! - A quote or list ends with the first line that lacks its sign or indent, so that an answer can follow at once. A quote
//!   needs a space after `>`. A single item without text is no list.
//! - Signs beside Chinese, Japanese or Korean characters need no space (`これは**「重要」**です`).
//! - `*` beside a digit may be arithmetic or a footnote, `^_^` and `(*^^*)` are faces. A backslash only escapes what would
//!   be a sign there: paths and regular expressions keep theirs.
//! - Fenced code may begin and end on lines with text; its fence is of backticks, and what follows it in the first line is
//!   a language only if it is one word.
//! - The target of a link is what [`crate::link`] takes for one, so that it is always http, https or mailto; a text that
//!   looks like another address is none.
//! - No HTML, entities, images, tables, rules, indented code, reference links or underlined headings.
//!
//! Takes time linear in the text, whatever it contains.

mod block;
mod emphasis;
mod inline;
mod plain;

use std::ops::Range;

pub use plain::Plain;

/// Maximum number of elements around a text; deeper signs are text.
pub const DEPTH: usize = 16;

/// A formatted text as a flattened tree: what an element contains stands between its `Open` and its `Close`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Open(Element),
    Close,
    /// A part of the source, in bytes. Together these are the source without its signs, in order.
    Text(Range<usize>),
}

/// How a part of a text is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Element {
    Strong,
    Emphasis,
    Strike,
    /// Hidden until the reader wants to see it.
    Spoiler,
    Code,
    /// A link to this http, https or mailto URL.
    Link(String),
    Heading,
    Quote,
    /// A list, numbered or not.
    List {
        numbered: bool,
    },
    /// An item of a list, with its number as written.
    Item(Option<u32>),
    /// Lines of code, with the range of the language's name, which may be empty.
    CodeBlock(Range<usize>),
}

impl Element {
    /// Returns whether this begins on a line of its own.
    pub const fn is_block(&self) -> bool {
        matches!(self, Self::Heading | Self::Quote | Self::List { .. } | Self::Item(_) | Self::CodeBlock(_))
    }

    /// Returns whether this is code, in which nothing else is formatted, linked or mentioned.
    pub const fn is_code(&self) -> bool {
        matches!(self, Self::Code | Self::CodeBlock(_))
    }
}

/// Parses a text.
pub fn parse(text: &str) -> Vec<Part> {
    block::parse(text)
}

/// Returns the ranges of a text that are code, in order.
pub fn code(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if text.contains('`') {
        let mut is_code = false;
        for part in parse(text) {
            match part {
                Part::Open(element) => is_code = element.is_code(),
                // No element is inside of code.
                Part::Close => is_code = false,
                Part::Text(range) if is_code => found.push(range),
                Part::Text(_) => {}
            }
        }
    }
    found
}

#[cfg(test)]
mod against_pulldown;
#[cfg(test)]
mod tests;
