//! Whom a text calls: `@` and the name of somebody in the room, or `@room`.

use std::ops::Range;

use crate::limits::{MENTIONS, USER_NAME_CHARS};
use crate::text::UserName;

/// The word behind `@` that calls everybody.
pub const EVERYBODY: &str = "room";

/// Who is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Called<T> {
    /// Everybody in the room.
    Room,
    /// One person.
    Person(T),
}

/// Finds the calls in a text, at most [`MENTIONS`]. `person` tells who has the name with this
/// [key](UserName::key); of several names that fit the longest is meant, so that names may have spaces in them and
/// Japanese text may follow without one (`@花子さん`). Ranges are bytes and begin with the `@`.
pub fn find<T>(text: &str, mut person: impl FnMut(&str) -> Option<T>) -> Vec<(Range<usize>, Called<T>)> {
    let mut found = Vec::new();
    let mut from = 0;
    while found.len() < MENTIONS
        && let Some(at) = text[from..].find(['@', '＠']).map(|offset| from + offset)
    {
        let name = at + text[at..].chars().next().map_or(0, char::len_utf8);
        from = name;
        // Part of an address of electronic mail.
        if text[..at].chars().next_back().is_some_and(in_word) {
            continue;
        }
        if let Some((length, called)) = longest(&text[name..], &mut person) {
            from = name + length;
            found.push((at..from, called));
        }
    }
    found
}

fn longest<T>(rest: &str, person: &mut impl FnMut(&str) -> Option<T>) -> Option<(usize, Called<T>)> {
    let line = rest.split(['\n', '@', '＠']).next().unwrap_or_default();
    let mut ends: Vec<usize> =
        line.char_indices().map(|(at, c)| at + c.len_utf8()).take(USER_NAME_CHARS).collect();
    while let Some(end) = ends.pop() {
        let (name, after) = rest.split_at(end);
        let cut = name.chars().next_back().is_some_and(in_word) && after.chars().next().is_some_and(in_word);
        if cut || name.ends_with(char::is_whitespace) || name.starts_with(char::is_whitespace) {
            continue;
        }
        let Ok(name) = UserName::new(name) else { continue };
        let key = name.key();
        if key == EVERYBODY {
            return Some((end, Called::Room));
        }
        if let Some(person) = person(&key) {
            return Some((end, Called::Person(person)));
        }
    }
    None
}

/// A character of a script that puts spaces between words.
fn in_word(c: char) -> bool {
    c.is_alphanumeric() && (c as u32) < 0x0E00
}

#[cfg(test)]
mod tests {
    use super::*;

    fn called(text: &str) -> Vec<(&str, Called<&'static str>)> {
        let names = ["bob", "bob-2", "花子", "taro yamada", "テスト"];
        let person = |key: &str| names.into_iter().find(|name| *name == key);
        find(text, person).into_iter().map(|(range, called)| (&text[range], called)).collect()
    }

    #[test]
    fn names_are_found_as_people_write_them() {
        assert_eq!(called("hi @Bob, hi"), [("@Bob", Called::Person("bob"))]);
        assert_eq!(
            called("@bob-2 and @bob."),
            [("@bob-2", Called::Person("bob-2")), ("@bob", Called::Person("bob"))]
        );
        assert_eq!(
            called("@花子さん、＠ﾃｽﾄ"),
            [("@花子", Called::Person("花子")), ("＠ﾃｽﾄ", Called::Person("テスト"))]
        );
        assert_eq!(called("@Taro Yamada hello"), [("@Taro Yamada", Called::Person("taro yamada"))]);
        assert_eq!(called("see @room!"), [("@room", Called::Room)]);
    }

    #[test]
    fn other_signs_call_nobody() {
        assert_eq!(called("a@bob.example, @bobby, @ bob, @rooms, @, @@"), []);
    }
}
