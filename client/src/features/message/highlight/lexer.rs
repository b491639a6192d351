//! Reads code by the signs and words of its language.

use super::syntax::{Family, Language, Quote};
use super::{Kind, Token};

pub(super) struct Lexer<'a> {
    /// All signs with a meaning are ASCII, so that tokens begin and end between characters.
    pub code: &'a [u8],
    pub language: &'static Language,
    pub keywords: Vec<&'static str>,
    /// Where the next token or sign begins.
    pub at: usize,
    /// The last byte that was read, without white space and comments.
    pub last: u8,
    /// The strings around an expression, each with the number of open brackets in its expression.
    pub around: Vec<(&'static Quote, usize)>,
    /// Whether this is the text between tags.
    pub is_text: bool,
    /// The language of the code inside of the tag that is read.
    pub inside: Option<&'static Language>,
    /// The markup outside of the code that is read.
    pub outside: Option<&'static Language>,
    tokens: Vec<Token>,
}

pub(super) fn lex(code: &str, language: &'static Language) -> Vec<Token> {
    let mut lexer = Lexer {
        code: code.as_bytes(),
        language,
        keywords: Vec::new(),
        at: 0,
        last: 0,
        around: Vec::new(),
        is_text: false,
        inside: None,
        outside: None,
        tokens: Vec::new(),
    };
    lexer.begin(language);
    while lexer.at < code.len() {
        lexer.read();
    }
    lexer.tokens
}

impl Lexer<'_> {
    pub fn begin(&mut self, language: &'static Language) {
        self.language = language;
        self.keywords = language.keywords.split(' ').collect();
        self.last = b'\n';
        self.around.clear();
        self.is_text = language.family == Family::Markup;
    }

    pub fn byte(&self, at: usize) -> u8 {
        self.code.get(at).copied().unwrap_or_default()
    }

    pub fn starts_with(&self, at: usize, sign: &str) -> bool {
        self.code.get(at..).is_some_and(|rest| rest.starts_with(sign.as_bytes()))
    }

    /// Returns whether this stands before the next token.
    pub fn is_after(&self, sign: &str) -> bool {
        self.code.get(..self.at).is_some_and(|before| before.ends_with(sign.as_bytes()))
    }

    /// Reads up to `end`.
    pub fn push(&mut self, end: usize, kind: Kind) {
        self.tokens.push((self.at..end, kind));
        self.at = end;
    }

    fn read(&mut self) {
        self.end_inside();
        let next = self.byte(self.at);
        let space = self.space(self.at);
        if let Some(end) = self.comment() {
            self.push(end, Kind::Comment);
        } else if self.is_text {
            self.text();
        } else if space > 0 {
            if next == b'\n' && self.last != b'\\' && self.language.before_key.contains(&next) {
                self.last = next;
            }
            self.at += space;
        } else if let Some(quote) = self.quote(self.at) {
            self.string(quote, self.at + quote.open.len());
        } else if next.is_ascii_digit() && self.language.family != Family::Data {
            self.number();
        } else if !self.word(next) {
            self.end_tag();
            self.last = next;
            match self.closed(next) {
                Some(quote) => self.string(quote, self.at + 1),
                None => self.at += 1,
            }
        }
    }

    /// Returns the length of the white space at a place.
    fn space(&self, at: usize) -> usize {
        match self.byte(at) {
            byte if byte.is_ascii() => usize::from(byte.is_ascii_whitespace()),
            // Code that was copied from a page may contain these.
            _ if self.starts_with(at, "\u{a0}") => 2,
            _ if self.starts_with(at, "\u{3000}") => 3,
            _ => 0,
        }
    }

    /// Returns where the comment ends that begins here.
    fn comment(&self) -> Option<usize> {
        let Language { family, line, block: (open, close), nests, .. } = *self.language;
        let mut at = self.at;
        if !open.is_empty() && self.starts_with(at, open) {
            let mut depth = 0;
            while at < self.code.len() {
                if self.starts_with(at, open) && (nests || depth == 0) {
                    depth += 1;
                    at += open.len();
                } else if self.starts_with(at, close) {
                    depth -= 1;
                    at += close.len();
                } else {
                    at += 1;
                }
                if depth == 0 {
                    break;
                }
            }
            return Some(at);
        }
        // Elsewhere `#` and `//` are also inside of words.
        let may_begin = family == Family::Code || at == 0 || b" \t\n\r;&|()".contains(&self.byte(at - 1));
        let begins = |sign: &str| !sign.is_empty() && self.starts_with(at, sign);
        (may_begin && line.split(' ').any(begins)).then(|| {
            let rest = self.code.iter().skip(at);
            at + rest.take_while(|&&byte| byte != b'\n').count()
        })
    }

    fn number(&mut self) {
        let is_decimal = !matches!(self.byte(self.at + 1), b'x' | b'X');
        let mut end = self.at;
        loop {
            let next = self.byte(end);
            let is_in_number = match next {
                b'.' | b'\'' => self.byte(end + 1).is_ascii_digit(),
                b'+' | b'-' => is_decimal && matches!(self.last, b'e' | b'E'),
                _ => next == b'_' || next.is_ascii_alphanumeric(),
            };
            if !is_in_number {
                break;
            }
            self.last = next;
            end += 1;
        }
        self.push(end, Kind::Number);
    }

    /// Reads a word, if one begins here.
    fn word(&mut self, next: u8) -> bool {
        let Language { family, sigils, signs, .. } = *self.language;
        let start = self.at + usize::from(sigils.contains(&next));
        let end = match family {
            Family::Data => self.end_of_value(),
            _ if matches!(next, b'-' | b'.') && self.byte(self.at + 1).is_ascii_digit() => self.at,
            // What follows a variable in a path is not in its name.
            Family::Shell if start > self.at => self.end_of_word(start, b""),
            _ => self.end_of_word(start, signs),
        };
        if end <= start {
            return false;
        }
        // As in `b"bytes"`.
        let is_prefix =
            family == Family::Code && end <= self.at + 2 && matches!(self.byte(end), b'"' | b'\'');
        if let Some(quote) = self.quote(end).filter(|_| is_prefix) {
            self.string(quote, end + quote.open.len());
            return true;
        }
        let kind = self.kind(end);
        self.last = self.byte(end - 1);
        match kind {
            Some(kind) => self.push(end, kind),
            None => self.at = end,
        }
        true
    }

    fn end_of_word(&self, from: usize, signs: &[u8]) -> usize {
        let mut end = from;
        loop {
            let next = self.byte(end);
            let is_letter = next.is_ascii_alphanumeric() || !next.is_ascii() && self.space(end) == 0;
            if !is_letter && next != b'_' && !signs.contains(&next) {
                return end;
            }
            end += 1;
        }
    }

    /// Returns where a key or value without quotes ends that begins here. In YAML, `a:b` is one word.
    fn end_of_value(&self) -> usize {
        let mut end = self.at;
        while end < self.code.len() && self.space(end) == 0 {
            let is_end = match self.byte(end) {
                b'[' | b']' | b'{' | b'}' | b',' => true,
                b':' => end + 1 == self.code.len() || self.space(end + 1) > 0,
                byte => byte == b'=' && self.language.assigns.contains(&byte),
            };
            if is_end {
                break;
            }
            end += 1;
        }
        end
    }
}
