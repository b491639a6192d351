//! What a reader can see.

/// Characters that show nothing by themselves: `Default_Ignorable_Code_Point`, which Unicode promises to keep.
pub(crate) const fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Signs that are drawn as nothing though no class of Unicode says so: blank Braille, blank notes and hieroglyphs, the filler
/// of Khitan.
pub(crate) const fn is_blank(c: char) -> bool {
    matches!(c, '\u{2800}' | '\u{1D159}' | '\u{13441}' | '\u{13442}' | '\u{16FE4}')
}

/// Whether a character shows something where it stands.
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
