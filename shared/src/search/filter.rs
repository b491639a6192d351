//! Conditions of a query that are not about the text.

use crate::failure::{ErrorCode, Failure};
use crate::search::fold::fold;
use crate::text::{RoomAddress, UserName};
use crate::time::Timestamp;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// What the message found must be like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// `from:`, the author's name at that time.
    pub author: Option<UserName>,
    /// `in:`
    pub room: Option<RoomAddress>,
    /// `after:`, the first moment that may be found: that of a time, the end of a day (UTC).
    pub since: Option<Timestamp>,
    /// `before:`, the first moment that may not: that of a time, the beginning of a day (UTC).
    pub until: Option<Timestamp>,
    /// `has:link`
    pub has_link: bool,
    /// `has:file`
    pub has_file: bool,
    /// `has:reaction`
    pub has_reaction: bool,
}

/// The name of a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    From,
    In,
    After,
    Before,
    Has,
}

impl Name {
    /// The filter that is called so.
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
            Name::From => {
                let author = UserName::new(value).map_err(|error| refused(&format!("\"from:\" {error}")))?;
                once("from", &mut self.author, author)
            }
            Name::In => {
                let room = RoomAddress::new(value).map_err(|error| refused(&format!("\"in:\" {error}")))?;
                once("in", &mut self.room, room)
            }
            Name::After => once("after", &mut self.since, moment("after", value, DAY_MILLIS)?),
            Name::Before => once("before", &mut self.until, moment("before", value, 0)?),
            Name::Has => self.add_has(value),
        }
    }

    fn add_has(&mut self, value: &str) -> Result<(), Failure> {
        match fold(value).as_str() {
            "link" => self.has_link = true,
            "file" => self.has_file = true,
            "reaction" => self.has_reaction = true,
            _ => return Err(refused(&format!("\"has:\" must be link, file or reaction, not {value:?}"))),
        }
        Ok(())
    }
}

fn once<T>(name: &str, place: &mut Option<T>, value: T) -> Result<(), Failure> {
    match place.replace(value) {
        Some(_) => Err(refused(&format!("\"{name}:\" may be given once"))),
        None => Ok(()),
    }
}

/// A time, or a day (UTC) with `into_day` behind its beginning.
fn moment(name: &str, raw: &str, into_day: i64) -> Result<Timestamp, Failure> {
    let value = fold(raw).to_uppercase();
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

/// The answer to a query that cannot be used.
pub fn refused(why: &str) -> Failure {
    Failure::new(ErrorCode::InvalidField, why).in_field("query")
}
