//! Reads the fields of a request one by one, so that a failure can name the field.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::from_str;

use crate::failure::{ErrorCode, Failure};
use crate::fields::Fields;

/// A request whose type is not known yet.
pub struct Body<'a>(Fields<'a>);

/// A string, borrowed unless it contains escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'a> Body<'a> {
    /// Parses one JSON object.
    pub fn of(text: &'a str) -> Result<Self, Failure> {
        // Anything but an object is a JSON error.
        if !text.trim_start().starts_with('{') {
            return Err(Failure::new(ErrorCode::BadJson, "a frame is one JSON object"));
        }
        Fields::of(text).map(Self).map_err(|error| Failure::new(ErrorCode::BadJson, error.to_string()))
    }

    /// Returns the value of a field, `None` if it is missing or `null`.
    pub fn get<T: Deserialize<'a>>(&self, name: &'static str) -> Result<Option<T>, Failure> {
        self.raw(name)?.filter(|value| *value != "null").map(|value| read(name, value)).transpose()
    }

    /// Returns the value of a required field.
    pub fn need<T: Deserialize<'a>>(&self, name: &'static str) -> Result<T, Failure> {
        let missing =
            || Failure::new(ErrorCode::MissingField, format!("\"{name}\" is missing")).in_field(name);
        read(name, self.raw(name)?.ok_or_else(missing)?)
    }

    /// [`Self::get`] for strings.
    pub fn text(&self, name: &'static str) -> Result<Option<Cow<'a, str>>, Failure> {
        Ok(self.get::<Text<'a>>(name)?.map(|text| text.0))
    }

    /// [`Self::need`] for strings.
    pub fn need_text(&self, name: &'static str) -> Result<Cow<'a, str>, Failure> {
        Ok(self.need::<Text<'a>>(name)?.0)
    }

    fn raw(&self, name: &'static str) -> Result<Option<&'a str>, Failure> {
        let mut found = self.0.all(name);
        let value = found.next();
        if found.next().is_some() {
            let message = format!("\"{name}\" is there twice");
            return Err(Failure::new(ErrorCode::InvalidField, message).in_field(name));
        }
        Ok(value)
    }
}

fn read<'a, T: Deserialize<'a>>(name: &'static str, value: &'a str) -> Result<T, Failure> {
    from_str(value).map_err(|error| {
        // Some JSON errors are only found here, for example a lone surrogate.
        let code = if error.is_data() { ErrorCode::InvalidField } else { ErrorCode::BadJson };
        let text = error.to_string();
        // The position is relative to the field, not to the frame.
        let what = text.rsplit_once(" at line ").map_or(&*text, |(what, _)| what);
        Failure::new(code, format!("\"{name}\": {what}")).in_field(name)
    })
}
