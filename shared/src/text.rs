//! Names and texts, validated once at the boundary: a value of these types is valid.

use std::fmt;
use std::sync::Arc;

use crate::limits::{CONTENT_BYTES, CONTENT_GRAPHEMES, ROOM_NAME_CHARS, STATUS_CHARS, USER_NAME_CHARS};
use crate::unicode::joiner::{is_joiner, misplaced};
use crate::unicode::visible::{is_blank, is_ignorable, is_visible};
use crate::unicode::{grapheme_count, lowercase, nfkc};
use serde::{Deserialize, Serialize};

/// Why a name or text was rejected. The message is for developers of clients; users see the client's own text for the
/// error code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing is left after trimming.
    #[error("must not be empty")]
    Empty,
    /// Longer than the limit, in the given unit.
    #[error("is longer than {limit} {unit}")]
    TooLong {
        /// The limit that was exceeded.
        limit: usize,
        unit: &'static str,
    },
    /// A character that names must not contain.
    #[error("contains the forbidden character U+{:04X}", *.0 as u32)]
    Forbidden(char),
    /// The name of a public room begins with the prefix of private rooms.
    #[error("must not begin with \"~\"")]
    Tilde,
    /// The name of a room consists of dots only, like a relative path.
    #[error("must not be made of dots")]
    Dots,
}

/// Returns whether names must not contain `c`: control and format characters, line separators and invisible characters,
/// with which two names that look the same could differ, as well as private-use characters and noncharacters, which
/// have no agreed appearance. Joiners depend on their context, see [`misplaced`].
fn forbidden_in_names(c: char) -> bool {
    c.is_control()
        || is_ignorable(c) && !is_joiner(c)
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{2800}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E000}'..='\u{F8FF}'
            | '\u{F0000}'..='\u{10FFFF}')
        || (c as u32 & 0xFFFE) == 0xFFFE
}

/// Variation selectors choose between the glyphs of one character (emoji, kanji variants in Japanese family names).
/// Names drop them.
fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Builds the normal form of a name: NFKC, trimmed, variation selectors dropped, inner runs of white space collapsed to
/// one space, invisible characters rejected.
#[derive(Debug, Default)]
pub(crate) struct NameForm {
    text: String,
    chars: usize,
    space: bool,
}

impl NameForm {
    /// Appends a part that does not combine with the one before it.
    pub fn push(&mut self, raw: &str) -> Result<(), TextError> {
        let plain: String = raw.chars().filter(|&c| !is_variation_selector(c)).collect();
        let folded = nfkc(&plain);
        if let Some(c) = plain.chars().chain(folded.chars()).find(|&c| forbidden_in_names(c)) {
            return Err(TextError::Forbidden(c));
        }
        for c in folded.chars() {
            if c.is_whitespace() {
                self.space = !self.text.is_empty();
                continue;
            }
            if std::mem::take(&mut self.space) {
                self.text.push(' ');
                self.chars += 1;
            }
            self.text.push(c);
            self.chars += 1;
        }
        Ok(())
    }

    /// The length so far, in characters.
    pub const fn chars(&self) -> usize {
        self.chars
    }

    /// The normal form so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// See [`UserName::key`].
    pub fn key(&self) -> String {
        key(&self.text)
    }
}

/// The form in which names are compared.
fn key(name: &str) -> String {
    let name: String = name.chars().filter(|&c| !is_joiner(c)).collect();
    lowercase(&name)
}

/// Normalises a name.
fn normal_name(raw: &str, limit: usize) -> Result<Arc<str>, TextError> {
    let mut form = NameForm::default();
    form.push(raw)?;
    if form.text.is_empty() {
        return Err(TextError::Empty);
    }
    if form.chars > limit {
        return Err(TextError::TooLong { limit, unit: "characters" });
    }
    match misplaced(&form.text) {
        Some(joiner) => Err(TextError::Forbidden(joiner)),
        None => Ok(form.text.into()),
    }
}

/// Normalises a new name, which must not contain blank characters.
fn visible_name(raw: &str, limit: usize) -> Result<Arc<str>, TextError> {
    let name = normal_name(raw, limit)?;
    match name.chars().find(|&c| is_blank(c)) {
        Some(blank) => Err(TextError::Forbidden(blank)),
        None => Ok(name),
    }
}

/// Returns whether any character of a text is visible.
pub fn shows(text: &str) -> bool {
    text.chars().any(is_visible)
}

