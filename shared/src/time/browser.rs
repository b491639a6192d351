//! The browser's calendar. May be more lenient than RFC 3339, because what it parses comes from the server or from this
//! client.

use js_sys::Date;

/// The largest JavaScript time value in either direction, in milliseconds.
const LAST: i64 = 8_640_000_000_000_000;

pub fn parse(text: &str) -> Option<i64> {
    let millis = Date::parse(text);
    (!millis.is_nan()).then_some(millis as i64)
}

pub fn format(millis: i64) -> String {
    let millis = millis.clamp(-LAST, LAST);
    Date::new(&(millis as f64).into()).to_iso_string().into()
}
