//! Unicode tables compiled into native programs.

use icu_properties::props::{
    Emoji, EmojiModifier, EmojiModifierBase, ExtendedPictographic, GeneralCategory, GraphemeExtend, Script,
};
use icu_properties::{CodePointMapData, CodePointSetData};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;
use unicode_segmentation::UnicodeSegmentation;

use super::Class;

/// Cursive scripts.
const CURSIVE: [Script; 12] = [
    Script::Arabic,
    Script::Syriac,
    Script::Mandaic,
    Script::Mongolian,
    Script::Nko,
    Script::PhagsPa,
    Script::Manichaean,
    Script::PsalterPahlavi,
    Script::HanifiRohingya,
    Script::Sogdian,
    Script::Chorasmian,
    Script::Adlam,
];

pub fn is(class: Class, c: char) -> bool {
    match class {
        Class::Extend => {
            let category = CodePointMapData::<GeneralCategory>::new().get(c);
            matches!(category, GeneralCategory::SpacingMark | GeneralCategory::Format)
                || CodePointSetData::new::<GraphemeExtend>().contains(c)
                || CodePointSetData::new::<EmojiModifier>().contains(c)
        }
        Class::Pictograph => CodePointSetData::new::<ExtendedPictographic>().contains(c),
        Class::Emoji => is(Class::Pictograph, c) && CodePointSetData::new::<Emoji>().contains(c),
        Class::ModifierBase => CodePointSetData::new::<EmojiModifierBase>().contains(c),
        Class::Virama => canonical_combining_class(c) == 9,
        Class::Cursive => CURSIVE.contains(&CodePointMapData::<Script>::new().get(c)),
    }
}

pub fn nfkc(text: &str) -> String {
    text.nfkc().collect()
}

pub fn nfkd(text: &str) -> String {
    text.nfkd().collect()
}

pub fn lowercase(text: &str) -> String {
    text.to_lowercase()
}

pub fn fold_case(text: &str) -> String {
    let there_and_back = |c: char| c.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    text.chars().flat_map(there_and_back).collect()
}

pub fn has_case(c: char) -> bool {
    !c.to_uppercase().eq([c]) || !c.to_lowercase().eq([c])
}

/// Returns the byte offsets of the boundaries between user-visible characters.
pub fn grapheme_cuts(text: &str) -> Vec<usize> {
    text.grapheme_indices(true).map(|(start, _)| start).skip(1).collect()
}

pub fn is_in_word(c: char) -> bool {
    unicode_ident::is_xid_continue(c)
}

pub fn is_url(text: &str) -> bool {
    url::Url::parse(text).is_ok()
}
