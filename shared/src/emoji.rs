//! What people react with.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::limits::EMOJI_BYTES;
use crate::text::visible_length;

/// Why a text is no reaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one emoji")]
pub struct NotAnEmoji;

/// One emoji of any kind: one user-visible character of at most [`EMOJI_BYTES`] bytes that has a pictograph in it.
/// Kept without variation selectors, so that ❤ and ❤️ are the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Cow<'_, str>", into = "Arc<str>")]
pub struct Emoji(Arc<str>);

impl Emoji {
    /// Checks `raw`.
    ///
    /// # Errors
    /// It is something else than one emoji.
    pub fn new(raw: &str) -> Result<Self, NotAnEmoji> {
        if raw.len() > EMOJI_BYTES {
            return Err(NotAnEmoji);
        }
        let plain: String = raw.chars().filter(|&c| !matches!(c, '\u{FE0E}' | '\u{FE0F}')).collect();
        let fits = plain.chars().all(may_be_part) && plain.chars().any(is_pictograph);
        if !fits || visible_length(&plain) != 1 {
            return Err(NotAnEmoji);
        }
        Ok(Self(plain.into()))
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Blocks of Unicode that hold the emoji, the enclosing keycap and the regional indicators of flags.
const fn is_pictograph(c: char) -> bool {
    matches!(c,
        '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{20E3}' | '\u{2122}' | '\u{2139}'
        | '\u{2190}'..='\u{21FF}' | '\u{2300}'..='\u{23FF}' | '\u{24C2}' | '\u{25A0}'..='\u{27BF}'
        | '\u{2900}'..='\u{297F}' | '\u{2B00}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}'
        | '\u{1F000}'..='\u{1FAFF}')
}

/// Pictographs, and what joins and tags them: joiner, digits of keycaps, tags of regional flags.
const fn may_be_part(c: char) -> bool {
    is_pictograph(c) || matches!(c, '0'..='9' | '#' | '*' | '\u{200D}' | '\u{E0020}'..='\u{E007F}')
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

    fn try_from(raw: Cow<'_, str>) -> Result<Self, NotAnEmoji> {
        Self::new(&raw)
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
        ] {
            assert!(Emoji::new(good).is_ok(), "{good}");
        }
        for bad in ["", "a", "1", "👍👍", "👍 ", "あ", "<b>", "\u{200D}", "\u{E0067}", "👍\u{0}", "\u{202E}"]
        {
            assert!(Emoji::new(bad).is_err(), "{bad:?}");
        }
        assert_eq!(Emoji::new("❤️"), Emoji::new("❤"));
    }
}
