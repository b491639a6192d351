//! Diffs, line by line.

use super::{Kind, Token};

pub(super) fn lex(code: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    for line in code.split('\n') {
        let end = at + line.len();
        let next = code.get(end + 1..).unwrap_or_default();
        // A removed `-- comment` looks like the name of a file.
        let is_old_file = line.starts_with("--- ") && next.starts_with("+++ ");
        let is_file = is_old_file || ["+++ ", "diff ", "index "].iter().any(|sign| line.starts_with(sign));
        let kind = match line.as_bytes().first() {
            _ if is_file => Some(Kind::Name),
            Some(b'+' | b'>') => Some(Kind::Inserted),
            Some(b'-' | b'<') => Some(Kind::Deleted),
            Some(b'@') => Some(Kind::Keyword),
            _ => None,
        };
        tokens.extend(kind.map(|kind| (at..end, kind)));
        at = end + 1;
    }
    tokens
}
