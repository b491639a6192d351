//! Links in a text: web addresses with `http://`, `https://` or `www.`, and email addresses.
//!
//! People write them into sentences of any script, with and without spaces. A link therefore consists of characters
//! that are part of words according to Unicode, and of ASCII punctuation that has a meaning in addresses. Anything else
//! ends it: brackets, quotes, full stops and symbols of any script.

mod host;
mod mailbox;
mod tail;

use std::ops::Range;

use crate::unicode::is_url;

/// A link in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link<'a> {
    /// The position in the text, in bytes.
    pub range: Range<usize>,
    text: &'a str,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A complete URL.
    Url,
    /// A host without a scheme.
    Host,
    Mailbox,
}

impl Link<'_> {
    /// Returns the target: an http, https or mailto URL.
    pub fn target(&self) -> String {
        match self.kind {
            Kind::Url => self.text.to_owned(),
            Kind::Host => format!("https://{}", self.text),
            Kind::Mailbox => mailbox::url(self.text),
        }
    }

    /// Returns whether this links to a web page rather than a mailbox.
    pub fn is_web(&self) -> bool {
        self.kind != Kind::Mailbox
    }
}

/// Finds the links of a text in order, not overlapping. Takes time linear in the text.
pub fn links(text: &str) -> impl Iterator<Item = Link<'_>> {
    let mut finder = Finder { text, at: 0, done: 0, refused: 0, unaddressed: 0 };
    std::iter::from_fn(move || finder.next())
}

struct Finder<'a> {
    text: &'a str,
    /// The next byte to examine.
    at: usize,
    done: usize,
    /// The end of the last rejected host. Hosts that begin inside it end with it, and are not examined again.
    refused: usize,
    /// The end of the last characters of a local part that no `@` follows, so that none is looked for twice.
    unaddressed: usize,
}

impl<'a> Finder<'a> {
    fn next(&mut self) -> Option<Link<'a>> {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            let found = match byte {
                b':' => self.url(),
                b'w' | b'W' => self.host(),
                b'@' => self.mailbox(),
                _ => None,
            };
            if let Some((kind, range)) = found {
                (self.at, self.done) = (range.end, range.end);
                return Some(Link { text: &self.text[range.clone()], range, kind });
            }
            self.at += 1;
        }
        None
    }

    /// Parses a URL whose colon is at `self.at`.
    fn url(&self) -> Option<(Kind, Range<usize>)> {
        let authority = self.text[self.at..].strip_prefix("://")?;
        let before = &self.text[self.done..self.at];
        let scheme = ["https", "http"].into_iter().find(|scheme| ends_with(before, scheme))?;
        let start = self.at - scheme.len();
        let before = &before[..before.len() - scheme.len()];
        // The end of another scheme, as in `git+https`.
        let other = before.trim_end_matches(['+', '-']);
        if other.ends_with(|c: char| c.is_ascii_alphanumeric()) {
            return None;
        }
        let end = self.at + "://".len() + host::authority(authority)?;
        if !is_url(&self.text[start..end]) {
            return None;
        }
        Some((Kind::Url, start..end + self.tail(start, end)))
    }

    /// Parses a host whose `www.` begins at `self.at`.
    fn host(&mut self) -> Option<(Kind, Range<usize>)> {
        let rest = &self.text[self.at..];
        let is_new = self.at >= self.refused && starts_with(rest, "www.");
        if !is_new || self.before(self.at).is_some_and(is_inner) {
            return None;
        }
        let name = host::name(rest, true)?;
        let length = name.len() + host::port(&rest[name.len()..]);
        let is_whole = name.len() > "www.".len();
        let end = self.at + length;
        let mailbox = self.local_part(end);
        if mailbox.is_some() || !is_whole || !is_url(&format!("https://{}", &rest[..length])) {
            self.refused = mailbox.unwrap_or(end);
            return None;
        }
        Some((Kind::Host, self.at..end + self.tail(self.at, end)))
    }

    /// Parses a mailbox whose `@` is at `self.at`.
    fn mailbox(&self) -> Option<(Kind, Range<usize>)> {
        let (before, after) = (&self.text[self.done..self.at], &self.text[self.at + 1..]);
        let (local, domain) = (mailbox::local(before)?, mailbox::domain(after)?);
        let mut start = self.at - local.len();
        if self.before(start).is_some_and(|c| matches!(c, '@' | '＠'))
            || !is_url(&format!("https://{domain}"))
        {
            return None;
        }
        let scheme = "mailto:";
        if ends_with(&self.text[self.done..start], scheme) {
            start -= scheme.len();
        }
        Some((Kind::Mailbox, start..self.at + 1 + domain.len()))
    }

    /// Returns the end of the local part of a mailbox that goes on at `from`.
    fn local_part(&mut self, from: usize) -> Option<usize> {
        if from < self.unaddressed {
            return None;
        }
        let end = from + mailbox::local_length(&self.text[from..]);
        if self.text[end..].starts_with('@') {
            return Some(end);
        }
        self.unaddressed = end;
        None
    }

    fn tail(&self, start: usize, end: usize) -> usize {
        tail::length(&self.text[end..], &self.text[self.done..start])
    }

    fn before(&self, place: usize) -> Option<char> {
        self.text[self.done..place].chars().next_back()
    }
}

/// Returns whether a host cannot begin after `c`.
const fn is_inner(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@' | '/' | ':')
}

fn starts_with(text: &str, ascii: &str) -> bool {
    text.as_bytes().get(..ascii.len()).is_some_and(|start| start.eq_ignore_ascii_case(ascii.as_bytes()))
}

fn ends_with(text: &str, ascii: &str) -> bool {
    let start = text.len().checked_sub(ascii.len());
    start.is_some_and(|start| text.as_bytes()[start..].eq_ignore_ascii_case(ascii.as_bytes()))
}

#[cfg(test)]
mod tests;
