//! The tables that native programs carry.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

pub fn nfkc(text: &str) -> String {
    text.nfkc().collect()
}

pub fn nfkd(text: &str) -> String {
    text.nfkd().collect()
}

/// Where one user-visible character ends and the next begins.
pub fn grapheme_cuts(text: &str) -> Vec<usize> {
    text.grapheme_indices(true).map(|(start, _)| start).skip(1).collect()
}

pub fn is_in_word(c: char) -> bool {
    unicode_ident::is_xid_continue(c)
}

pub fn is_url(text: &str) -> bool {
    url::Url::parse(text).is_ok()
}
