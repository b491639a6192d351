//! Time zones by name, as far as the browser knows them.

use js_sys::Intl::DateTimeFormat;
use js_sys::{Array, Date, Function, Object, Reflect};
use shared::Timestamp;
use wasm_bindgen::{JsCast, JsValue};

/// The user's time zone, such as `Asia/Tokyo`.
pub fn own() -> Option<String> {
    let options = DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
    Reflect::get(&options, &"timeZone".into()).ok()?.as_string()
}

/// The time of day in a time zone, with the weekday; `None` if the browser does not know the zone.
pub fn time_in(tag: &'static str, zone: &str, at: Timestamp) -> Option<String> {
    let options = Object::new();
    for (key, value) in [("weekday", "short"), ("hour", "numeric"), ("minute", "2-digit"), ("timeZone", zone)]
    {
        Reflect::set(&options, &key.into(), &value.into()).ok()?;
    }
    // The constructor throws on an unknown zone; this way the exception is a value.
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let class: Function = Reflect::get(&intl, &"DateTimeFormat".into()).ok()?.dyn_into().ok()?;
    let format = Reflect::construct(&class, &Array::of2(&tag.into(), &options)).ok()?;
    let format = format.unchecked_into::<DateTimeFormat>().format();
    let date = Date::new(&JsValue::from_f64(at.millis() as f64));
    format.call1(&JsValue::UNDEFINED, &date).ok()?.as_string()
}

/// The next time that the user's clock shows this hour.
pub fn next(hour: u32, after: Timestamp) -> Timestamp {
    let date = Date::new(&JsValue::from_f64(after.millis() as f64));
    date.set_hours(hour);
    date.set_minutes(0);
    date.set_seconds(0);
    date.set_milliseconds(0);
    if date.get_time() as i64 <= after.millis() {
        date.set_date(date.get_date() + 1);
    }
    Timestamp::from_millis(date.get_time() as i64)
}
