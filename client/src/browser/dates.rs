//! Dates, times and numbers as the browser writes them in the page's language.

use std::cell::RefCell;
use std::collections::HashMap;

use js_sys::Intl::{DateTimeFormat, NumberFormat};
use js_sys::{Array, Date, Object, Reflect};
use shared::Timestamp;
use wasm_bindgen::JsValue;

use crate::state::calendar::Day;

/// Milliseconds in which the offset of a time zone does not change.
const QUARTER: i64 = 15 * 60 * 1_000;

/// How a moment is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Hours and minutes.
    Time,
    /// Date, hours and minutes.
    Full,
    /// The same in little space.
    Short,
    /// A date with its weekday.
    Date,
}

type Formatters = Vec<((&'static str, Style), DateTimeFormat)>;

thread_local! {
    // Making a formatter takes the browser far longer than using it.
    static FORMATTERS: RefCell<Formatters> = RefCell::default();
    static OFFSETS: RefCell<HashMap<i64, i64>> = RefCell::default();
}

/// The moment `at` in the language with this BCP 47 tag.
pub fn format(tag: &'static str, style: Style, at: Timestamp) -> String {
    FORMATTERS.with_borrow_mut(|formatters| {
        let known = formatters.iter().position(|(what, _)| *what == (tag, style));
        let known = known.unwrap_or_else(|| {
            formatters.push(((tag, style), formatter(tag, style)));
            formatters.len() - 1
        });
        let (_, formatter) = &formatters[known];
        let date = Date::new(&JsValue::from_f64(at.millis() as f64));
        let text = formatter.format().call1(&JsValue::UNDEFINED, &date);
        text.ok().and_then(|text| text.as_string()).unwrap_or_default()
    })
}

/// The date of a day.
pub fn format_day(tag: &'static str, day: Day) -> String {
    format(tag, Style::Date, Timestamp::from_millis(day.utc_millis()))
}

/// A number in the language with this tag.
pub fn format_number(tag: &'static str, number: u64) -> String {
    let formatter = NumberFormat::new(&Array::of1(&tag.into()), &Object::new());
    let text = formatter.format().call1(&JsValue::UNDEFINED, &JsValue::from_f64(number as f64));
    text.ok().and_then(|text| text.as_string()).unwrap_or_else(|| number.to_string())
}

/// The day of a moment in the person's time zone.
pub fn day(at: Timestamp) -> Day {
    let quarter = at.millis().div_euclid(QUARTER);
    let ahead = OFFSETS.with_borrow_mut(|offsets| {
        *offsets.entry(quarter).or_insert_with(|| {
            -Date::new(&JsValue::from_f64(at.millis() as f64)).get_timezone_offset() as i64
        })
    });
    Day::of(at, ahead)
}

fn formatter(tag: &str, style: Style) -> DateTimeFormat {
    let options: &[(&str, &str)] = match style {
        Style::Time => &[("hour", "numeric"), ("minute", "2-digit")],
        Style::Full => &[("dateStyle", "full"), ("timeStyle", "short")],
        Style::Short => &[("dateStyle", "medium"), ("timeStyle", "short")],
        // A day is held as midnight in UTC.
        Style::Date => &[
            ("weekday", "short"),
            ("day", "numeric"),
            ("month", if tag == "ja" { "long" } else { "short" }),
            ("year", "numeric"),
            ("timeZone", "UTC"),
        ],
    };
    let object = Object::new();
    for (key, value) in options {
        // A plain object takes every property.
        let _ = Reflect::set(&object, &(*key).into(), &(*value).into());
    }
    DateTimeFormat::new(&Array::of1(&tag.into()), &object)
}
