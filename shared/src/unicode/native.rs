//! The tables that native programs carry.

use icu_properties::props::{EmojiModifier, GeneralCategory, GraphemeExtend};
use icu_properties::{CodePointMapData, CodePointSetData};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::Class;

pub fn is(class: Class, c: char) -> bool {
    match class {
        Class::Extend => {
            let category = CodePointMapData::<GeneralCategory>::new().get(c);
            matches!(category, GeneralCategory::SpacingMark | GeneralCategory::Format)
                || CodePointSetData::new::<GraphemeExtend>().contains(c)
                || CodePointSetData::new::<EmojiModifier>().contains(c)
        }
    }
}

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
