//! Names and texts that were checked once, where they came in. A value of these types is valid.

use std::fmt;
use std::sync::Arc;

use crate::limits::{CONTENT_BYTES, CONTENT_GRAPHEMES, ROOM_NAME_CHARS, USER_NAME_CHARS};
use crate::unicode::joiner::{is_joiner, misplaced};
use crate::unicode::visible::{is_blank, is_ignorable, is_visible};
use crate::unicode::{grapheme_count, lowercase, nfkc};
use serde::{Deserialize, Serialize};

/// Why a name or text was refused. The message is for the developer of a client; people read the
/// client's own words for the code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing left after trimming.
    #[error("must not be empty")]
    Empty,
    /// Longer than the limit, in the unit named.
    #[error("is longer than {limit} {unit}")]
    TooLong {
        /// The limit that was passed.
        limit: usize,
        /// What was counted.
        unit: &'static str,
    },
    /// A character that a name may not have.
    #[error("contains the forbidden character U+{:04X}", *.0 as u32)]
    Forbidden(char),
    /// A public room's name begins with the sign of private rooms.
    #[error("must not begin with \"~\"")]
    Tilde,
    /// A room's name is made of dots, as the names of folders that are elsewhere.
    #[error("must not be made of dots")]
    Dots,
}

/// Control and format characters, line separators and what is invisible, so that two names that look the same could differ.
/// Private use and noncharacters have no agreed look either. Joiners are looked at in their place.
fn forbidden_in_names(c: char) -> bool {
    c.is_control()
        || is_ignorable(c) && !is_joiner(c)
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{2800}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E000}'..='\u{F8FF}'
            | '\u{F0000}'..='\u{10FFFF}')
        || (c as u32 & 0xFFFE) == 0xFFFE
}

/// Choose between looks of one character (emoji, variants of kanji in Japanese family names); names do without.
fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// A name's normal form while it is put together: NFKC, trimmed, variation selectors dropped, inner runs of white space
/// folded to one space, invisible characters refused.
#[derive(Debug, Default)]
pub(crate) struct NameForm {
    text: String,
    chars: usize,
    space: bool,
}

impl NameForm {
    /// Adds a part that does not combine with the one before it.
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

    /// How long it is.
    pub const fn chars(&self) -> usize {
        self.chars
    }

    /// As [`UserName::key`].
    pub fn key(&self) -> String {
        key(&self.text)
    }
}

/// The form in which two names are compared.
fn key(name: &str) -> String {
    let name: String = name.chars().filter(|&c| !is_joiner(c)).collect();
    lowercase(&name)
}

/// The normal form of a name.
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

/// The normal form of a name that is new: all of it can be seen.
fn visible_name(raw: &str, limit: usize) -> Result<Arc<str>, TextError> {
    let name = normal_name(raw, limit)?;
    match name.chars().find(|&c| is_blank(c)) {
        Some(blank) => Err(TextError::Forbidden(blank)),
        None => Ok(name),
    }
}

/// Whether a reader sees something of a text.
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
            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// What was checked when it was new, by the rules of that time.
            ///
            /// # Errors
            /// There is nothing.
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

            /// What a server tells is not new.
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
    /// A person's name: 1 to [`USER_NAME_CHARS`] characters, in normal form (NFKC).
    UserName
}
text_newtype! {
    /// A public room's name: 1 to [`ROOM_NAME_CHARS`] characters, in normal form (NFKC), not beginning with `~`.
    RoomName
}
text_newtype! {
    /// How a room is named on the wire: a public room by its [`RoomName`], a private one by an opaque id that
    /// begins with `~`.
    RoomAddress
}
text_newtype! {
    /// What somebody wrote: something to be seen, at most [`CONTENT_GRAPHEMES`] user-visible characters and
    /// [`CONTENT_BYTES`] bytes. Kept exactly as it came; showing it safely is the reader's task.
    MessageText
}

impl UserName {
    /// Normalises and checks `raw`.
    ///
    /// # Errors
    /// Empty, too long, or with an invisible character.
    pub fn new(raw: &str) -> Result<Self, TextError> {
        visible_name(raw, USER_NAME_CHARS).map(Self)
    }

    /// This name with a number behind it (`Bob-2`), shortened where the limit asks for it.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Self {
        let suffix = format!("-{number}");
        let keep = USER_NAME_CHARS - suffix.len();
        let stem: String = self.0.chars().take(keep).collect();
        let stem = stem.trim_end_matches(|c: char| c == ' ' || is_joiner(c));
        Self(format!("{stem}{suffix}").into())
    }

    /// The form in which two names are compared: lower case of the normal form, without joiners.
    pub fn key(&self) -> String {
        key(&self.0)
    }
}

impl RoomName {
    /// Normalises and checks `raw`.
    ///
    /// # Errors
    /// Empty, too long, with an invisible character, beginning with `~`, or made of dots.
    pub fn new(raw: &str) -> Result<Self, TextError> {
        let name = visible_name(raw, ROOM_NAME_CHARS)?;
        if name.starts_with('~') {
            return Err(TextError::Tilde);
        }
        // In an address `.` and `..` lead elsewhere.
        if name.chars().all(|c| c == '.') {
            return Err(TextError::Dots);
        }
        Ok(Self(name))
    }

    /// The room everybody starts in.
    pub fn general() -> Self {
        Self("general".into())
    }
}

impl RoomAddress {
    /// Normalises and checks `raw`.
    ///
    /// # Errors
    /// Empty, too long, or with an invisible character. A leading `~` is the sign of a private room. Whether a room may be
    /// made under this name is another question: [`RoomName::new`].
    pub fn new(raw: &str) -> Result<Self, TextError> {
        normal_name(raw, ROOM_NAME_CHARS).map(Self)
    }

    /// The public room of that name, which there may be from earlier times only; none for a private room's id.
    pub fn public(&self) -> Option<RoomName> {
        (!self.0.starts_with('~')).then(|| RoomName(self.0.clone()))
    }
}

impl From<RoomName> for RoomAddress {
    fn from(name: RoomName) -> Self {
        Self(name.0)
    }
}

impl MessageText {
    /// Checks `raw` and keeps it as it is.
    ///
    /// # Errors
    /// Nothing to be seen, or too long.
    pub fn new(raw: &str) -> Result<Self, TextError> {
        if raw.len() > CONTENT_BYTES {
            return Err(TextError::TooLong { limit: CONTENT_BYTES, unit: "bytes" });
        }
        if !shows(raw) {
            return Err(TextError::Empty);
        }
        // A grapheme has at least one byte, so only a long text needs the slow count.
        if raw.len() > CONTENT_GRAPHEMES && visible_length(raw) > CONTENT_GRAPHEMES {
            return Err(TextError::TooLong { limit: CONTENT_GRAPHEMES, unit: "user-visible characters" });
        }
        Ok(Self(raw.into()))
    }
}

/// Length in user-visible characters (extended grapheme clusters, UAX #29): a family emoji counts as one.
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