macro_rules! text_newtype {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "std::borrow::Cow<'_, str>", into = "Arc<str>")]
        pub struct $name(Arc<str>);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Accepts a value that was validated when it was new, possibly by older rules.
            ///
            /// # Errors
            /// If `raw` is empty.
            pub fn known(raw: &str) -> Result<Self, TextError> {
                if raw.is_empty() { Err(TextError::Empty) } else { Ok(Self(raw.into())) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for Arc<str> {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl TryFrom<std::borrow::Cow<'_, str>> for $name {
            type Error = TextError;

            /// Values from a server are not new: accepts what [`Self::known`] accepts.
            fn try_from(raw: std::borrow::Cow<'_, str>) -> Result<Self, TextError> {
                Self::known(&raw)
            }
        }

        impl std::str::FromStr for $name {
            type Err = TextError;

            fn from_str(raw: &str) -> Result<Self, TextError> {
                Self::new(raw)
            }
        }
    };
}

text_newtype! {
    /// The name of a user: 1 to [`USER_NAME_CHARS`] characters, in normal form (NFKC).
    UserName
}
text_newtype! {
    /// The name of a public room: 1 to [`ROOM_NAME_CHARS`] characters, in normal form (NFKC), not beginning with `~`.
    RoomName
}
text_newtype! {
    /// How a room is addressed on the wire: a public room by its [`RoomName`], a private one by an opaque id that
    /// begins with `~`.
    RoomAddress
}
text_newtype! {
    /// One line that somebody tells of themselves: 1 to [`STATUS_CHARS`] user-visible characters, trimmed, inner runs of
    /// white space collapsed to one space.
    ShortText
}
text_newtype! {
    /// The text of a message: at least one visible character, at most [`CONTENT_GRAPHEMES`] user-visible characters and
    /// [`CONTENT_BYTES`] bytes. Stored exactly as received; displaying it safely is up to the reader.
    MessageText
}

impl UserName {
    /// Normalises and validates `raw`.
    ///
    /// # Errors
    /// If it is empty, too long, or contains an invisible character.
    pub fn new(raw: &str) -> Result<Self, TextError> {
        visible_name(raw, USER_NAME_CHARS).map(Self)
    }

    /// Appends a number to this name (`Bob-2`), truncating the name to stay within the limit.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Self {
        let suffix = format!("-{number}");
        let keep = USER_NAME_CHARS - suffix.len();
        let stem: String = self.0.chars().take(keep).collect();
        let stem = stem.trim_end_matches(|c: char| c == ' ' || is_joiner(c));
        Self(format!("{stem}{suffix}").into())
    }

    /// The form in which names are compared: lower case of the normal form, without joiners.
    pub fn key(&self) -> String {
        key(&self.0)
    }
}

impl RoomName {
    /// Normalises and validates `raw`.
    ///
    /// # Errors
    /// If it is empty, too long, contains an invisible character, begins with `~`, or consists of dots.
    pub fn new(raw: &str) -> Result<Self, TextError> {
        let name = visible_name(raw, ROOM_NAME_CHARS)?;
        if name.starts_with('~') {
            return Err(TextError::Tilde);
        }
        // `.` and `..` are path segments with a meaning of their own in URLs.
        if name.chars().all(|c| c == '.') {
            return Err(TextError::Dots);
        }
        Ok(Self(name))
    }

    /// The default room that everybody starts in.
    pub fn general() -> Self {
        Self("general".into())
    }
}

impl RoomAddress {
    /// Normalises and validates `raw`. Accepts the leading `~` of a private room. Does not check whether a room of this
    /// name may be created, see [`RoomName::new`].
    ///
    /// # Errors
    /// If it is empty, too long, or contains an invisible character.
    pub fn new(raw: &str) -> Result<Self, TextError> {
        normal_name(raw, ROOM_NAME_CHARS).map(Self)
    }

    /// Whether it is the id of a private room.
    pub fn is_private(&self) -> bool {
        self.0.starts_with('~')
    }

    /// Whether it is the id of a direct conversation, which is a private room too.
    pub fn is_direct(&self) -> bool {
        self.0.starts_with("~~")
    }

    /// Returns the name of a public room, which may be one that only older rules allowed; `None` for the id of a
    /// private room.
    pub fn public(&self) -> Option<RoomName> {
        (!self.is_private()).then(|| RoomName(self.0.clone()))
    }
}

impl From<RoomName> for RoomAddress {
    fn from(name: RoomName) -> Self {
        Self(name.0)
    }
}

impl ShortText {
    /// Normalises and validates `raw`.
    ///
    /// # Errors
    /// If it is empty, too long, or contains an invisible character.
    pub fn new(raw: &str) -> Result<Self, TextError> {
        Self::within(raw, STATUS_CHARS)
    }

    /// [`Self::new`] with a limit of its own, in user-visible characters.
    ///
    /// # Errors
    /// If it is empty, too long, or contains an invisible character.
    pub fn within(raw: &str, limit: usize) -> Result<Self, TextError> {
        let text = raw.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(c) = text.chars().find(|&c| forbidden_in_names(c) && !is_variation_selector(c)) {
            return Err(TextError::Forbidden(c));
        }
        if !shows(&text) {
            return Err(TextError::Empty);
        }
        if visible_length(&text) > limit {
            return Err(TextError::TooLong { limit, unit: "user-visible characters" });
        }
        Ok(Self(text.into()))
    }
}

