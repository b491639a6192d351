//! What stands in a paragraph: code, links, emphasis.

use std::ops::Range;

use super::emphasis::{Run, pair};
use super::{DEPTH, Element, Part};
use crate::link::{Link, links};
use crate::text::shows;

/// Signs that a backslash makes text, wherever they stand.
const ESCAPED: &[&str] = &["*", "_", "`", "[", "~~", "||"];
/// A face with signs of ours, too well known to be taken apart.
const SHRUG: &str = "\\_(ツ)_/";

/// A part of a paragraph, before runs of emphasis signs have found each other.
pub(super) enum Token {
    Part(Part),
    Run(Run),
}

/// Reads a paragraph, which is in these ranges of the text (one for each line), inside of `depth` elements.
pub(super) fn inline(
    text: &str,
    links: &[Link<'_>],
    lines: &[Range<usize>],
    depth: usize,
    parts: &mut Vec<Part>,
) {
    let Some(at) = lines.first().map(|line| line.start) else { return };
    let next = links.partition_point(|link| link.range.start < at);
    let (ticks, last_ticks) = ticks(text, lines);
    let (tokens, brackets) = (Vec::new(), Vec::new());
    let mut reader =
        Reader { text, links, lines, ticks, last_ticks, line: 0, at, from: at, next, tokens, brackets };
    reader.read();
    let mut tokens = reader.tokens;
    pair(&mut tokens);
    put_out(tokens, depth, parts);
}

/// Returns the runs of backticks in a paragraph, and for each length where the last one begins.
fn ticks(text: &str, lines: &[Range<usize>]) -> (Vec<Range<usize>>, Vec<usize>) {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for line in lines {
        for (at, _) in text[line.clone()].match_indices('`') {
            let at = line.start + at;
            match runs.last_mut() {
                Some(run) if run.end == at => run.end += 1,
                _ => runs.push(at..at + 1),
            }
        }
    }
    let longest = runs.iter().map(Range::len).max().unwrap_or_default();
    let mut last = vec![0; longest + 1];
    for run in &runs {
        last[run.len()] = run.start;
    }
    (runs, last)
}

struct Bracket {
    /// The token of the `[`.
    token: usize,
    /// The first link that is not before it.
    link: usize,
}

struct Reader<'a> {
    text: &'a str,
    links: &'a [Link<'a>],
    lines: &'a [Range<usize>],
    ticks: Vec<Range<usize>>,
    /// For each length of a run of backticks where the last one begins.
    last_ticks: Vec<usize>,
    line: usize,
    at: usize,
    /// From here on nothing is in the tokens yet.
    from: usize,
    /// The first link that is not passed.
    next: usize,
    tokens: Vec<Token>,
    brackets: Vec<Bracket>,
}

