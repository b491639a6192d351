//! Word boundaries: the default rules of Unicode (UAX #29) as far as they matter after a name, plus the punctuation
//! that people use in names. `Intl.Segmenter` is no alternative: it segments Japanese and Thai by dictionary.

use super::{Class, is, is_normal};

/// How many characters after a joining character are searched for one that it could join.
const NEAR: usize = 32;

/// The role of a character in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A letter of a script with spaces between words.
    Letter,
    Number,
    /// Katakana, which forms words of its own among other Japanese letters.
    Katakana,
    /// A letter of a script without spaces between words, which counts as a word.
    Dense,
    /// Joins words, but not at their end: `_`.
    Low,
    /// Joins letters and numbers, only one at a time: `-`, `.`, `/`.
    Middle,
    /// Joins letters: `'`, `:`.
    BetweenLetters,
    /// Joins numbers: `,`.
    BetweenNumbers,
    /// Separates words.
    Gap,
}

impl Kind {
    pub fn of(c: char) -> Self {
        match c {
            'a'..='z' | 'A'..='Z' => Self::Letter,
            '0'..='9' => Self::Number,
            '_'
            | '\u{203F}'
            | '\u{2040}'
            | '\u{2054}'
            | '\u{FE33}'
            | '\u{FE34}'
            | '\u{FE4D}'..='\u{FE4F}'
            | '＿' => Self::Low,
            // `@` continues email addresses and handles of federated networks.
            '-' | '\u{2010}' | '\u{2011}' | '－' | '.' | '\u{2024}' | '\u{FE52}' | '．' | '/' | '／'
            | '@' | '＠' => Self::Middle,
            '\'' | '‘' | '’' | '＇' | ':' | '·' | '\u{387}' | '\u{55F}' | '\u{5F4}' | '\u{2027}'
            | '\u{FE13}' | '\u{FE55}' | '：' => Self::BetweenLetters,
            ',' | ';' | '\u{37E}' | '\u{589}' | '\u{60C}' | '\u{60D}' | '\u{66C}' | '\u{7F8}'
            | '\u{2044}' | '\u{FE10}' | '\u{FE14}' | '\u{FE50}' | '\u{FE54}' | '，' | '；' => {
                Self::BetweenNumbers
            }
            _ if is_katakana(c) => Self::Katakana,
            _ if is_dense(c) => Self::Dense,
            _ if c.is_numeric() && !c.is_alphabetic() => Self::Number,
            _ if c.is_alphabetic() => Self::Letter,
            _ => Self::Gap,
        }
    }

    /// Returns whether this belongs to a word that is separated from its neighbours by spaces.
    pub const fn is_spaced(self) -> bool {
        matches!(self, Self::Letter | Self::Number)
    }

    const fn is_word(self) -> bool {
        matches!(self, Self::Letter | Self::Number | Self::Katakana | Self::Dense)
    }
}

const fn is_katakana(c: char) -> bool {
    matches!(c,
        '\u{3031}'..='\u{3035}' | '\u{309B}' | '\u{309C}' | '\u{30A0}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}'
        | '\u{31F0}'..='\u{31FF}' | '\u{32D0}'..='\u{32FE}' | '\u{3300}'..='\u{3357}' | '\u{FF66}'..='\u{FF9D}'
        | '\u{1AFF0}'..='\u{1AFF3}' | '\u{1AFF5}'..='\u{1AFFB}' | '\u{1AFFD}' | '\u{1AFFE}' | '\u{1B000}' | '\u{1B120}'..='\u{1B122}' | '\u{1B155}'
        | '\u{1B164}'..='\u{1B167}')
}

/// By blocks: Hiragana, ideographs, and the "complex context" class of Unicode line breaking.
const fn is_dense(c: char) -> bool {
    matches!(c,
        '\u{E01}'..='\u{E4F}' | '\u{E81}'..='\u{ECF}' | '\u{EDC}'..='\u{EDF}' | '\u{1000}'..='\u{103F}'
        | '\u{1050}'..='\u{108F}' | '\u{109A}'..='\u{109F}' | '\u{1780}'..='\u{17D3}' | '\u{17D7}' | '\u{17DC}'
        | '\u{17DD}' | '\u{1950}'..='\u{19CF}' | '\u{19DE}' | '\u{19DF}' | '\u{1A20}'..='\u{1A7F}'
        | '\u{1AA0}'..='\u{1AAD}' | '\u{A9E0}'..='\u{A9EF}' | '\u{A9FA}'..='\u{A9FE}' | '\u{AA60}'..='\u{AADF}'
        | '\u{11700}'..='\u{1172F}' | '\u{1173A}'..='\u{1174F}'
        | '\u{3006}' | '\u{3007}' | '\u{3021}'..='\u{3029}' | '\u{3038}'..='\u{303A}' | '\u{3041}'..='\u{309A}'
        | '\u{309D}'..='\u{309F}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{16FE4}' | '\u{16FF0}'..='\u{18DFF}' | '\u{1B001}'..='\u{1B11F}' | '\u{1B132}' | '\u{1B150}'..='\u{1B152}'
        | '\u{1B170}'..='\u{1B2FF}' | '\u{1F200}' | '\u{20000}'..='\u{3FFFD}')
}

