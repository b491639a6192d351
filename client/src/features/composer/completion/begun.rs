//! The part of a text before the caret that can be completed.

use shared::limits::{ROOM_NAME_CHARS, USER_NAME_CHARS};
use shared::mention::may_follow;

use crate::features::commands::Written;
use crate::features::commands::table::{self, Argument};

/// What is completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// After `@`.
    Person,
    /// After `#`.
    Room,
    /// After `:` and two characters.
    Emoji,
    /// After `/` at the beginning of the text.
    Command,
}

impl Kind {
    const fn of(sign: char) -> Option<Self> {
        match sign {
            '@' | '＠' => Some(Self::Person),
            '#' | '＃' => Some(Self::Room),
            ':' | '：' => Some(Self::Emoji),
            _ => None,
        }
    }

    /// Whether the sign may stand after this text. A colon in a sentence ends a word, also where no space follows.
    fn may_follow(self, before: &str) -> bool {
        match self {
            Self::Person | Self::Room => may_follow(before),
            Self::Command => false,
            Self::Emoji => before.is_empty() || before.ends_with(char::is_whitespace),
        }
    }

    /// Whether `query`, which stands between the sign and the caret, may be completed.
    fn takes(self, query: &str) -> bool {
        let length = query.chars().count();
        match self {
            Self::Person | Self::Room => {
                let most = if self == Self::Person { USER_NAME_CHARS } else { ROOM_NAME_CHARS };
                length <= most && !query.contains('\n') && !query.starts_with(char::is_whitespace)
            }
            Self::Command => false,
            // Not a time, a smiley or the colon of a sentence.
            Self::Emoji => {
                (2..=USER_NAME_CHARS).contains(&length)
                    && !query.contains(char::is_whitespace)
                    && query.starts_with(char::is_alphabetic)
            }
        }
    }
}

/// A sign and what was typed after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    pub kind: Kind,
    /// From the sign to the caret, in UTF-16 code units as browsers count.
    pub start: u32,
    pub end: u32,
    pub query: String,
}

impl Begun {
    /// Finds what is begun before the caret. Commands begin only at the beginning of the whole text.
    pub fn find(text: &str, caret: u32, is_beginning: bool) -> Option<Self> {
        let units: Vec<u16> = text.encode_utf16().take(caret as usize).collect();
        let before = String::from_utf16(&units).ok()?;
        if let Some(begun) = Self::command(&before, caret).filter(|_| is_beginning) {
            return Some(begun);
        }
        let begun = |(at, sign): (usize, char)| {
            let kind = Kind::of(sign)?;
            let (rest, query) = (&before[..at], &before[at + sign.len_utf8()..]);
            let is_one = query.chars().all(|c| Kind::of(c) != Some(kind));
            let is_begun = is_one && kind.may_follow(rest) && !rest.ends_with(sign) && kind.takes(query);
            let start = rest.encode_utf16().count() as u32;
            is_begun.then(|| Self { kind, start, end: caret, query: query.to_owned() })
        };
        before.char_indices().rev().take(ROOM_NAME_CHARS + 1).find_map(begun)
    }

    /// Finds a command, or the person or room that follows it, which needs no sign.
    fn command(before: &str, caret: u32) -> Option<Self> {
        let (typed, rest) = Written::command(before)?;
        let Some(rest) = rest else {
            let query = typed.to_lowercase();
            return Some(Self { kind: Kind::Command, start: 0, end: caret, query });
        };
        let kind = match table::find(typed)?.takes {
            Argument::Person => Kind::Person,
            Argument::Room => Kind::Room,
            Argument::Other => return None,
        };
        let query = rest.trim_start();
        let fits = !query.is_empty() && Kind::of(query.chars().next()?).is_none() && kind.takes(query);
        let start = caret - query.encode_utf16().count() as u32;
        fits.then(|| Self { kind, start, end: caret, query: query.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is begun: its kind and the query.
    fn begun(text: &str) -> Option<String> {
        let begun = Begun::find(text, text.encode_utf16().count() as u32, true)?;
        Some(format!("{:?} {}", begun.kind, begun.query))
    }

    fn is_begun(text: &str, expected: &str) {
        assert_eq!(begun(text).as_deref(), Some(expected), "{text}");
    }

    #[test]
    fn a_name_begins_after_the_sign_in_either_width() {
        is_begun("hi @bo", "Person bo");
        is_begun("こんにちは＠花", "Person 花");
        is_begun("@", "Person ");
        is_begun("😀@taro ya", "Person taro ya");
        assert_eq!(begun("mail@bo"), None, "a mail address");
        assert_eq!(begun("@ bo"), None);
        assert_eq!(begun("@bob\nnext"), None);
        let begun = Begun::find("😀@bob", 4, true).unwrap();
        assert_eq!((begun.start, begun.end, begun.query.as_str()), (2, 4, "b"));
    }

    #[test]
    fn commands_begin_a_text_and_say_what_follows_them() {
        is_begun("/", "Command ");
        is_begun("／ki", "Command ki");
        is_begun("/Kick", "Command kick");
        is_begun("/kick ta", "Person ta");
        is_begun("/kick @ta", "Person ta");
        is_begun("/join zat", "Room zat");
        let found = Begun::find("/kick 太", 7, true).unwrap();
        assert_eq!((found.start, found.end), (6, 7));
        for text in [" /ki", "a /ki", "//ki", "／／", "/topic tea", "/nothing ta", "/kick "] {
            assert_eq!(begun(text), None, "{text}");
        }
    }

    #[test]
    fn rooms_and_emoji_have_signs_of_their_own() {
        is_begun("see #gen", "Room gen");
        is_begun("詳しくは＃雑", "Room 雑");
        is_begun("@bob in #a", "Room a");
        is_begun("nice :sm", "Emoji sm");
        is_begun("いいね ：わら", "Emoji わら");
        for text in [
            ":s",
            "10:30",
            "http://ex",
            "so: that",
            ":-)",
            "std::io",
            "# title",
            "##ab",
            "a:sm",
            ":sm ",
            "状態：完了",
        ] {
            assert_eq!(begun(text), None, "{text}");
        }
    }
}
