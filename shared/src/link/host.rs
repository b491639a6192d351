//! Whom a URL names: perhaps a user, a host, perhaps a port.

use crate::search::is_dense;
use crate::unicode::{is_in_word, is_joiner};

/// Hexadecimal digits, colons and dots of the longest IPv6 address.
const IPV6_BYTES: usize = 45;

/// The length of the authority that a text begins with. Whether it can be is left to the parser of URLs.
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

/// The length of the port that a text begins with, and its colon.
pub fn port(text: &str) -> usize {
    let digits = text.strip_prefix(':').unwrap_or_default();
    match digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len()) {
        0 => 0,
        length => 1 + length,
    }
}

/// The name of a host that a text begins with. `may_mix`: its first label may be of ASCII and another script.
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

/// The label that a text begins with. Where a script without spaces follows letters of ASCII (`orgです`), the sentence
/// goes on. Only before another label the two may belong together (`sushi寿司.jp`).
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

/// Of a script without spaces between words, or a wide or narrow form.
pub const fn is_unspaced(c: char) -> bool {
    is_dense(c) || matches!(c, '\u{FF10}'..='\u{FFDC}')
}