/// Returns whether `c` belongs to the character before it.
pub(crate) fn extends(c: char) -> bool {
    // ZERO WIDTH SPACE marks a word boundary.
    c != '\u{200B}' && !is_normal(c) && is(Class::Extend, c)
}

/// Returns whether normalisation may compose `c` with the character before it: also Hangul vowels and finals.
pub(crate) fn combines(c: char) -> bool {
    extends(c)
        || matches!(c, '\u{1160}'..='\u{11FF}' | '\u{D7B0}'..='\u{D7FF}' | '\u{3131}'..='\u{318E}' | '\u{FFA0}'..='\u{FFDC}')
}

/// Returns the kind of the last character of a text, ignoring what extends it.
pub(crate) fn last_kind(text: &str) -> Option<Kind> {
    text.chars().rev().find(|&c| !extends(c)).map(Kind::of)
}

/// Returns whether a word of `text` ends at byte `at`. Looks at adjacent characters only, however long the text is.
pub(crate) fn ends(text: &str, at: usize) -> bool {
    let (before, rest) = text.split_at(at);
    let Some(next) = rest.chars().next() else { return true };
    if extends(next) || before.ends_with('\u{200D}') || halves_a_flag(before, next) {
        return false;
    }
    let Some(last) = last_kind(before) else { return true };
    let sign = Kind::of(next);
    let mut later = rest[next.len_utf8()..].chars().take(NEAR).filter(|&c| !extends(c)).map(Kind::of);
    match (last, sign) {
        (Kind::Low, Kind::Letter | Kind::Number | Kind::Katakana) => false,
        (Kind::Middle | Kind::BetweenLetters | Kind::BetweenNumbers, Kind::Letter | Kind::Number) => {
            // If a joining character does not end the word before it, the word does not end after it either.
            let joins = before.trim_end_matches(extends).char_indices().next_back();
            joins.is_none_or(|(joins, _)| ends(text, joins))
        }
        (_, Kind::Letter | Kind::Number) => !last.is_spaced(),
        (_, Kind::Katakana) => last != Kind::Katakana,
        (_, Kind::Low) => {
            let behind = later.find(|kind| *kind != Kind::Low);
            !(last.is_word() || last == Kind::Low)
                || !behind.is_some_and(|kind| kind.is_spaced() || kind == Kind::Katakana)
        }
        (_, Kind::Middle) => {
            // A hyphen also joins the number appended to a taken name: 花子-2.
            let joined = last.is_spaced() || is_hyphen(next) && last.is_word();
            !joined || !later.next().is_some_and(Kind::is_spaced)
        }
        (_, Kind::BetweenLetters) => {
            last != Kind::Letter || later.next() != Some(Kind::Letter) || is_possessive(rest)
        }
        (_, Kind::BetweenNumbers) => last != Kind::Number || later.next() != Some(Kind::Number),
        (_, Kind::Dense | Kind::Gap) => true,
    }
}

const fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}' | '－')
}

/// Returns whether `rest` begins with a possessive `'s`; the name ends before it.
fn is_possessive(rest: &str) -> bool {
    let behind = rest.strip_prefix(['\'', '’', '＇']).and_then(|rest| rest.strip_prefix(['s', 'S']));
    behind.is_some_and(|behind| {
        behind
            .chars()
            .next()
            .is_none_or(|c| !extends(c) && matches!(Kind::of(c), Kind::Gap | Kind::Dense | Kind::Middle))
    })
}

/// Returns whether a cut here would split the two regional indicators of a flag.
fn halves_a_flag(before: &str, next: char) -> bool {
    let regional = |c: &char| matches!(c, '\u{1F1E6}'..='\u{1F1FF}');
    regional(&next) && before.chars().rev().take_while(regional).count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use icu_properties::CodePointMapData;
    use icu_properties::props::WordBreak;

    use super::*;

    /// Only for characters known to the standard library's tables, which the browser build uses as well.
    #[test]
    fn the_kinds_are_those_of_unicode() {
        let unicode = CodePointMapData::<WordBreak>::new();
        let mut wrong = Vec::new();
        for c in char::MIN..=char::MAX {
            let kind = Kind::of(c);
            let agrees = match unicode.get(c) {
                WordBreak::Extend | WordBreak::Format | WordBreak::ZWJ => extends(c),
                _ if extends(c) => true,
                WordBreak::ALetter | WordBreak::HebrewLetter => kind == Kind::Letter || !c.is_alphabetic(),
                WordBreak::Numeric => kind == Kind::Number || !c.is_numeric(),
                WordBreak::Katakana => kind == Kind::Katakana || !c.is_alphabetic(),
                WordBreak::ExtendNumLet => kind == Kind::Low || c.is_whitespace(),
                WordBreak::MidLetter | WordBreak::SingleQuote => kind == Kind::BetweenLetters,
                WordBreak::MidNum => kind == Kind::BetweenNumbers,
                WordBreak::MidNumLet => matches!(kind, Kind::Middle | Kind::BetweenLetters),
                _ => !matches!(kind, Kind::Letter | Kind::Katakana | Kind::Low),
            };
            if !agrees {
                wrong.push(format!("{:04X} {c} {:?} {kind:?}", c as u32, unicode.get(c)));
            }
        }
        assert!(wrong.is_empty(), "{}: {}", wrong.len(), wrong.join("\n"));
    }
}
