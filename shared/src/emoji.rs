//! Emoji of reactions.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::limits::EMOJI_BYTES;
use crate::text::visible_length;
use crate::unicode::visible::is_visible;
use crate::unicode::{Class, is};

/// The text is not a valid reaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one emoji")]
pub struct NotAnEmoji;

/// A single emoji of any kind, at most [`EMOJI_BYTES`] bytes. Stored without variation selectors, so that ❤ and ❤️ are
/// equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Cow<'_, str>", into = "Arc<str>")]
pub struct Emoji(Arc<str>);

impl Emoji {
    /// Validates `raw`.
    ///
    /// # Errors
    /// If it is anything but one emoji.
    pub fn new(raw: &str) -> Result<Self, NotAnEmoji> {
        let emoji = Self::known(raw)?;
        if is_emoji(emoji.as_str()) { Ok(emoji) } else { Err(NotAnEmoji) }
    }

    /// Accepts a reaction that was validated when it was given, possibly by older rules.
    ///
    /// # Errors
    /// If it is empty, or longer than any emoji ([`EMOJI_BYTES`]).
    pub fn known(raw: &str) -> Result<Self, NotAnEmoji> {
        if raw.len() > EMOJI_BYTES {
            return Err(NotAnEmoji);
        }
        let plain: String = raw.chars().filter(|&c| !matches!(c, '\u{FE0E}' | '\u{FE0F}')).collect();
        if plain.is_empty() { Err(NotAnEmoji) } else { Ok(Self(plain.into())) }
    }

    /// Accepts an emoji, or a single character that older rules may have accepted, so that such a reaction can be
    /// removed.
    ///
    /// # Errors
    /// If no version of the rules accepted it.
    pub fn given(raw: &str) -> Result<Self, NotAnEmoji> {
        let emoji = Self::known(raw)?;
        let is_sign = |c: char| !c.is_alphanumeric() && is_visible(c) && !c.is_ascii();
        let was_one = visible_length(emoji.as_str()) == 1 && emoji.as_str().chars().any(is_sign);
        if was_one { Ok(emoji) } else { Self::new(raw) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The flags that consist of a black flag and tags. Any other tag sequence renders as the plain black flag.
const TAGGED: [&str; 3] = [
    "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
    "🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
    "🏴\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}",
];

/// Checks the grammar of UTS #51: a keycap, a flag, or pictographs separated by joiners.
fn is_emoji(text: &str) -> bool {
    let mut chars = text.chars();
    match [chars.next(), chars.next(), chars.next()] {
        [Some('0'..='9' | '#' | '*'), Some('\u{20E3}'), None] => true,
        [Some('\u{1F1E6}'..='\u{1F1FF}'), Some('\u{1F1E6}'..='\u{1F1FF}'), None] => true,
        _ => TAGGED.contains(&text) || text.split('\u{200D}').all(is_pictograph),
    }
}

/// Returns whether `text` is one pictograph, with a skin tone only if it can have one.
fn is_pictograph(text: &str) -> bool {
    let mut chars = text.chars();
    match [chars.next(), chars.next(), chars.next()] {
        [Some(base), None, _] => is(Class::Emoji, base),
        [Some(base), Some('\u{1F3FB}'..='\u{1F3FF}'), None] => is(Class::ModifierBase, base),
        _ => false,
    }
}

impl fmt::Display for Emoji {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Emoji> for Arc<str> {
    fn from(emoji: Emoji) -> Self {
        emoji.0
    }
}

impl TryFrom<Cow<'_, str>> for Emoji {
    type Error = NotAnEmoji;

    /// Values from a server are not new: accepts what [`Self::known`] accepts.
    fn try_from(raw: Cow<'_, str>) -> Result<Self, NotAnEmoji> {
        Self::known(&raw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_emoji_of_any_kind() {
        for good in [
            "👍",
            "👍🏽",
            "👩‍👩‍👧",
            "❤️",
            "🇯🇵",
            "1️⃣",
            "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
            "〰️",
            "©",
            "👩🏽‍🚀",
            "❤️‍🔥",
            "🏳️‍🌈",
            "🧑🏽‍🤝‍🧑🏿",
        ] {
            assert!(Emoji::new(good).is_ok(), "{good}");
        }
        for bad in ["", "a", "1", "👍👍", "👍 ", "あ", "<b>", "\u{200D}", "\u{E0067}", "👍\u{0}", "\u{202E}"]
        {
            assert!(Emoji::new(bad).is_err(), "{bad:?}");
        }
        assert_eq!(Emoji::new("❤️"), Emoji::new("❤"));
    }

    #[test]
    fn what_looks_like_an_emoji_and_is_another_text_is_none() {
        for bad in [
            // Joiners without neighbours, tags without a flag, skin tones on bases that have none.
            "👍\u{200D}",
            "\u{200D}👍",
            "👍\u{200D}\u{200D}👍",
            "👍\u{E0067}\u{E007F}",
            "👍\u{E007F}",
            "🏴\u{E0067}",
            "🏴\u{E0067}\u{E0062}\u{E007F}",
            "🏴\u{E0075}\u{E0073}\u{E0063}\u{E0061}\u{E007F}",
            "🍎🏽",
            "👍🏽🏽",
            "🏽",
            "👍\u{20E3}",
            "1👍",
            "🇯",
            "🇯🇵🇯",
            "🇯\u{200D}🇵",
            "👍\u{301}",
            "\u{20E3}",
            "👍\u{200C}",
            "👍\u{FE0F}\u{FE0F}\u{200D}",
        ] {
            assert!(Emoji::new(bad).is_err(), "{bad:?}");
            assert!(Emoji::known(bad).is_ok(), "given in earlier times");
        }
        assert!(Emoji::given("👍\u{200D}").is_ok());
        assert!(Emoji::given("👍👍").is_err() && Emoji::given("a").is_err());
        for same in ["👍\u{FE0F}", "👍\u{FE0E}", "\u{FE0F}👍", "👍\u{FE0F}\u{FE0F}"] {
            assert_eq!(Emoji::new(same), Emoji::new("👍"));
        }
    }
}
