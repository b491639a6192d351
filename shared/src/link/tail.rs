//! What follows the authority of a URL: path, query and fragment.

use crate::unicode::{is_in_word, is_joiner};

const OPEN: [char; 3] = ['(', '[', '{'];
const CLOSE: [char; 3] = [')', ']', '}'];

/// The length of the tail that a text begins with. `is_quoted`: an apostrophe stands before the URL and ends it.
pub fn length(text: &str, is_quoted: bool) -> usize {
    if !text.starts_with(['/', '?', '#']) {
        return 0;
    }
    let mut open = [0_u32; OPEN.len()];
    let end = text.find(|c: char| {
        if let Some(kind) = OPEN.iter().position(|&sign| sign == c) {
            open[kind] += 1;
        } else if let Some(kind) = CLOSE.iter().position(|&sign| sign == c) {
            // One that was not opened inside belongs to the sentence.
            match open[kind].checked_sub(1) {
                Some(left) => open[kind] = left,
                None => return true,
            }
        }
        ends(c) || is_quoted && c == '\''
    });
    text[..end.unwrap_or(text.len())].trim_end_matches(ends_sentence).len()
}

fn ends(c: char) -> bool {
    match c {
        '\0'..=' ' | '"' | '<' | '>' | '\\' | '`' | '|' | '\u{7F}' => true,
        '!'..='~' => false,
        _ => !is_in_word(c),
    }
}

/// Signs that may be inside of a tail and not at its end.
fn ends_sentence(c: char) -> bool {
    match c {
        '\0'..='\u{7F}' => matches!(c, '.' | ',' | ':' | ';' | '!' | '?' | '\'' | '*' | '(' | '[' | '{'),
        _ => is_joiner(c),
    }
}
