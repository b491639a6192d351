//! The lines of a text: quotes, lists, headings, fenced code; all else is paragraphs.

use std::ops::Range;

use super::inline::inline;
use super::{DEPTH, Element, Part};
use crate::link::{Link, links};

/// The signs without which a line of text is only text, list markers apart.
const SIGNS: [char; 10] = ['*', '_', '~', '|', '`', '[', '<', '\\', '#', '>'];
/// Indent from which a line does not begin an element.
const CODE_INDENT: usize = 4;
const LEAST_FENCE: usize = 3;
/// What may separate a sign from its text: also the space of Japanese keyboards.
const SPACES: [char; 2] = [' ', '\u{3000}'];
/// Inside of more elements a line begins no other: a list has items, and a link with code may be in them.
const DEEPEST: usize = DEPTH - 4;

pub(super) fn parse(text: &str) -> Vec<Part> {
    if text.is_empty() {
        return Vec::new();
    }
    let lines = lines(text);
    let links: Vec<Link<'_>> = links(text).collect();
    let mut blocks = Blocks { text, links: &links, parts: Vec::new() };
    let is_marked = text.contains(SIGNS) || lines.iter().any(|line| blocks.marker(line).is_some());
    if is_marked || !links.is_empty() {
        blocks.read(lines, 0);
    } else {
        blocks.parts.push(Part::Text(0..text.len()));
    }
    blocks.parts
}

/// A line without the signs of the elements around it.
#[derive(Debug, Clone, Copy)]
struct Line {
    start: usize,
    end: usize,
    /// Where the next line of the source begins.
    next: usize,
}

fn lines(text: &str) -> Vec<Line> {
    let mut next = 0;
    let line = |line: &str| {
        let start = next;
        next += line.len();
        Line { start, end: start + line.trim_end_matches(['\n', '\r']).len(), next }
    };
    text.split_inclusive('\n').map(line).collect()
}

/// The beginning of a list item.
#[derive(Debug, Clone, Copy)]
struct Marker {
    sign: u8,
    number: Option<u32>,
    indent: usize,
    /// Columns up to the text of the item.
    width: usize,
    /// Where the text of the item begins.
    start: usize,
    has_text: bool,
}

struct Fence {
    length: usize,
    indent: usize,
    info: Range<usize>,
}

struct Blocks<'a> {
    text: &'a str,
    links: &'a [Link<'a>],
    parts: Vec<Part>,
}

