//! Whom a text calls: `@` and the name of somebody in the room, or `@room`.
//!
//! What is written behind the sign is one name or none: a name ends where a word ends ([`crate::unicode::word`]).
//! Looking for the names needs nobody who knows people, and takes time in proportion to the text.

use std::ops::Range;

use crate::limits::{MENTIONS, USER_NAME_CHARS};
use crate::link::links;
use crate::text::NameForm;
use crate::unicode::{visible, word};

/// The word behind `@` that calls everybody.
pub const EVERYBODY: &str = "room";
/// Names that nobody may have, because they are or may become calls of many.
pub const RESERVED: [&str; 4] = [EVERYBODY, "everyone", "here", "all"];

/// Signs that call.
const SIGNS: [char; 2] = ['@', '＠'];
/// Names that are looked for in one text: as many as there may be behind the signs of a text that calls as many people
/// as it may.
const NAMES: usize = MENTIONS * USER_NAME_CHARS;
/// A name may be written with so many characters for each that it has in normal form: the most that NFC puts together.
const WRITTEN: usize = 4;

/// Who is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Called<T> {
    /// Everybody in the room.
    Room,
    /// One person.
    Person(T),
}

/// A sign in a text and the names that may be meant by what is written behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Where the sign stands, in bytes.
    start: usize,
    /// The end of each name and its [key](crate::UserName::key), the shortest first.
    names: Vec<(usize, String)>,
}

/// Finds the calls in a text, at most [`MENTIONS`]. `person` tells who has the name with this
/// [key](crate::UserName::key); of several names that fit the longest is meant, so that names may have spaces in them and
/// Japanese text may follow without one (`@花子さん`). Ranges are bytes and begin with the `@`.
pub fn find<T>(text: &str, person: impl FnMut(&str) -> Option<T>) -> Vec<(Range<usize>, Called<T>)> {
    resolve(&calls(text), person)
}

/// Who is meant by calls, as [`find`].
pub fn resolve<T>(
    calls: &[Call],
    mut person: impl FnMut(&str) -> Option<T>,
) -> Vec<(Range<usize>, Called<T>)> {
    let called = |call: &Call| {
        call.names.iter().rev().find_map(|(end, key)| {
            let called = if key == EVERYBODY { Some(Called::Room) } else { person(key).map(Called::Person) };
            called.map(|called| (call.start..*end, called))
        })
    };
    calls.iter().filter_map(called).take(MENTIONS).collect()
}

/// The signs of a text that may call somebody.
pub fn calls(text: &str) -> Vec<Call> {
    let mut found: Vec<Call> = Vec::new();
    let mut room = NAMES;
    let mut silent = silent(text).peekable();
    let mut before = None;
    for (start, sign) in text.match_indices(SIGNS) {
        let name = start + sign.len();
        let call = before.replace(start).filter(|sign| found.last().is_some_and(|call| call.start == *sign));
        while silent.next_if(|part| part.end <= start).is_some() {}
        if silent.peek().is_some_and(|part| part.start < name) || !may_stand(text, call, start) {
            continue;
        }
        let names = names(&text[name..]);
        if names.is_empty() {
            continue;
        }
        let Some(left) = room.checked_sub(names.len()) else { break };
        room = left;
        found.push(Call { start, names: names.into_iter().map(|(end, key)| (name + end, key)).collect() });
    }
    found
}

/// Whether a sign that calls can stand behind `before`: it is no part of a word, of an address or of a path.
pub fn may_follow(before: &str) -> bool {
    let word = before.trim_end_matches(['_', '＿']);
    !before.ends_with(['/', '／', '\\', '@', '＠'])
        && !word::last_kind(word).is_some_and(word::Kind::is_spaced)
}

/// As [`may_follow`]; behind the `call` before it a slash only parts two calls: `@anna/@bob`.
fn may_stand(text: &str, call: Option<usize>, at: usize) -> bool {
    let before = &text[..at];
    let parts = |call: usize| before.ends_with('/') && !before[call..].contains(char::is_whitespace);
    may_follow(before) || call.is_some_and(parts)
}

/// Parts of a text in which nobody is called, in their order: its links.
fn silent(text: &str) -> impl Iterator<Item = Range<usize>> {
    links(text).map(|link| link.range)
}

/// The names that `text` may begin with, and their ends.
fn names(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut form = NameForm::default();
    let mut done = 0;
    for (at, c) in text.char_indices().take(WRITTEN * USER_NAME_CHARS) {
        if is_end(c) || at == 0 && c.is_whitespace() {
            break;
        }
        let end = at + c.len_utf8();
        if text[end..].chars().next().is_some_and(word::combines) {
            continue;
        }
        // What nobody sees makes no other name.
        let seen: String = text[done..end].chars().filter(|&c| !visible::is_ignorable(c)).collect();
        if form.push(&seen).is_err() || form.chars() > USER_NAME_CHARS {
            break;
        }
        done = end;
        if form.chars() > 0 && !c.is_whitespace() && word::ends(text, end) {
            found.push((end, form.key()));
        }
    }
    found
}