impl MessageText {
    /// Validates `raw` and keeps it unchanged.
    ///
    /// # Errors
    /// If nothing is visible, or it is too long.
    pub fn new(raw: &str) -> Result<Self, TextError> {
        if raw.len() > CONTENT_BYTES {
            return Err(TextError::TooLong { limit: CONTENT_BYTES, unit: "bytes" });
        }
        if !shows(raw) {
            return Err(TextError::Empty);
        }
        // A grapheme has at least one byte, so only long texts need the slow count.
        if raw.len() > CONTENT_GRAPHEMES && visible_length(raw) > CONTENT_GRAPHEMES {
            return Err(TextError::TooLong { limit: CONTENT_GRAPHEMES, unit: "user-visible characters" });
        }
        Ok(Self(raw.into()))
    }
}

/// Returns the length in user-visible characters (extended grapheme clusters, UAX #29): a family emoji counts as one.
pub fn visible_length(text: &str) -> usize {
    grapheme_count(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_meet_in_one_normal_form() {
        assert_eq!(UserName::new("  Ｔａｒｏ  ﾔﾏﾀﾞ ").unwrap().as_str(), "Taro ヤマダ");
        assert_eq!(UserName::new("辻\u{E0100}❤\u{FE0F}").unwrap().as_str(), "辻❤");
        assert_eq!(RoomName::new("雑談").unwrap().as_str(), "雑談");
    }

    #[test]
    fn invisible_characters_are_refused_in_names() {
        for bad in ["a\u{0}b", "a\u{202E}b", "a\u{200B}b", "a\u{E0041}b", "a\u{FEFF}", "\u{3164}", "a\nb"] {
            assert!(matches!(UserName::new(bad), Err(TextError::Forbidden(_))), "{bad:?}");
        }
    }

    #[test]
    fn the_limits_count_what_they_say() {
        assert!(UserName::new(&"あ".repeat(32)).is_ok());
        assert!(UserName::new(&"あ".repeat(33)).is_err());
        assert_eq!(UserName::new(" \u{3000} "), Err(TextError::Empty));
        assert_eq!(RoomName::new("~x"), Err(TextError::Tilde));
        assert!(RoomAddress::new("~x").unwrap().public().is_none());
        assert!(MessageText::new(&"👩‍👩‍👧".repeat(900)).is_ok());
        assert!(MessageText::new(&"a".repeat(4_001)).is_err());
        assert!(MessageText::new(&"あ".repeat(4_000)).is_ok());
        assert!(MessageText::new(&"👩‍👩‍👧".repeat(1_000)).is_err());
        assert_eq!(MessageText::new(" \n\t"), Err(TextError::Empty));
    }

    #[test]
    fn something_can_be_seen() {
        for nothing in [
            "\u{2800}",
            "\u{3164}",
            "\u{1D159}",
            "\u{115F}\u{1160}",
            "\u{200B} \u{FEFF}",
            "\u{E0041}",
            "\u{16FE4}",
            "\u{180E}",
        ] {
            assert_eq!(MessageText::new(nothing), Err(TextError::Empty), "{nothing:?}");
            assert!(UserName::new(nothing).is_err(), "{nothing:?}");
            assert!(RoomName::new(nothing).is_err(), "{nothing:?}");
            assert!(MessageText::known(nothing).is_ok());
        }
        assert!(MessageText::new("\u{2800}\u{28FF}").is_ok());
    }

    #[test]
    fn joiners_do_not_make_another_name() {
        let [with, without] = ["می\u{200C}خواهم", "میخواهم"].map(|name| UserName::new(name).unwrap());
        assert_ne!(with, without);
        assert_eq!(with.key(), without.key());
        assert_eq!(UserName::new("👩\u{200D}🚀").unwrap().as_str(), "👩\u{200D}🚀");
        assert_eq!(UserName::new("bo\u{200D}b"), Err(TextError::Forbidden('\u{200D}')));
    }

    #[test]
    fn no_room_is_a_path() {
        for dots in [".", "..", "…", "．．", "․"] {
            assert_eq!(RoomName::new(dots), Err(TextError::Dots), "{dots:?}");
            assert!(RoomAddress::new(dots).is_ok(), "there may be one from earlier times");
        }
        assert!(RoomName::new("v1.2").is_ok());
    }

    #[test]
    fn a_numbered_name_keeps_within_the_limit() {
        assert_eq!(UserName::new("Bob").unwrap().numbered(2).as_str(), "Bob-2");
        let long = UserName::new(&"x".repeat(32)).unwrap().numbered(10);
        assert_eq!(long.as_str().chars().count(), 32);
        assert!(UserName::new(long.as_str()).is_ok());
    }
}