impl Blocks<'_> {
    /// Reads the lines inside of `depth` elements.
    fn read(&mut self, mut lines: Vec<Line>, depth: usize) {
        if depth > DEEPEST {
            return self.paragraphs(&lines, depth);
        }
        let mut at = 0;
        let mut paragraph = 0;
        // The number that would continue the last list.
        let mut continues = None;
        while at < lines.len() {
            let line = lines[at];
            let in_paragraph = at > paragraph && !self.is_blank(&lines[at - 1]);
            let begun = at;
            let mut block = Vec::new();
            if let Some(fence) = self.fence(&line) {
                at = self.code(&mut lines, at, fence, &mut block);
            } else if self.quoted(&line).is_some() {
                let quoted: Vec<Line> = lines[at..].iter().map_while(|line| self.quoted(line)).collect();
                at += quoted.len();
                if quoted.iter().all(|line| self.is_blank(line)) {
                    continue;
                }
                self.element(&mut block, Element::Quote, |blocks| blocks.read(quoted, depth + 1));
            } else if let Some(heading) = self.heading(&line) {
                at += 1;
                self.element(&mut block, Element::Heading, |blocks| blocks.inline(&[heading], depth + 1));
            } else if let Some(marker) = self.marker(&line).filter(|marker| {
                let may_interrupt =
                    marker.number.is_none_or(|number| number == 1 || Some(number) == continues);
                marker.has_text && (may_interrupt || !in_paragraph)
            }) {
                (at, continues) = self.list(&lines, at, marker, depth, &mut block);
            } else if let Some(fence) = self.fence_after_text(&lines[at..]) {
                lines.insert(at + 1, Line { start: fence, ..line });
                lines[at] = Line { end: fence, next: fence, ..line };
            }
            if at == begun {
                at += 1;
                continue;
            }
            self.paragraphs(&lines[paragraph..begun], depth);
            self.parts.append(&mut block);
            paragraph = at;
        }
        self.paragraphs(&lines[paragraph..], depth);
    }

    /// Puts an element with what `read` reads into `block`.
    fn element(&mut self, block: &mut Vec<Part>, element: Element, read: impl FnOnce(&mut Self)) {
        let before = std::mem::take(&mut self.parts);
        read(self);
        block.push(Part::Open(element));
        block.append(&mut self.parts);
        block.push(Part::Close);
        self.parts = before;
    }

    /// Reads lines that belong to no other element. Blank ones between them stay.
    fn paragraphs(&mut self, mut lines: &[Line], depth: usize) {
        while let Some((_, rest)) = lines.split_first().filter(|(line, _)| self.is_blank(line)) {
            lines = rest;
        }
        while let Some((_, rest)) = lines.split_last().filter(|(line, _)| self.is_blank(line)) {
            lines = rest;
        }
        while !lines.is_empty() {
            let length = lines.iter().take_while(|line| !self.is_blank(line)).count();
            let (paragraph, rest) = lines.split_at(length);
            self.inline(paragraph, depth);
            let blank = rest.iter().take_while(|line| self.is_blank(line)).count();
            if blank > 0 {
                for line in &lines[length - 1..length + blank] {
                    self.parts.push(Part::Text(line.end..line.next));
                }
            }
            lines = &rest[blank..];
        }
    }

    fn inline(&mut self, lines: &[Line], depth: usize) {
        let last = lines.len() - 1;
        let range = |(at, line): (usize, &Line)| line.start..if at == last { line.end } else { line.next };
        let ranges: Vec<Range<usize>> = lines.iter().enumerate().map(range).collect();
        inline(self.text, self.links, &ranges, depth, &mut self.parts);
    }

    /// Reads the items of a list. Returns the line after them, and the number that would continue them.
    fn list(
        &mut self,
        lines: &[Line],
        from: usize,
        first: Marker,
        depth: usize,
        block: &mut Vec<Part>,
    ) -> (usize, Option<u32>) {
        let mut at = from;
        let mut marker = first;
        block.push(Part::Open(Element::List { numbered: first.number.is_some() }));
        loop {
            let mut item = vec![Line { start: marker.start, ..lines[at] }];
            at += 1;
            let mut after = at;
            while let Some(line) = lines.get(after) {
                if self.is_blank(line) {
                    after += 1;
                    continue;
                }
                let indent = self.indent(line);
                let is_nested = indent >= marker.indent + 2 && self.marker_at(line, indent).is_some();
                let is_inside = indent >= marker.width || is_nested;
                if !is_inside {
                    break;
                }
                let inside = lines[at..=after].iter().map(|line| self.without(line, marker.width));
                item.extend(inside);
                after += 1;
                at = after;
            }
            self.element(block, Element::Item(marker.number), |blocks| blocks.read(item, depth + 2));
            let next = lines.get(after).and_then(|line| self.marker(line));
            match next.filter(|next| next.sign == first.sign) {
                Some(next) => (at, marker) = (after, next),
                None => break,
            }
        }
        block.push(Part::Close);
        (at, marker.number.map(|number| number + 1))
    }

    /// Reads fenced code and returns the line after it, which is the rest of its last line if that has a text. Nothing is
    /// read if nothing is in it.
    fn code(&self, lines: &mut [Line], from: usize, fence: Fence, block: &mut Vec<Part>) -> usize {
        let is_in_language = |c: char| c.is_ascii_alphanumeric() || "+-_#.".contains(c);
        let is_language = self.text[fence.info.clone()].chars().all(is_in_language);
        let mut content = Vec::new();
        let mut at = from + 1;
        let language = if is_language {
            fence.info
        } else {
            content.push(Line { start: fence.info.start, ..lines[from] });
            0..0
        };
        while let Some(whole) = lines.get_mut(at) {
            let line = self.without(whole, fence.indent);
            at += 1;
            match self.end_of_code(&line, fence.length) {
                Some(end) => {
                    if end.start > line.start {
                        content.push(Line { end: end.start, ..line });
                    }
                    if end.end < line.end {
                        at -= 1;
                        whole.start = end.end;
                    }
                    break;
                }
                None => content.push(line),
            }
        }
        if content.is_empty() && language.is_empty() {
            return from;
        }
        block.push(Part::Open(Element::CodeBlock(language)));
        let last = content.len().saturating_sub(1);
        for (place, line) in content.iter().enumerate() {
            let code = line.start..if place == last { line.end } else { line.next };
            if !code.is_empty() {
                block.push(Part::Text(code));
            }
        }
        block.push(Part::Close);
        at
    }

    /// Returns the fence in a line that ends code, with the white space around it: at the end of the line, or at its
    /// beginning and followed by white space.
    fn end_of_code(&self, line: &Line, length: usize) -> Option<Range<usize>> {
        let content = &self.text[line.start..line.end];
        let rest = content.trim_start().trim_start_matches('`');
        if content.trim_start().len() - rest.len() >= length && rest.starts_with(char::is_whitespace) {
            return Some(line.start..line.end - rest.trim_start().len());
        }
        let code = content.trim_end();
        let before = code.trim_end_matches('`');
        let start = if before.trim().is_empty() { line.start } else { line.start + before.len() };
        (code.len() - before.len() >= length).then_some(start..line.end)
    }

    /// Returns where a fence stands at the end of a line with text, if a later line ends the code.
    fn fence_after_text(&self, lines: &[Line]) -> Option<usize> {
        let line = lines.first()?;
        let content = self.text[line.start..line.end].trim_end();
        let before = content.trim_end_matches('`');
        let length = content.len() - before.len();
        let is_fence = length >= LEAST_FENCE && !before.trim().is_empty() && !before.contains('`');
        let ends = |line: &Line| self.end_of_code(line, length).is_some();
        (is_fence && lines[1..].iter().any(ends)).then_some(line.start + before.len())
    }

    fn fence(&self, line: &Line) -> Option<Fence> {
        let indent = self.indent(line);
        let line = self.without(line, indent);
        let content = &self.text[line.start..line.end];
        let info = content.trim_start_matches('`');
        let length = content.len() - info.len();
        if indent >= CODE_INDENT || length < LEAST_FENCE || info.contains('`') {
            return None;
        }
        let start = line.end - info.trim_start().len();
        Some(Fence { length, indent, info: start..start + info.trim().len() })
    }

    /// Returns the line without the sign of a quote, if it has one.
    fn quoted(&self, line: &Line) -> Option<Line> {
        let indent = self.indent(line);
        let line = self.without(line, indent);
        let rest = self.text[line.start..line.end].strip_prefix('>')?;
        let space = rest.chars().next().filter(|c| SPACES.contains(c)).map_or(0, char::len_utf8);
        let is_quote = space > 0 || rest.is_empty() || {
            let inner = rest.trim_start_matches('>');
            inner.len() < rest.len() && (inner.is_empty() || inner.starts_with(SPACES))
        };
        (indent < CODE_INDENT && is_quote).then_some(Line { start: line.start + 1 + space, ..line })
    }

    /// Returns the text of a heading.
    fn heading(&self, line: &Line) -> Option<Line> {
        let indent = self.indent(line);
        let line = self.without(line, indent);
        let content = &self.text[line.start..line.end];
        let text = content.trim_start_matches('#');
        let level = content.len() - text.len();
        let title = text.trim();
        if indent >= CODE_INDENT || !(1..=6).contains(&level) || !text.starts_with(SPACES) || title.is_empty()
        {
            return None;
        }
        let start = line.end - text.trim_start().len();
        let shorter = title.trim_end_matches('#');
        let end = if shorter.ends_with(' ') { shorter.trim_end() } else { title };
        Some(Line { start, end: start + end.len(), ..line })
    }

    fn marker(&self, line: &Line) -> Option<Marker> {
        let indent = self.indent(line);
        if indent < CODE_INDENT { self.marker_at(line, indent) } else { None }
    }

    fn marker_at(&self, line: &Line, indent: usize) -> Option<Marker> {
        let line = self.without(line, indent);
        let content = &self.text[line.start..line.end];
        let digits = content.len() - content.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let sign = *content.as_bytes().get(digits)?;
        let number = match (sign, digits) {
            (b'-' | b'*' | b'+', 0) => None,
            (b'.' | b')', 1..=9) => Some(content[..digits].parse().ok()?),
            _ => return None,
        };
        let text = &content[digits + 1..];
        let spaces = text.len() - text.trim_start_matches(' ').len();
        let has_text = !text.trim().is_empty();
        // More than four spaces would indent the text itself.
        let gap = match spaces {
            0 if text.starts_with(SPACES) => SPACES[1].len_utf8(),
            // Other white space, a no-break space for instance, ends no sign and can be longer than a byte.
            0 if !text.is_empty() => return None,
            1..=CODE_INDENT if has_text => spaces,
            _ => 1,
        };
        let length = digits + 1 + gap;
        let start = line.end.min(line.start + length);
        Some(Marker { sign, number, indent, width: indent + length, start, has_text })
    }

    fn is_blank(&self, line: &Line) -> bool {
        self.text[line.start..line.end].trim().is_empty()
    }

    /// Returns the columns of white space before a line's text.
    fn indent(&self, line: &Line) -> usize {
        let columns = |byte| match byte {
            b' ' => Some(1),
            b'\t' => Some(CODE_INDENT),
            _ => None,
        };
        self.text[line.start..line.end].bytes().map_while(columns).sum()
    }

    /// Returns a line without at most this many columns of white space at its start.
    fn without(&self, line: &Line, columns: usize) -> Line {
        let mut left = columns;
        let mut is_cut = |&byte: &u8| {
            let width = if byte == b'\t' { CODE_INDENT } else { 1 };
            let fits = left > 0 && matches!(byte, b' ' | b'\t');
            left = left.saturating_sub(width);
            fits
        };
        let bytes = &self.text.as_bytes()[line.start..line.end];
        Line { start: line.start + bytes.iter().take_while(|byte| is_cut(byte)).count(), ..*line }
    }
}
