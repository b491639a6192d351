//! The tables that native programs carry.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

pub fn nfkc(text: &str) -> String {
    text.nfkc().collect()
}

/// Where one user-visible character ends and the next begins.
pub fn grapheme_cuts(text: &str) -> Vec<usize> {
    text.grapheme_indices(true).map(|(start, _)| start).skip(1).collect()
}
