//! Visibility of characters.

/// Returns whether `c` is invisible by itself: `Default_Ignorable_Code_Point`, which Unicode guarantees to be stable.
pub(crate) const fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Returns whether `c` renders as blank although no Unicode property says so: blank Braille, blank notes and
/// hieroglyphs, the Khitan filler.
pub(crate) const fn is_blank(c: char) -> bool {
    matches!(c, '\u{2800}' | '\u{1D159}' | '\u{13441}' | '\u{13442}' | '\u{16FE4}')
}

/// Returns whether `c` is visible.
pub(crate) fn is_visible(c: char) -> bool {
    !c.is_whitespace() && !c.is_control() && !is_ignorable(c) && !is_blank(c)
}

#[cfg(test)]
mod tests {
    use icu_properties::CodePointSetData;
    use icu_properties::props::DefaultIgnorableCodePoint;

    use super::*;

    #[test]
    fn ignorable_is_what_unicode_says() {
        let unicode = CodePointSetData::new::<DefaultIgnorableCodePoint>();
        for c in char::MIN..=char::MAX {
            assert_eq!(is_ignorable(c), unicode.contains(c), "{:04X}", c as u32);
        }
    }
}
