//! Tags, and the code inside of scripts and styles.

use super::Kind;
use super::languages::named;
use super::lexer::Lexer;
use super::syntax::Family;

impl Lexer<'_> {
    /// Passes a byte of the text between tags.
    pub fn text(&mut self) {
        let name = self.at + 1 + usize::from(matches!(self.byte(self.at + 1), b'/' | b'!' | b'?'));
        self.is_text = self.byte(self.at) != b'<' || !self.byte(name).is_ascii_alphabetic();
        self.at += 1;
    }

    /// Returns what a word in a tag is.
    pub fn in_tag(&mut self, word: &[u8]) -> Kind {
        if ["</", "<!", "<?"].iter().any(|sign| self.is_after(sign)) {
            return Kind::Keyword;
        }
        if !self.is_after("<") {
            return Kind::Name;
        }
        self.inside = match word {
            b"script" => named("js"),
            b"style" => named("css"),
            _ => None,
        };
        Kind::Keyword
    }

    /// Continues with what is inside if the next sign ends a tag.
    pub fn end_tag(&mut self) {
        if self.byte(self.at) == b'>' && self.language.family == Family::Markup {
            self.is_text = true;
            if let Some(inside) = self.inside.take() {
                self.outside = Some(self.language);
                self.begin(inside);
            }
        }
    }

    /// Returns to the markup at the end of a script or style.
    pub fn end_inside(&mut self) {
        if let Some(outside) = self.outside
            && (self.starts_with(self.at, "</script") || self.starts_with(self.at, "</style"))
        {
            self.outside = None;
            self.begin(outside);
        }
    }
}
