//! Reads JSON objects field by field. The browser downloads this code: what serde derives for a struct is several
//! times as long as the list of its fields.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Error, Result, from_str};

/// The fields of an object with their values as they stand in the text.
pub(crate) struct Fields<'a>(Vec<(Name<'a>, &'a RawValue)>);

#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'a> Fields<'a> {
    pub fn of(text: &'a str) -> Result<Self> {
        from_str(text)
    }

    /// The value of a field; none if it is missing or `null`.
    pub fn get<T: Deserialize<'a>>(&self, name: &str) -> Result<Option<T>> {
        self.text(name).map(from_str).transpose()
    }

    /// The value of a field that must be there.
    pub fn need<T: Deserialize<'a>>(&self, name: &'static str) -> Result<T> {
        self.text(name).ok_or_else(|| Error::missing_field(name)).and_then(from_str)
    }

    /// The value of a field that is left out while it says nothing.
    pub fn or_default<T: Deserialize<'a> + Default>(&self, name: &str) -> Result<T> {
        self.get(name).map(Option::unwrap_or_default)
    }

    /// Every value of that name, as it stands in the text.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field.0 == name).map(|(_, value)| value.get())
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        self.all(name).next().filter(|value| *value != "null")
    }
}

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

/// Something that an object stands for.
pub(crate) trait FromFields: Sized {
    fn from_fields(fields: &Fields<'_>) -> Result<Self>;
}

/// Reads it where it stands in a text that is borrowed (`from_str`, `from_slice`); `from_value` and `from_reader` cannot.
pub(crate) fn read<'de, T: FromFields, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<T, D::Error> {
    let object = <&RawValue>::deserialize(deserializer)?;
    Fields::of(object.get()).and_then(|fields| T::from_fields(&fields)).map_err(serde::de::Error::custom)
}

/// Reads a struct whose fields are named as on the wire, each by a method of [`Fields`].
macro_rules! from_fields {
    ($($name:ident { $($field:ident: $method:ident),* $(,)? })*) => {$(
        impl $crate::fields::FromFields for $name {
            fn from_fields(fields: &$crate::fields::Fields<'_>) -> serde_json::Result<Self> {
                Ok(Self { $($field: fields.$method(stringify!($field))?),* })
            }
        }

        $crate::fields::deserialize!($name);
    )*};
}

/// Makes serde read something that implements [`FromFields`].
macro_rules! deserialize {
    ($name:ident) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(
                deserializer: D,
            ) -> std::result::Result<Self, D::Error> {
                $crate::fields::read(deserializer)
            }
        }
    };
}

pub(crate) use {deserialize, from_fields};
