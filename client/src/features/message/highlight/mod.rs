//! The colours of code: what is a comment, a string or a keyword in it.
//!
//! Each language is a row of a table, and one lexer reads all of them but diffs. It knows signs and words, not grammar:
//! what these do not tell stays plain. It takes time linear in the code, whatever that contains.

mod diff;
mod languages;
mod lexer;
mod markup;
mod string;
mod syntax;
pub mod view;
mod word;

use std::ops::Range;

use syntax::Family;

/// What a part of code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Comment,
    String,
    Number,
    Keyword,
    Type,
    /// What is called or defined, and the commands of a shell.
    Function,
    /// A key, an attribute, a property, a lifetime, a variable with a sign before it.
    Name,
    /// A line that a diff adds.
    Inserted,
    /// A line that a diff removes.
    Deleted,
}

type Token = (Range<usize>, Kind);

/// Returns what is not plain in code, in order; the ranges are in bytes and do not overlap.
///
/// The language is what follows the fence; code in an unknown one is plain.
fn tokens(code: &str, language: &str) -> Vec<(Range<usize>, Kind)> {
    match languages::named(language) {
        Some(language) if language.family == Family::Diff => diff::lex(code),
        Some(language) => lexer::lex(code, language),
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
