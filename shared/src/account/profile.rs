//! What an account tells others of itself.

use std::borrow::Cow;

use crate::body::Body;
use crate::emoji::Emoji;
use crate::failure::{ErrorCode, Failure};
use crate::fields::object;
use crate::limits::{PROFILE_COLOURS, READING_CHARS, STATUS_CHARS, TIME_ZONE_BYTES};
use crate::text::ShortText;
use crate::time::Timestamp;

object! {
    /// What everybody who meets an account may know of it. What is missing was not told.
    #[derive(Default)]
    pub struct Profile {
        /// How the name is read (よみ); people are found by it too.
        pub reading: Option<ShortText> = get,
        pub status_emoji: Option<Emoji> = get,
        pub status: Option<ShortText> = get,
        /// Until when the status holds; without it until it is changed.
        pub status_until: Option<Timestamp> = get,
        /// The number of the colour, below [`PROFILE_COLOURS`]; otherwise the id decides.
        pub colour: Option<u32> = get,
        /// Does not want to be disturbed until then.
        pub do_not_disturb_until: Option<Timestamp> = get,
        /// A name of the tz database, such as `Asia/Tokyo`.
        pub time_zone: Option<ShortText> = get,
    }
}

impl Profile {
    /// Parses the body of a request that replaces a profile.
    ///
    /// # Errors
    /// What is wrong with it, and the field.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let body = Body::of(text)?;
        Ok(Self {
            reading: line(&body, "reading", READING_CHARS)?,
            status_emoji: emoji(&body)?,
            status: line(&body, "status", STATUS_CHARS)?,
            status_until: body.get("status_until")?,
            colour: colour(&body)?,
            do_not_disturb_until: body.get("do_not_disturb_until")?,
            time_zone: time_zone(&body)?,
        })
    }

    /// Returns whether the status still holds.
    pub fn has_status(&self, now: Timestamp) -> bool {
        (self.status.is_some() || self.status_emoji.is_some())
            && self.status_until.is_none_or(|until| now < until)
    }

    /// Returns whether somebody does not want to be disturbed.
    pub fn is_quiet(&self, now: Timestamp) -> bool {
        self.do_not_disturb_until.is_some_and(|until| now < until)
    }
}

fn invalid(field: &'static str, what: &str) -> Failure {
    Failure::new(ErrorCode::InvalidField, format!("\"{field}\" {what}")).in_field(field)
}

/// An empty text counts as none: that is what an emptied field of a form sends.
fn filled<'a>(body: &Body<'a>, field: &'static str) -> Result<Option<Cow<'a, str>>, Failure> {
    Ok(body.text(field)?.filter(|text| !text.trim().is_empty()))
}

fn line(body: &Body<'_>, field: &'static str, limit: usize) -> Result<Option<ShortText>, Failure> {
    let Some(text) = filled(body, field)? else { return Ok(None) };
    ShortText::within(&text, limit).map(Some).map_err(|error| invalid(field, &error.to_string()))
}

fn emoji(body: &Body<'_>) -> Result<Option<Emoji>, Failure> {
    let Some(text) = filled(body, "status_emoji")? else { return Ok(None) };
    Emoji::new(text.trim()).map(Some).map_err(|error| invalid("status_emoji", &error.to_string()))
}

fn colour(body: &Body<'_>) -> Result<Option<u32>, Failure> {
    match body.get("colour")? {
        Some(number) if number >= PROFILE_COLOURS => {
            Err(invalid("colour", &format!("must be below {PROFILE_COLOURS}")))
        }
        colour => Ok(colour),
    }
}

/// Readers look the name up; one that they do not know tells them nothing.
fn time_zone(body: &Body<'_>) -> Result<Option<ShortText>, Failure> {
    let zone = line(body, "time_zone", TIME_ZONE_BYTES)?;
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
    match zone {
        Some(zone) if !zone.as_str().chars().all(is_allowed) => {
            Err(invalid("time_zone", "must be a name of the tz database"))
        }
        zone => Ok(zone),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Option<String> {
        Profile::parse(text).unwrap_err().field.map(Cow::into_owned)
    }

    #[test]
    fn a_profile_is_read_field_by_field() {
        let profile = Profile::parse(
            r#"{"reading":" やまだ  はなこ ","status_emoji":"❤️","status":"お昼\nです","status_until":"2026-11-30T12:00:00Z",
                "colour":7,"do_not_disturb_until":"2026-11-30T13:00:00+09:00","time_zone":"Asia/Tokyo"}"#,
        );
        let profile = profile.unwrap();
        assert_eq!(profile.reading.as_ref().unwrap().as_str(), "やまだ はなこ");
        assert_eq!(profile.status.as_ref().unwrap().as_str(), "お昼 です");
        assert_eq!(profile.status_emoji.as_ref().unwrap().as_str(), "❤");
        let text = serde_json::to_string(&profile).unwrap();
        assert_eq!(serde_json::from_str::<Profile>(&text).unwrap(), profile);
        assert_eq!(Profile::parse(r#"{"status":" ","colour":null}"#).unwrap(), Profile::default());
    }

    #[test]
    fn a_refusal_names_the_field() {
        let long = format!(r#"{{"status":"{}"}}"#, "あ".repeat(81));
        for (text, field) in [
            (r#"{"reading":"a\u202Eb"}"#, "reading"),
            (&*long, "status"),
            (r#"{"status_until":1000}"#, "status_until"),
            (r#"{"status_emoji":"ab"}"#, "status_emoji"),
            (r#"{"colour":8}"#, "colour"),
            (r#"{"colour":-1}"#, "colour"),
            (r#"{"time_zone":"Asia Tokyo"}"#, "time_zone"),
            (r#"{"time_zone":"アジア"}"#, "time_zone"),
        ] {
            assert_eq!(refused(text).as_deref(), Some(field), "{text}");
        }
    }

    #[test]
    fn a_status_and_quiet_end_by_themselves() {
        let at = Timestamp::from_millis;
        let status = ShortText::new("x").ok();
        let (status_until, do_not_disturb_until) = (Some(at(1_000)), Some(at(500)));
        let profile = Profile { status, status_until, do_not_disturb_until, ..Profile::default() };
        assert!(profile.has_status(at(999)) && !profile.has_status(at(1_000)));
        assert!(profile.is_quiet(at(499)) && !profile.is_quiet(at(500)));
        assert!(!Profile::default().has_status(at(0)) && !Profile::default().is_quiet(at(0)));
    }
}
