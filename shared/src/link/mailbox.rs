//! Email addresses.

use super::host::{self, is_unspaced};
use crate::unicode::is_in_word;

const LOCAL_BYTES: usize = 64;

/// Returns the local part before the `@`. Letters of scripts with spaces between words belong to it, so that `jürgen@…`
/// is not cut in the middle; letters of other scripts belong to the surrounding sentence.
pub fn local(before: &str) -> Option<&str> {
    let start = before.char_indices().rev().take_while(|&(_, c)| is_in_local(c)).last()?.0;
    let local = before[start..].trim_start_matches(|c: char| c.is_ascii_punctuation() && c != '_');
    (1..=LOCAL_BYTES).contains(&local.len()).then_some(local)
}

/// Returns the length of what a text begins with that may belong to a local part.
pub fn local_length(text: &str) -> usize {
    text.find(|c| !is_in_local(c)).unwrap_or(text.len())
}

fn is_in_local(c: char) -> bool {
    match c {
        '\0'..='\u{7F}' => {
            c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '+' | '-' | '\'' | '&' | '%' | '~')
        }
        _ => !is_unspaced(c) && is_in_word(c),
    }
}

/// Returns the host after the `@`: at least two labels, the last one alphabetic.
pub fn domain(after: &str) -> Option<&str> {
    let name = host::name(after, false)?;
    let (_, last) = name.rsplit_once('.')?;
    let is_top = last.chars().nth(1).is_some() && last.starts_with(char::is_alphabetic);
    (is_top && !after[name.len()..].starts_with('@')).then_some(name)
}

/// Returns the `mailto:` URL of an address with or without its scheme.
pub fn url(text: &str) -> String {
    let address = text.rsplit(':').next().unwrap_or_default();
    format!("mailto:{}", address.replace('%', "%25").replace('&', "%26"))
}
