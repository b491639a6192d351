//! Character classes for search.

/// The role of a character in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// In a script without spaces between words, or a pictograph.
    Dense,
    /// In a script with spaces between words.
    Word,
    /// Separates words.
    Gap,
}

impl Kind {
    /// Classifies a folded character.
    pub fn of(c: char) -> Self {
        match c {
            'a'..='z' | '0'..='9' | '_' => Self::Word,
            '\0'..='\u{7F}' => Self::Gap,
            _ if is_dense(c) => Self::Dense,
            _ if c.is_alphanumeric() || is_mark(c) => Self::Word,
            _ => Self::Gap,
        }
    }
}

/// By Unicode blocks, without their punctuation. Characters that NFKC decomposes need not be listed.
pub const fn is_dense(c: char) -> bool {
    matches!(c,
        // Thai, Lao, Myanmar, Khmer and their neighbours
        '\u{E01}'..='\u{E3A}' | '\u{E40}'..='\u{E4E}' | '\u{E50}'..='\u{E59}' | '\u{E80}'..='\u{EFF}'
        | '\u{1000}'..='\u{1049}' | '\u{1050}'..='\u{109F}' | '\u{1780}'..='\u{17D3}' | '\u{17D7}'
        | '\u{17DC}'..='\u{17E9}' | '\u{1950}'..='\u{19DF}' | '\u{1A20}'..='\u{1A9F}'
        | '\u{A9E0}'..='\u{A9FE}' | '\u{AA60}'..='\u{AA7F}'
        // Hangul
        | '\u{1100}'..='\u{11FF}' | '\u{A960}'..='\u{A97F}' | '\u{AC00}'..='\u{D7FB}'
        // 々〆〇 and old numerals, kana, Bopomofo, ideographs, Yi
        | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{302F}' | '\u{3031}'..='\u{3035}' | '\u{303B}'..='\u{303D}'
        | '\u{3041}'..='\u{309F}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{318E}' | '\u{31A0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{A48C}' | '\u{F900}'..='\u{FAFF}'
        | '\u{16FE0}'..='\u{18DFF}' | '\u{1AFF0}'..='\u{1B2FF}' | '\u{20000}'..='\u{3FFFD}'
        // pictographs
        | '\u{2300}'..='\u{23FF}' | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Combining marks that are not alphabetic in Unicode but belong to the word around them.
const fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5BD}' | '\u{610}'..='\u{61A}'
        | '\u{64B}'..='\u{65F}' | '\u{6D6}'..='\u{6ED}' | '\u{900}'..='\u{963}' | '\u{971}'..='\u{DFF}'
        | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}
