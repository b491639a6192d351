//! The authority of a URL: optional user, host, optional port.

use crate::search::is_dense;
use crate::unicode::{is_in_word, is_joiner};

/// Length of the longest IPv6 address in bytes, with its colons and dots.
const IPV6_BYTES: usize = 45;

/// Returns the length of the authority that a text begins with. The URL parser decides whether it is valid.
pub fn authority(text: &str) -> Option<usize> {
    let user = text.find(|c: char| !is_in_user(c)).filter(|&end| text[end..].starts_with('@'));
    let start = user.map_or(0, |end| end + 1);
    let host = match text[start..].strip_prefix('[') {
        Some(address) => ipv6(address)? + 2,
        None => name(&text[start..], true)?.len(),
    };
    let end = start + host;
    Some(end + port(&text[end..]))
}

const fn is_in_user(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~' | '%' | '+' | ':')
}

fn ipv6(text: &str) -> Option<usize> {
    let end = text.find(|c: char| !c.is_ascii_hexdigit() && !matches!(c, ':' | '.'))?;
    (end <= IPV6_BYTES && text[end..].starts_with(']')).then_some(end)
}

/// Returns the length of the port that a text begins with, including the colon.
pub fn port(text: &str) -> usize {
    let digits = text.strip_prefix(':').unwrap_or_default();
    match digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len()) {
        0 => 0,
        length => 1 + length,
    }
}

/// Returns the host name that a text begins with. `may_mix`: its first label may mix ASCII and another script.
pub fn name(text: &str, mut may_mix: bool) -> Option<&str> {
    let (mut start, mut end) = (0, 0);
    loop {
        let label = label(&text[start..], may_mix);
        if label.is_empty() {
            break;
        }
        end = start + label.len();
        if !text[end..].starts_with('.') {
            break;
        }
        start = end + 1;
        may_mix &= label.eq_ignore_ascii_case("www");
    }
    let name = text[..end].trim_end_matches(|c| matches!(c, '.' | '-' | '_') || is_joiner(c));
    (!name.is_empty()).then_some(name)
}

/// Returns the label that a text begins with. Where ASCII letters are followed by a script without spaces (`orgです`),
/// the sentence continues; only before another label may the two belong together (`sushi寿司.jp`).
fn label(text: &str, may_mix: bool) -> &str {
    let (label, rest) = text.split_at(text.find(|c| !is_in_label(c)).unwrap_or(text.len()));
    let is_followed = || rest.strip_prefix('.').is_some_and(|next| next.starts_with(char::is_alphanumeric));
    match label.find(is_unspaced) {
        Some(end) if !(may_mix && is_followed()) && label.starts_with(|c: char| c.is_ascii()) => {
            &label[..end]
        }
        _ => label,
    }
}

fn is_in_label(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii() && is_in_word(c)
}

/// Returns whether `c` belongs to a script without spaces between words, or is a full-width or half-width form.
pub const fn is_unspaced(c: char) -> bool {
    is_dense(c) || matches!(c, '\u{FF10}'..='\u{FFDC}')
}
