//! Conditions of a query that do not concern the words of the text.

use crate::failure::{ErrorCode, Failure};
use crate::limits::SEARCH_WORDS;
use crate::search::fold::fold;
use crate::text::{RoomAddress, UserName};
use crate::time::Timestamp;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// The conditions that a message must satisfy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a condition that may be asked for beside the others"
)]
pub struct Filter {
    /// `from:`, the author's name when the message was posted.
    pub author: Option<UserName>,
    /// `in:`
    pub room: Option<RoomAddress>,
    /// `after:`, inclusive lower bound: the given time, or the end of the given day (UTC).
    pub since: Option<Timestamp>,
    /// `before:`, exclusive upper bound: the given time, or the start of the given day (UTC).
    pub until: Option<Timestamp>,
    /// `has:link`
    pub has_link: bool,
    /// `has:file`
    pub has_file: bool,
    /// `has:reaction`
    pub has_reaction: bool,
    /// `-has:link`
    pub no_link: bool,
    /// `-has:reaction`
    pub no_reaction: bool,
    /// `-from:`
    pub other_authors: Vec<UserName>,
    /// `-in:`
    pub other_rooms: Vec<RoomAddress>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    From,
    In,
    After,
    Before,
    Has,
}

impl Name {
    /// Returns the filter with this name.
    pub fn parse(raw: &str) -> Option<Self> {
        match fold(raw).as_str() {
            "from" => Some(Self::From),
            "in" => Some(Self::In),
            "after" => Some(Self::After),
            "before" => Some(Self::Before),
            "has" => Some(Self::Has),
            _ => None,
        }
    }
}

impl Filter {
    /// Adds a condition.
    pub(super) fn add(&mut self, name: Name, value: &str) -> Result<(), Failure> {
        match name {
            Name::From => once("from", &mut self.author, author(value)?),
            Name::In => once("in", &mut self.room, room(value)?),
            Name::After => once("after", &mut self.since, moment("after", value, DAY_MILLIS)?),
            Name::Before => once("before", &mut self.until, moment("before", value, 0)?),
            Name::Has => self.add_has(value),
        }
    }

    /// Adds a condition that must not hold.
    pub(super) fn exclude(&mut self, name: Name, value: &str) -> Result<(), Failure> {
        match name {
            Name::From => self.other_authors.push(author(value)?),
            Name::In => self.other_rooms.push(room(value)?),
            Name::After | Name::Before => return Err(refused("\"before:\" and \"after:\" have no minus")),
            Name::Has => match thing(value)? {
                Thing::Link => self.no_link = true,
                Thing::File => {}
                Thing::Reaction => self.no_reaction = true,
            },
        }
        if self.other_authors.len().max(self.other_rooms.len()) > SEARCH_WORDS {
            return Err(refused(&format!("has more than {SEARCH_WORDS} words")));
        }
        Ok(())
    }

    /// Returns whether messages of this author in this room satisfy the `from:` and `in:` conditions.
    pub fn admits(&self, author: &UserName, room: &RoomAddress) -> bool {
        let is_author = |name: &UserName| name.key() == author.key();
        self.author.as_ref().is_none_or(is_author)
            && !self.other_authors.iter().any(is_author)
            && self.room.as_ref().is_none_or(|name| name == room)
            && !self.other_rooms.contains(room)
    }

    fn add_has(&mut self, value: &str) -> Result<(), Failure> {
        match thing(value)? {
            Thing::Link => self.has_link = true,
            Thing::File => self.has_file = true,
            Thing::Reaction => self.has_reaction = true,
        }
        Ok(())
    }
}

/// Values of `has:`.
enum Thing {
    Link,
    File,
    Reaction,
}

fn thing(value: &str) -> Result<Thing, Failure> {
    match fold(value).as_str() {
        "link" => Ok(Thing::Link),
        "file" => Ok(Thing::File),
        "reaction" => Ok(Thing::Reaction),
        _ => Err(refused(&format!("\"has:\" must be link, file or reaction, not {value:?}"))),
    }
}

/// Parses a user name, with or without the `@` of mentions.
fn author(value: &str) -> Result<UserName, Failure> {
    let name = value.strip_prefix(['@', '＠']).unwrap_or(value);
    UserName::new(name).map_err(|error| refused(&format!("\"from:\" {error}")))
}

/// Parses a room, with or without the `#` that it is displayed with.
fn room(value: &str) -> Result<RoomAddress, Failure> {
    let name = value.strip_prefix(['#', '＃']).unwrap_or(value);
    RoomAddress::new(name).map_err(|error| refused(&format!("\"in:\" {error}")))
}

fn once<T>(name: &str, place: &mut Option<T>, value: T) -> Result<(), Failure> {
    match place.replace(value) {
        Some(_) => Err(refused(&format!("\"{name}:\" may be given once"))),
        None => Ok(()),
    }
}

/// Parses a time, or a day (UTC) as its start plus `into_day` milliseconds.
fn moment(name: &str, raw: &str, into_day: i64) -> Result<Timestamp, Failure> {
    let value = fold(raw).to_ascii_uppercase();
    let time = if value.len() == 10 {
        let midnight = Timestamp::parse(&format!("{value}T00:00:00Z"));
        midnight.map(|midnight| Timestamp::from_millis(midnight.millis() + into_day))
    } else {
        Timestamp::parse(&value)
    };
    time.ok_or_else(|| {
        refused(&format!("\"{name}:\" must be a day (2026-11-24) or a time (RFC 3339), not {raw:?}"))
    })
}

/// The failure for an invalid query.
pub fn refused(why: &str) -> Failure {
    Failure::new(ErrorCode::InvalidField, why).in_field("query")
}
