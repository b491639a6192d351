//! Reads JSON objects field by field. The code that serde derives for a struct is several times as large as the list of
//! its fields, and browsers have to download it.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Error, Result, from_str};

/// The fields of an object with their raw values.
pub(crate) struct Fields<'a>(Vec<(Name<'a>, &'a RawValue)>);

#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'a> Fields<'a> {
    pub fn of(text: &'a str) -> Result<Self> {
        from_str(text)
    }

    /// Returns the value of a field, `None` if it is missing or `null`.
    pub fn get<T: Deserialize<'a>>(&self, name: &str) -> Result<Option<T>> {
        self.text(name).map(from_str).transpose()
    }

    /// Returns the value of a required field.
    pub fn need<T: Deserialize<'a>>(&self, name: &'static str) -> Result<T> {
        self.text(name).ok_or_else(|| Error::missing_field(name)).and_then(from_str)
    }

    /// Returns the value of a field that is omitted if it is the default.
    pub fn or_default<T: Deserialize<'a> + Default>(&self, name: &str) -> Result<T> {
        self.get(name).map(Option::unwrap_or_default)
    }

    /// Returns all raw values with this name.
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

/// A type that can be read from the fields of a JSON object.
pub(crate) trait FromFields: Sized {
    fn from_fields(fields: &Fields<'_>) -> Result<Self>;
}

/// Deserialises from borrowed text (`from_str`, `from_slice`); does not work with `from_value` and `from_reader`.
pub(crate) fn read<'de, T: FromFields, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<T, D::Error> {
    let object = <&RawValue>::deserialize(deserializer)?;
    Fields::of(object.get()).and_then(|fields| T::from_fields(&fields)).map_err(serde::de::Error::custom)
}

/// Returns whether a value is the default and therefore omitted.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Defines an object of the wire once for serialisation and deserialisation. The mode of each field says how it is
/// written and read:
///
/// - `need`: always present;
/// - `get`: an `Option`, omitted if `None`;
/// - `or_default`: omitted if it is the default;
/// - `or_empty`: an `Option` of a text, written as an empty text if `None`;
/// - `added`: always written; read as the default from servers that predate the field.
macro_rules! object {
    ($(#[$about:meta])* pub struct $name:ident { $($fields:tt)* }) => {
        $crate::fields::object!(@field [$(#[$about])* $name] [] [] $($fields)*);
    };
    (@field $head:tt [$($out:tt)*] [$($read:tt)*]
     $(#[$doc:meta])* pub $field:ident: $type:ty = get, $($rest:tt)*) => {
        $crate::fields::object!(@field $head
            [$($out)* $(#[$doc])* #[serde(skip_serializing_if = "Option::is_none")] pub $field: $type,]
            [$($read)* $field get,] $($rest)*);
    };
    (@field $head:tt [$($out:tt)*] [$($read:tt)*]
     $(#[$doc:meta])* pub $field:ident: $type:ty = or_default, $($rest:tt)*) => {
        $crate::fields::object!(@field $head
            [$($out)* $(#[$doc])* #[serde(skip_serializing_if = "crate::fields::is_default")] pub $field: $type,]
            [$($read)* $field or_default,] $($rest)*);
    };
    (@field $head:tt [$($out:tt)*] [$($read:tt)*]
     $(#[$doc:meta])* pub $field:ident: $type:ty = or_empty, $($rest:tt)*) => {
        $crate::fields::object!(@field $head
            [$($out)* $(#[$doc])* #[serde(serialize_with = "crate::event::empty_if_none")] pub $field: $type,]
            [$($read)* $field or_empty,] $($rest)*);
    };
    (@field $head:tt [$($out:tt)*] [$($read:tt)*]
     $(#[$doc:meta])* pub $field:ident: $type:ty = added, $($rest:tt)*) => {
        $crate::fields::object!(@field $head
            [$($out)* $(#[$doc])* pub $field: $type,] [$($read)* $field or_default,] $($rest)*);
    };
    (@field $head:tt [$($out:tt)*] [$($read:tt)*]
     $(#[$doc:meta])* pub $field:ident: $type:ty = need, $($rest:tt)*) => {
        $crate::fields::object!(@field $head
            [$($out)* $(#[$doc])* pub $field: $type,] [$($read)* $field need,] $($rest)*);
    };
    (@field [$(#[$about:meta])* $name:ident] [$($out:tt)*] [$($field:ident $method:ident,)*]) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub struct $name { $($out)* }

        impl $crate::fields::FromFields for $name {
            fn from_fields(fields: &$crate::fields::Fields<'_>) -> serde_json::Result<Self> {
                Ok(Self { $($field: fields.$method(stringify!($field))?),* })
            }
        }

        $crate::fields::deserialize!($name);
    };
}

/// Implements `Deserialize` with [`FromFields`].
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

/// Defines frames once for serialisation and deserialisation: tag, variant and fields. Fields after the semicolon are
/// `Option`s, omitted if `None`. Variants in `other` are written by serde and read by the function after `else`.
macro_rules! frames {
    (
        $(#[$about:meta])*
        pub enum $name:ident {
            $($(#[$doc:meta])* $tag:literal $variant:ident $(($inner:ty))? $({
                $($need:ident: $need_type:ty),* $(; $($get:ident: $get_type:ty),+)?
            })?;)*
            other { $($other:tt)* } else $read_other:path
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize)]
        // Tags are the names of their variants.
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(rename_all = "snake_case"))]
        #[serde(tag = "type", remote = "Self")]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $tag)] $variant $(($inner))? $({
                $($need: $need_type,)*
                $($(#[serde(skip_serializing_if = "Option::is_none")] $get: $get_type,)+)?
            })?,)*
            $($other)*
        }

        impl $name {
            const OWN_TYPES: &'static [&'static str] = &[$($tag),*];
        }

        impl $crate::fields::FromFields for $name {
            fn from_fields(fields: &$crate::fields::Fields<'_>) -> serde_json::Result<Self> {
                let tag: String = fields.need("type")?;
                match tag.as_str() {
                    $($tag => Ok(Self::$variant $((<$inner>::from_fields(fields)?))? $({
                        $($need: fields.need(stringify!($need))?,)*
                        $($($get: fields.get(stringify!($get))?,)+)?
                    })?),)*
                    tag => $read_other(tag, fields),
                }
            }
        }

        $crate::fields::deserialize!($name);
    };
}

pub(crate) use {deserialize, frames, object};
