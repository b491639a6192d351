//! What a word is.

use super::Kind;
use super::lexer::Lexer;
use super::syntax::{Family, Language};

impl Lexer<'_> {
    /// Returns the kind of the word up to `end`.
    pub fn kind(&mut self, end: usize) -> Option<Kind> {
        let Language { family, sigils, .. } = *self.language;
        let word = self.code.get(self.at..end)?;
        let &first = word.first()?;
        let after = self.byte(end);
        if family == Family::Markup {
            return Some(self.in_tag(word));
        }
        if family == Family::Style && matches!(first, b'#' | b'.') {
            let is_color = first == b'#' && word.iter().skip(1).all(u8::is_ascii_hexdigit);
            return Some(if is_color { Kind::Number } else { Kind::Type });
        }
        if self.is_key(end) {
            return Some(Kind::Name);
        }
        if self.is_keyword(word) {
            return Some(Kind::Keyword);
        }
        if sigils.contains(&first) || self.is_after("#[") || self.is_after("#![") {
            return Some(Kind::Name);
        }
        let is_call = after == b'(' || (after == b'!' && b"([{".contains(&self.byte(end + 1)));
        match family {
            Family::Data => {
                // Also dates, times and versions.
                let is_in_number = |byte: &u8| byte.is_ascii_hexdigit() || b"-+.:_oxTZ".contains(byte);
                let digit = usize::from(matches!(first, b'-' | b'+'));
                let is_number =
                    word.get(digit).is_some_and(u8::is_ascii_digit) && word.iter().all(is_in_number);
                is_number.then_some(Kind::Number)
            }
            _ if is_call => Some(Kind::Function),
            Family::Shell => {
                let is_command = b"\n|;&$".contains(&self.last) || self.is_after("$(");
                (is_command && first != b'-').then_some(Kind::Function)
            }
            Family::Code => {
                let is_type = word.len() == 1 || word.iter().any(u8::is_ascii_lowercase);
                (is_type && first.is_ascii_uppercase()).then_some(Kind::Type)
            }
            _ => None,
        }
    }

    fn is_keyword(&self, word: &[u8]) -> bool {
        let fold = |byte: &u8| if self.language.ignores_case { byte.to_ascii_lowercase() } else { *byte };
        let order = |known: &&str| known.bytes().cmp(word.iter().map(fold));
        // What follows a dot is a member, whatever its name.
        let is_member = self.is_after(".") && !self.is_after("..") && word != b"await";
        !is_member && self.keywords.binary_search_by(order).is_ok()
    }

    /// Returns whether what ends there is the key of a value.
    pub fn is_key(&self, end: usize) -> bool {
        let Language { before_key, assigns, .. } = self.language;
        let is_space = |&&byte: &&u8| matches!(byte, b' ' | b'\t');
        let after = || self.code.iter().skip(end).find(|byte| !is_space(byte));
        before_key.contains(&self.last) && after().is_some_and(|byte| assigns.contains(byte))
    }
}
