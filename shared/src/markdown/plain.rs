//! The words of a formatted text, for search and for places that show a single line.

use std::ops::Range;

use super::{Element, Part, parse};

/// A text without its signs, with the origin of each part.
#[derive(Debug, Default)]
pub struct Plain {
    text: String,
    /// For each part its byte offset here and in the source.
    origins: Vec<(usize, usize)>,
}

impl Plain {
    /// Returns everything that can be read in a text.
    pub fn new(source: &str) -> Self {
        Self::read(source, None)
    }

    /// Returns the words of a text, with `cover` in the place of what a spoiler hides.
    pub fn covered(source: &str, cover: &str) -> String {
        Self::read(source, Some(cover)).text
    }

    fn read(source: &str, cover: Option<&str>) -> Self {
        let mut plain = Self::default();
        let mut open = Vec::new();
        // How many spoilers are around.
        let mut hidden = 0_usize;
        for part in parse(source) {
            match part {
                Part::Open(element) => {
                    if let Some(cover) = cover.filter(|_| element == Element::Spoiler) {
                        if hidden == 0 {
                            plain.text.push_str(cover);
                        }
                        hidden += 1;
                    }
                    plain.break_line(&element);
                    if let (Element::Item(Some(number)), Some(_)) = (&element, cover) {
                        plain.text.push_str(&number.to_string());
                        plain.text.push_str(". ");
                    }
                    open.push(element);
                }
                Part::Close => {
                    if let Some(element) = open.pop() {
                        plain.break_line(&element);
                        if cover.is_some() && element == Element::Spoiler {
                            hidden -= 1;
                        }
                    }
                }
                Part::Text(range) if hidden == 0 => {
                    plain.origins.push((plain.text.len(), range.start));
                    plain.text.push_str(&source[range]);
                }
                Part::Text(_) => {}
            }
        }
        plain
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn into_text(self) -> String {
        self.text
    }

    /// Returns the range of the source that a part of the text came from. Signs between its ends are in it.
    pub fn origin(&self, part: &Range<usize>) -> Range<usize> {
        let source = |at: usize| {
            let after = self.origins.partition_point(|&(place, _)| place <= at);
            after.checked_sub(1).map_or(0, |origin| {
                let (place, origin) = self.origins[origin];
                origin + at - place
            })
        };
        source(part.start)..source(part.end.saturating_sub(1)) + 1
    }

    /// Where a block begins or ends, a line does.
    fn break_line(&mut self, element: &Element) {
        if element.is_block() && !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }
}