/// No name goes on behind it.
fn is_end(c: char) -> bool {
    SIGNS.contains(&c) || c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &[&str] = &[
        "bob",
        "bob-2",
        "花子",
        "taro yamada",
        "テスト",
        "テス",
        "rene",
        "an",
        "types",
        "山",
        "ა",
        "김",
        "o'brien",
        "c++",
        "d",
        "bob-",
        "bob_",
        "o",
        "がく",
        "hiề",
        "alice",
    ];

    fn called(text: &str) -> Vec<(&str, Called<&'static str>)> {
        let person = |key: &str| NAMES.iter().copied().find(|name| *name == key);
        find(text, person).into_iter().map(|(range, called)| (&text[range], called)).collect()
    }

    fn people(text: &str) -> Vec<&'static str> {
        let name = |(_, called)| match called {
            Called::Person(name) => name,
            Called::Room => EVERYBODY,
        };
        called(text).into_iter().map(name).collect()
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
    fn a_name_may_stand_in_a_sentence() {
        for text in [
            "@bob",
            "@bob.",
            "@bob...",
            "@bob: hello",
            "@bob's idea",
            "@bob’s",
            "(@bob)",
            ".@bob",
            "_@bob_",
            "**@bob**",
            "@bob—hello",
            "@bob,hello",
            "@bob? yes",
            "@bobさん",
            "おい@bob",
            "@bob_",
            "@bob-",
            "\"@bob\"",
            "@bob/",
            "@bob!",
            "@bob😀",
            "@bob\u{200B}x",
            "@bob\nx",
            "@bob...hello",
            "@bob: @nobody",
            "@bob+1",
            "@bob\u{200F} x",
            "@b\u{AD}ob",
            "see /x @bob",
        ] {
            let text = text.replace("@bob_", if text == "@bob_" { "@bob_ " } else { "@bob_" });
            let found = people(&text);
            assert!(found.len() == 1 && found[0].starts_with("bob"), "{text:?} {found:?}");
        }
        assert_eq!(people("@O'Brien's"), ["o'brien"]);
        assert_eq!(people("@C++ is"), ["c++"]);
        assert_eq!(people("@alice/@bob,@花子＠テスト"), ["alice", "bob", "花子", "テスト"]);
        assert_eq!(people("@花子2時"), ["花子"]);
    }

    #[test]
    fn a_written_word_is_one_name_or_none() {
        for text in [
            "@bob_x",
            "@bob__x",
            "@bob.smith",
            "@bob-smith",
            "@types/node",
            "@bob2",
            "@bobby",
            "@bob.2",
            "@bob·x",
            "@bob:example.org",
            "@bob@example.org",
            "@d'Artagnan",
            "@bob\u{301}",
            "@bob\u{200D}x",
            "@bob\u{AD}x",
            "@bob\u{2060}x",
            // Letters beyond the first blocks, marks, decomposed names
            "@anế",
            "@an\u{1E9F}",
            "@bobế",
            "@აბ",
            "@김치",
            "@rene\u{301}",
            "@テストン",
            "@hie\u{302}\u{300}n",
            "@山\u{E0100}\u{301}",
            "@か\u{3099}",
            "@花子-2",
            "@花子_x",
            "@bob-ⅷ",
        ] {
            assert_eq!(people(text), [""; 0], "{text:?}");
        }
        assert_eq!(called("@hie\u{302}\u{300} x"), [("@hie\u{302}\u{300}", Called::Person("hiề"))]);
        assert_eq!(called("＠か\u{3099}く"), [("＠か\u{3099}く", Called::Person("がく"))]);
    }

    #[test]
    fn other_signs_call_nobody() {
        for text in [
            "a@bob.example",
            "a@bob",
            "ế@bob",
            "e\u{301}@bob",
            "a_@bob",
            "김@bob",
            "@bobby",
            "@ bob",
            "@rooms",
            "@",
            "@@",
            "@@bob",
            "../@bob",
            "example.org/@bob",
            "x/@bob",
        ] {
            assert_eq!(people(text), [""; 0], "{text:?}");
        }
    }

    #[test]
    fn nobody_is_called_in_a_url() {
        assert_eq!(people("https://example.org/@bob @alice"), ["alice"]);
        assert_eq!(
            people("@alice https://example.org/@bob?x=@bob http://@bob www.example.org/@bob bob@example.org"),
            ["alice"]
        );
    }

    #[test]
    fn what_is_looked_for_is_bounded_whatever_the_text() {
        let expands = "@".to_owned() + &"\u{FDFA}".repeat(32);
        for piece in [
            &*expands,
            "@",
            "@a",
            "@a_",
            "/@",
            "@花子さんと山田さんと花子さんと山田さんと花子さん",
            "@a b ",
            "@a's's",
        ] {
            let text = piece.repeat(16 * 1024 / piece.len());
            let names: usize = calls(&text).iter().map(|call| call.names.len()).sum();
            assert!(names <= super::NAMES, "{piece} {names}");
        }
        assert_eq!(calls(&expands), [], "longer than any name");
        let many = "@花子 ".repeat(60);
        assert_eq!(find(&many, |key| (key == "花子").then_some(())).len(), MENTIONS);
    }
}