impl Reader<'_> {
    fn read(&mut self) {
        while let Some(line) = self.lines.get(self.line) {
            if self.at >= line.end {
                self.text_before(line.end);
                self.line += 1;
                self.pass_to(self.lines.get(self.line).map_or(self.at, |line| line.start));
                continue;
            }
            let sign = self.text.as_bytes()[self.at];
            let link = self.links.get(self.next).filter(|link| link.range.start <= self.at);
            let is_used = match sign {
                _ if link.is_some() => {
                    self.link();
                    true
                }
                b'\\' => self.escape(),
                b'`' => self.code(),
                b'*' | b'_' | b'~' | b'|' => self.run(sign),
                b'[' => {
                    self.text_before(self.at);
                    self.brackets.push(Bracket { token: self.tokens.len(), link: self.next });
                    self.text_before(self.at + 1);
                    self.at += 1;
                    true
                }
                b']' => self.bracket(),
                _ => false,
            };
            if !is_used {
                self.at += 1;
            }
        }
    }

    fn push(&mut self, part: Part) {
        self.tokens.push(Token::Part(part));
    }

    fn text_before(&mut self, end: usize) {
        if self.from < end {
            self.push(Part::Text(self.from..end));
        }
        self.from = end;
    }

    /// Goes on at a place; what is before it is done.
    fn pass_to(&mut self, at: usize) {
        (self.at, self.from) = (at, at);
        while self.links.get(self.next).is_some_and(|link| link.range.start < at) {
            self.next += 1;
        }
    }

    /// Reads the address here, without the brackets that may be around it.
    fn link(&mut self) {
        let link = &self.links[self.next];
        let Range { start, end } = link.range;
        let is_in_brackets = self.from < start
            && self.text.as_bytes()[start - 1] == b'<'
            && self.text.as_bytes().get(end) == Some(&b'>');
        self.text_before(start - usize::from(is_in_brackets));
        self.push(Part::Open(Element::Link(link.target())));
        self.push(Part::Text(start..end));
        self.push(Part::Close);
        self.pass_to(end + usize::from(is_in_brackets));
    }

    fn escape(&mut self) -> bool {
        if self.text[self.at..].starts_with(SHRUG) {
            self.at += SHRUG.len();
            return true;
        }
        let rest = &self.text[self.at + 1..];
        let before = self.lines.get(self.line).map_or("", |line| &self.text[line.start..self.at]);
        let is_number = !before.is_empty() && before.bytes().all(|byte| byte.is_ascii_digit());
        let is_escape = ESCAPED.iter().any(|sign| rest.starts_with(sign))
            || before.trim().is_empty() && rest.starts_with(['#', '>', '-', '+'])
            || is_number && rest.starts_with(['.', ')']);
        if is_escape {
            self.text_before(self.at);
            self.from += 1;
            self.at += 2;
        }
        is_escape
    }

    /// Reads code between equal runs of backticks.
    fn code(&mut self) -> bool {
        let start = self.at + self.length(b'`');
        let length = start - self.at;
        let is_closed = self.last_ticks.get(length).is_some_and(|&last| last >= start);
        let later = self.ticks.partition_point(|run| run.start < start);
        let close = self.ticks[later..].iter().find(|run| is_closed && run.len() == length);
        let Some(Range { start: end, end: after }) = close.cloned() else {
            self.at = start;
            return true;
        };
        let mut inside = start..end;
        let code = &self.text[inside.clone()];
        if code.contains('\n') && code.trim().is_empty() {
            // A fence around nothing.
            self.at = after;
            return true;
        }
        if code.len() > 2 && code.starts_with(' ') && code.ends_with(' ') && !code.trim().is_empty() {
            inside = start + 1..end - 1;
        }
        self.text_before(self.at);
        self.push(Part::Open(Element::Code));
        while let Some(line) = self.lines.get(self.line) {
            let part = inside.start.max(line.start)..inside.end.min(line.end);
            if !part.is_empty() {
                self.push(Part::Text(part));
            }
            if after <= line.end {
                break;
            }
            self.line += 1;
        }
        self.push(Part::Close);
        self.pass_to(after);
        true
    }

    /// Reads a run of emphasis signs.
    fn run(&mut self, sign: u8) -> bool {
        let length = self.length(sign);
        let start = self.at;
        if let Some(run) = Run::new(self.text, start..start + length) {
            self.text_before(start);
            self.tokens.push(Token::Run(run));
            self.from = start + length;
        }
        self.at += length;
        true
    }

    /// Reads the end of a link's text: `](target)`.
    fn bracket(&mut self) -> bool {
        let Some(Bracket { token, link: first }) = self.brackets.pop() else { return false };
        let Some(link) = self.links.get(self.next) else { return false };
        // A sentence would end with these signs, the target of a link does not.
        let rest = &self.text[link.range.end..];
        let signs =
            rest.len() - rest.trim_start_matches(['.', ',', ':', ';', '!', '?', '\'', '*', '_', '~']).len();
        let signs = if link.is_web() { signs } else { 0 };
        let is_link = first == self.next
            && link.range.start == self.at + 2
            && self.text[self.at..].starts_with("](")
            && rest[signs..].starts_with(')')
            && self.may_be_label(token);
        if !is_link {
            return false;
        }
        let target = link.target() + &rest[..signs];
        let after = link.range.end + signs + 1;
        self.text_before(self.at);
        pair(&mut self.tokens[token..]);
        self.tokens[token] = Token::Part(Part::Open(Element::Link(target)));
        self.push(Part::Close);
        // A link contains no other.
        self.brackets.clear();
        self.pass_to(after);
        true
    }

    /// Returns whether the tokens after the `[` may be the text of a link: visible, not pretending to be an address, and
    /// without a spoiler, which could not be opened without following the link.
    fn may_be_label(&self, token: usize) -> bool {
        let mut label = String::new();
        for token in &self.tokens[token + 1..] {
            if let Token::Part(Part::Text(range)) = token {
                label.push_str(&self.text[range.clone()]);
            }
        }
        label.push_str(&self.text[self.from..self.at]);
        let source = &self.text[self.tokens[token].start()..self.at];
        shows(&label) && !source.contains("||") && links(&label).next().is_none()
    }

    /// Returns the length of the run of a sign here.
    fn length(&self, sign: u8) -> usize {
        let end = self.lines.get(self.line).map_or(self.at, |line| line.end);
        self.text.as_bytes()[self.at..end].iter().take_while(|&&byte| byte == sign).count()
    }
}

impl Token {
    /// Returns where a token of text begins.
    const fn start(&self) -> usize {
        match self {
            Self::Part(Part::Text(range)) => range.start,
            _ => 0,
        }
    }
}

/// Appends the tokens as parts. Elements deeper than [`DEPTH`] are not formatted.
fn put_out(tokens: Vec<Token>, mut depth: usize, parts: &mut Vec<Part>) {
    let text = |parts: &mut Vec<Part>, range: Range<usize>| match parts.last_mut() {
        Some(Part::Text(before)) if before.end == range.start => before.end = range.end,
        _ if range.is_empty() => {}
        _ => parts.push(Part::Text(range)),
    };
    // Whether the open elements of emphasis are formatted.
    let mut open = Vec::new();
    for token in tokens {
        match token {
            Token::Part(Part::Text(range)) => text(parts, range),
            Token::Part(part) => parts.push(part),
            Token::Run(run) => {
                for sign in run.closed {
                    if open.pop() == Some(true) {
                        depth -= 1;
                        parts.push(Part::Close);
                    } else {
                        text(parts, sign);
                    }
                }
                text(parts, run.range);
                for (element, sign) in run.opened.into_iter().rev() {
                    // A link with code may be around or inside.
                    let fits = depth + 2 < DEPTH;
                    open.push(fits);
                    if fits {
                        depth += 1;
                        parts.push(Part::Open(element));
                    } else {
                        text(parts, sign);
                    }
                }
            }
        }
    }
}
