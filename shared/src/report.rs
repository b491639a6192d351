//! Reports of messages to those who keep order, over HTTP.

use crate::body::Body;
use crate::event::Person;
use crate::failure::{ErrorCode, Failure};
use crate::fields::object;
use crate::id::Seq;
use crate::limits::REASON_CHARS;
use crate::text::{MessageText, RoomAddress, ShortText};
use crate::time::Timestamp;

/// The body of a request to report a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReport {
    pub reason: Option<ShortText>,
}

impl NewReport {
    /// Parses the body of a request.
    ///
    /// # Errors
    /// What is wrong with it, and the field.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        Ok(Self { reason: line(text, "reason")? })
    }
}

/// The body of a request that resolves a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportResolution {
    /// What was done, or why nothing.
    pub note: Option<ShortText>,
}

impl ReportResolution {
    /// Parses the body of a request.
    ///
    /// # Errors
    /// What is wrong with it, and the field.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        Ok(Self { note: line(text, "note")? })
    }
}

/// Reads an optional line of text.
fn line(text: &str, field: &'static str) -> Result<Option<ShortText>, Failure> {
    let line = Body::of(text)?.text(field)?.filter(|line| !line.trim().is_empty());
    let line = line.map(|line| {
        ShortText::within(&line, REASON_CHARS).map_err(|error| {
            Failure::new(ErrorCode::InvalidField, format!("\"{field}\" {error}")).in_field(field)
        })
    });
    line.transpose()
}

object! {
    /// A page of reports.
    pub struct Reports {
        /// The newest first.
        pub reports: Vec<Report> = need,
        /// Whether there are older ones.
        pub more: bool = need,
    }
}

object! {
    /// A message that somebody reported, as it was then.
    pub struct Report {
        /// Increases with time.
        pub id: u64 = need,
        pub room: RoomAddress = need,
        /// What a private room is called.
        pub title: Option<ShortText> = get,
        pub seq: Seq = need,
        pub author: Person = need,
        /// When the message was written.
        pub written_at: Timestamp = need,
        /// Missing when it is not kept any more.
        pub content: Option<MessageText> = get,
        /// Who reported it.
        pub by: Person = need,
        pub reason: Option<ShortText> = get,
        pub timestamp: Timestamp = need,
        /// Missing while the report is open.
        pub resolved: Option<Resolved> = get,
    }
}

object! {
    /// Who settled a report, and how.
    pub struct Resolved {
        pub by: Person = need,
        pub note: Option<ShortText> = get,
        pub timestamp: Timestamp = need,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_a_line_or_nothing() {
        assert_eq!(NewReport::parse(r#"{"reason":" "}"#).unwrap(), NewReport { reason: None });
        assert_eq!(NewReport::parse("{}").unwrap(), NewReport { reason: None });
        let spam = NewReport::parse(r#"{"reason":" spam\n again "}"#).unwrap();
        assert_eq!(spam.reason.as_ref().map(ShortText::as_str), Some("spam again"));
        let long = format!(r#"{{"note":"{}"}}"#, "a".repeat(REASON_CHARS + 1));
        assert_eq!(ReportResolution::parse(&long).unwrap_err().field.as_deref(), Some("note"));
    }
}
