//! Emphasis: runs of `*`, `_`, `~` and `|`, and which of them belong together.

use std::ops::Range;

use super::Element;
use super::inline::Token;
use crate::unicode::word::{self, Kind};

const SIGNS: &[u8] = b"*_~|";

/// A run of emphasis signs.
pub(super) struct Run {
    /// The signs that belong to no other run.
    pub range: Range<usize>,
    /// The elements that it closes, innermost first, by their signs.
    pub closed: Vec<Range<usize>>,
    /// The elements that it opens, innermost first, with their signs.
    pub opened: Vec<(Element, Range<usize>)>,
    sign: u8,
    /// The signs before any found another run.
    length: usize,
    opens: bool,
    closes: bool,
    /// A run inside of a link's text does not look outside of it.
    is_settled: bool,
}

impl Run {
    /// Returns the run of one sign in this range of a text; none if it is only text.
    pub fn new(text: &str, range: Range<usize>) -> Option<Self> {
        let sign = text.as_bytes()[range.start];
        let before = text[..range.start].chars().next_back().unwrap_or('\n');
        let after = text[range.end..].chars().next().unwrap_or('\n');
        let is_single = range.len() == 1;
        let (left, right) = (flanks(before, after), flanks(after, before));
        let (opens, closes) = match sign {
            b'~' if range.len() != 2 => (false, false),
            b'|' if is_single => (false, false),
            b'~' | b'|' => (!after.is_whitespace(), !before.is_whitespace()),
            // A pattern for files, and faces such as `(*^^*)` and `^_^`.
            b'*' if is_single && before == '/' && after == '.' => (false, false),
            b'*' if is_single
                && (matches!(before, '(' | '（') && is_odd(after)
                    || matches!(after, ')' | '）') && is_odd(before)) =>
            {
                (false, false)
            }
            b'_' if is_single && is_odd(before) && is_odd(after) => (false, false),
            // Arithmetic, and footnotes.
            b'*' if before.is_ascii_digit() && after.is_ascii_alphanumeric()
                || after.is_ascii_digit()
                    && (before.is_ascii_alphanumeric() || is_single && before.is_alphanumeric()) =>
            {
                (false, right)
            }
            // Not inside of a word, such as snake_case.
            b'_' => (left && (!right || is_sign(before)), right && (!left || is_sign(after))),
            _ => (left, right),
        };
        let length = range.len();
        let run = Self {
            range,
            closed: Vec::new(),
            opened: Vec::new(),
            sign,
            length,
            opens,
            closes,
            is_settled: false,
        };
        (opens || closes).then_some(run)
    }

    /// Returns whether `self` can open what `closer` closes.
    fn matches(&self, closer: &Self) -> bool {
        // CommonMark's rule of three: `*a**b*` is not closed in the middle.
        let is_ambiguous = matches!(self.sign, b'*' | b'_')
            && (self.closes || closer.opens)
            && (self.length + closer.length).is_multiple_of(3)
            && !(self.length.is_multiple_of(3) && closer.length.is_multiple_of(3));
        self.sign == closer.sign && !is_ambiguous && self.range.len() >= self.least()
    }

    /// How many signs an element needs: strikethrough and spoilers have two.
    const fn least(&self) -> usize {
        if matches!(self.sign, b'*' | b'_') { 1 } else { 2 }
    }

    /// Takes signs from both runs for an element.
    fn close(&mut self, closer: &mut Self) {
        let (element, count) = match self.sign {
            b'~' => (Element::Strike, 2),
            b'|' => (Element::Spoiler, 2),
            _ if self.range.len() >= 2 && closer.range.len() >= 2 => (Element::Strong, 2),
            _ => (Element::Emphasis, 1),
        };
        let (open, close) = (self.range.end - count, closer.range.start + count);
        self.opened.push((element, open..self.range.end));
        closer.closed.push(closer.range.start..close);
        self.range.end = open;
        closer.range.start = close;
    }
}

/// Returns whether a run between these characters can begin an emphasis; with both exchanged, whether it can end one.
/// Next to characters of East Asian scripts, which are written without spaces, punctuation makes no difference.
fn flanks(outside: char, inside: char) -> bool {
    let is_plain_sign = |c| is_sign(c) && !is_east_asian(c);
    !inside.is_whitespace()
        && (!is_plain_sign(inside) || outside.is_whitespace() || is_sign(outside) || is_east_asian(outside))
}

/// Returns whether `c` is punctuation or a symbol.
fn is_sign(c: char) -> bool {
    let is_word = matches!(Kind::of(c), Kind::Letter | Kind::Number | Kind::Katakana | Kind::Dense);
    !is_word && !c.is_whitespace() && (c.is_ascii() || !word::extends(c))
}

/// Returns whether `c` is a sign that texts have beside emphasis only in faces: no bracket, quotation mark or emphasis.
fn is_odd(c: char) -> bool {
    is_sign(c) && !"*_~|`()[]{}\"'“”‘’„«»（）「」『』【】〈〉《》［］｛｝.,!?:、。！？：；…—–/".contains(c)
}

/// Returns whether `c` belongs to Chinese, Japanese or Korean, by blocks; also their punctuation and full-width signs.
const fn is_east_asian(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{11FF}' | '\u{2E80}'..='\u{A4CF}' | '\u{A960}'..='\u{A97F}' | '\u{AC00}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF01}'..='\u{FFEF}' | '\u{1B000}'..='\u{1B16F}'
        | '\u{20000}'..='\u{3FFFF}')
}

/// Pairs the runs among these tokens, as `CommonMark`'s "process emphasis" does.
pub(super) fn pair(tokens: &mut [Token]) {
    // Runs that may be closed by a later one.
    let mut openers: Vec<usize> = Vec::new();
    // For each kind of closer: openers up to here were searched in vain.
    let mut searched = [0; SIGNS.len() * 2 * 3];
    for at in 0..tokens.len() {
        let (before, rest) = tokens.split_at_mut(at);
        let Some(Token::Run(closer)) = rest.first_mut() else { continue };
        if std::mem::replace(&mut closer.is_settled, true) {
            continue;
        }
        while closer.closes && closer.range.len() >= closer.least() {
            let sign = SIGNS.iter().position(|&sign| sign == closer.sign).unwrap_or_default();
            let kind = (sign * 2 + usize::from(closer.opens)) * 3 + closer.length % 3;
            let run = |token: usize| match &before[token] {
                Token::Run(run) => Some(run),
                Token::Part(_) => None,
            };
            let is_match = |&place: &usize| run(openers[place]).is_some_and(|opener| opener.matches(closer));
            let Some(place) = (searched[kind]..openers.len()).rev().find(is_match) else {
                searched[kind] = openers.len();
                break;
            };
            if let Token::Run(opener) = &mut before[openers[place]] {
                opener.close(closer);
                let is_used_up = opener.range.is_empty();
                openers.truncate(if is_used_up { place } else { place + 1 });
            }
            for searched in &mut searched {
                *searched = openers.len().min(*searched);
            }
        }
        if closer.opens && !closer.range.is_empty() {
            openers.push(at);
        }
    }
}
