//! The part of a URL after the authority: path, query and fragment.

use crate::unicode::{is_in_word, is_joiner};

const OPEN: [char; 3] = ['(', '[', '{'];
const CLOSE: [char; 3] = [')', ']', '}'];

/// Returns the length of the tail that a text begins with. `before` is the text before the URL: an apostrophe at its end
/// also ends the URL, and so do two signs of emphasis.
pub fn length(text: &str, before: &str) -> usize {
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
        ends(c) || c == '\'' && before.ends_with(c)
    });
    let tail = &text[..end.unwrap_or(text.len())];
    let emphasis = ["**", "__", "~~"].into_iter().find(|sign| before.ends_with(sign));
    let emphasised = emphasis.and_then(|sign| tail.find(sign)).map_or(tail, |end| &tail[..end]);
    emphasised.trim_end_matches(ends_sentence).len()
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
        '\0'..='\u{7F}' => {
            matches!(c, '.' | ',' | ':' | ';' | '!' | '?' | '\'' | '*' | '_' | '~' | '(' | '[' | '{')
        }
        _ => is_joiner(c),
    }
}
