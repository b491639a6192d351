//! Strings, with the expressions in them.

use super::Kind;
use super::lexer::Lexer;
use super::syntax::Quote;

impl Lexer<'_> {
    /// Returns the quote that stands at a place.
    pub fn quote(&self, at: usize) -> Option<&'static Quote> {
        let quote = self.language.quotes.iter().find(|quote| self.starts_with(at, quote.open))?;
        let opens = match quote.open {
            // A regular expression, where nothing is that could be divided.
            "/" => b"\n(,=~:[!&|?{;".contains(&self.last),
            // The title of a section.
            "[" => at == 0 || self.byte(at - 1) == b'\n',
            "<" => self.is_after("#include "),
            // Only around one character; the rest are lifetimes.
            "'" if self.language.sigils.contains(&b'\'') => {
                let next = self.byte(at + 1);
                let mut after = self.code.iter().skip(at + 2);
                next == b'\\' || after.find(|byte| byte.leading_ones() != 1) == Some(&b'\'')
            }
            _ => true,
        };
        opens.then_some(quote)
    }

    /// Reads a string, of which the part from `from` on is inside of its quotes, up to its end or an expression.
    pub fn string(&mut self, quote: &'static Quote, from: usize) {
        let mut end = from;
        let mut last = b'"';
        while end < self.code.len() && (quote.spans_lines || self.byte(end) != b'\n') {
            if self.starts_with(end, quote.close) {
                end += quote.close.len();
                break;
            } else if !quote.expression.is_empty() && self.starts_with(end, quote.expression) {
                end += quote.expression.len();
                self.around.push((quote, 0));
                last = b'(';
                break;
            }
            end += if self.byte(end) == quote.escape { 2 } else { 1 };
        }
        let end = end.min(self.code.len());
        let kind = match quote.open {
            "[" => Kind::Keyword,
            _ if self.is_key(end) => Kind::Name,
            _ => Kind::String,
        };
        self.last = last;
        self.push(end, kind);
    }

    /// Returns the string whose expression this sign ends.
    pub fn closed(&mut self, sign: u8) -> Option<&'static Quote> {
        let (quote, depth) = self.around.last_mut()?;
        let brackets = if quote.expression.ends_with('(') { b"()" } else { b"{}" };
        if sign == brackets[0] {
            *depth += 1;
        } else if sign == brackets[1] && *depth > 0 {
            *depth -= 1;
        } else if sign == brackets[1] {
            return self.around.pop().map(|(quote, _)| quote);
        }
        None
    }
}
