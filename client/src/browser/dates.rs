//! Dates, times and numbers as the browser formats them in the page's language and the user's time zone. When the time
//! zone changes, the caches are cleared and every caller that formatted a date is re-run.

use std::cell::RefCell;

use js_sys::Intl::{DateTimeFormat, NumberFormat};
use js_sys::{Array, Date, Function, Object, Reflect};
use leptos::prelude::*;
use shared::Timestamp;
use wasm_bindgen::JsValue;

use crate::calendar::Day;

/// Granularity at which the offset of a time zone may change, in milliseconds.
const QUARTER: i64 = 15 * 60 * 1_000;

/// How a date or time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Hours and minutes.
    Time,
    /// Date, hours and minutes.
    Full,
    /// Date, hours and minutes, abbreviated.
    Short,
    /// Date with its weekday.
    Date,
}

/// Format functions by language tag and style; without a style, the one for numbers.
type Formatters = Vec<((&'static str, Option<Style>), Function)>;

thread_local! {
    // Creating a formatter takes the browser far longer than using it.
    static FORMATTERS: RefCell<Formatters> = RefCell::default();
    /// Minutes ahead of UTC, by quarter of an hour, sorted.
    static OFFSETS: RefCell<Vec<(i64, i64)>> = RefCell::default();
    /// Identifies the time zone, as far as its offsets tell it from others.
    static ZONE: ArcRwSignal<[i32; 2]> = ArcRwSignal::new(zone());
}

/// Minutes to UTC now and in half a year: zones that agree today may differ in daylight saving time.
fn zone() -> [i32; 2] {
    let now = Date::now();
    [now, now + 182.0 * 24.0 * 3_600_000.0]
        .map(|at| Date::new(&JsValue::from_f64(at)).get_timezone_offset() as i32)
}

/// Checks whether the user's time zone has changed.
pub fn look_for_zone() {
    ZONE.with(|known| {
        let zone = zone();
        if known.with_untracked(|known| *known != zone) {
            FORMATTERS.with_borrow_mut(Vec::clear);
            OFFSETS.with_borrow_mut(Vec::clear);
            known.set(zone);
        }
    });
}

/// Subscribes the caller to changes of the time zone.
pub fn follow_zone() {
    ZONE.with(Track::track);
}

/// Formats `at` in the language with this BCP 47 tag. Subscribes the caller to changes of the time zone.
pub fn format(tag: &'static str, style: Style, at: Timestamp) -> String {
    follow_zone();
    let date = Date::new(&JsValue::from_f64(at.millis() as f64));
    formatted(tag, Some(style), &date).unwrap_or_default()
}

fn formatted(tag: &'static str, style: Option<Style>, what: &JsValue) -> Option<String> {
    FORMATTERS.with_borrow_mut(|formatters| {
        let known = formatters.iter().position(|(which, _)| *which == (tag, style));
        let known = known.unwrap_or_else(|| {
            formatters.push(((tag, style), formatter(tag, style)));
            formatters.len() - 1
        });
        formatters[known].1.call1(&JsValue::UNDEFINED, what).ok()?.as_string()
    })
}

pub fn format_day(tag: &'static str, day: Day) -> String {
    format(tag, Style::Date, Timestamp::from_millis(day.utc_millis()))
}

/// Formats a number in the language with this BCP 47 tag.
pub fn format_number(tag: &'static str, number: u64) -> String {
    formatted(tag, None, &JsValue::from_f64(number as f64)).unwrap_or_else(|| number.to_string())
}

/// The calendar day of `at` in the user's time zone.
pub fn day(at: Timestamp) -> Day {
    let quarter = at.millis().div_euclid(QUARTER);
    let ahead = OFFSETS.with_borrow_mut(|offsets| {
        let place = offsets.partition_point(|(known, _)| *known < quarter);
        if offsets.get(place).is_none_or(|(known, _)| *known != quarter) {
            let date = Date::new(&JsValue::from_f64(at.millis() as f64));
            offsets.insert(place, (quarter, -date.get_timezone_offset() as i64));
        }
        offsets[place].1
    });
    Day::of(at, ahead)
}

fn formatter(tag: &str, style: Option<Style>) -> Function {
    let languages = Array::of1(&tag.into());
    let Some(style) = style else { return NumberFormat::new(&languages, &Object::new()).format() };
    let options: &[(&str, &str)] = match style {
        Style::Time => &[("hour", "numeric"), ("minute", "2-digit")],
        Style::Full => &[("dateStyle", "full"), ("timeStyle", "short")],
        Style::Short => &[("dateStyle", "medium"), ("timeStyle", "short")],
        // A day is stored as midnight in UTC.
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
        // Setting a property of a plain object does not fail.
        let _ = Reflect::set(&object, &(*key).into(), &(*value).into());
    }
    DateTimeFormat::new(&languages, &object).format()
}
