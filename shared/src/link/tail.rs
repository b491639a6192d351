//! The part of a URL after the authority: path, query and fragment.

use crate::unicode::{is_in_word, is_joiner};

const OPEN: [char; 3] = ['(', '[', '{'];
const CLOSE: [char; 3] = [')', ']', '}'];

/// Returns the length of the tail that a text begins with. `before` is the character before the URL: an apostrophe there
/// ends it, and signs of emphasis there do not belong to its end.
pub fn length(text: &str, before: Option<char>) -> usize {
    if !text.starts_with(['/', '?', '#']) {
        return 0;
    }
    let mut open = [0_u32; OPEN.len()];
    let end = text.find(|c: char| {
        if let Some(kind) = OPEN.iter().position(|&sign| sign == c) {
            open[kind] += 1;
        } else if let Some(kind) = CLOSE.iter().position(|&sign| sign == c) {
            // A bracket that was not opened inside the URL belongs to the sentence.
            match open[kind].checked_sub(1) {
                Some(left) => open[kind] = left,
                None => return true,
            }
        }
        ends(c) || c == '\'' && before == Some(c)
    });
    let emphasis = before.filter(|sign| matches!(sign, '_' | '~'));
    text[..end.unwrap_or(text.len())].trim_end_matches(|c| ends_sentence(c) || Some(c) == emphasis).len()
}

fn ends(c: char) -> bool {
    match c {
        '\0'..=' ' | '"' | '<' | '>' | '\\' | '`' | '|' | '\u{7F}' => true,
        '!'..='~' => false,
        _ => !is_in_word(c),
    }
}

/// Characters that may occur inside a tail but not at its end.
fn ends_sentence(c: char) -> bool {
    match c {
        '\0'..='\u{7F}' => matches!(c, '.' | ',' | ':' | ';' | '!' | '?' | '\'' | '*' | '(' | '[' | '{'),
        _ => is_joiner(c),
    }
}
