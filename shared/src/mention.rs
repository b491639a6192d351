//! Mentions in a text: `@` and the name of a room member, or `@room`; `#` and the name of a room.
//!
//! The text after the sign is one name or none: a name ends at a word boundary ([`crate::unicode::word`]). Finding
//! candidate names needs no knowledge of users and takes time linear in the text.

use std::ops::Range;

use crate::limits::{MENTIONS, ROOM_NAME_CHARS, USER_NAME_CHARS};
use crate::link::links;
use crate::markdown;
use crate::sort::sort_by_key;
use crate::text::NameForm;
use crate::unicode::{visible, word};

/// The name that mentions everybody in the room: `@room`.
pub const EVERYBODY: &str = "room";
/// Names that no user may take because they mention several people, or may in the future.
pub const RESERVED: [&str; 4] = [EVERYBODY, "everyone", "here", "all"];

/// What is mentioned.
struct Kind {
    /// Characters that start a mention.
    signs: [char; 2],
    /// Maximum length of a name, in characters.
    chars: usize,
    /// Characters after which the sign means something else.
    never_after: &'static [char],
    /// Whether names are compared by their key.
    by_key: bool,
}

const PERSON: Kind = Kind { signs: ['@', '＠'], chars: USER_NAME_CHARS, never_after: &[], by_key: true };
const ROOM: Kind =
    Kind { signs: ['#', '＃'], chars: ROOM_NAME_CHARS, never_after: &['#', '＃', '&'], by_key: false };

/// Maximum number of written characters per character of the normalised name: NFC composes at most this many into one.
const WRITTEN: usize = 4;

/// The target of a mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Called<T> {
    Room,
    Person(T),
}

/// A sign in a text and the candidate names after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Byte offset of the sign.
    start: usize,
    /// The end of each candidate and its [key](crate::UserName::key), for a room its normal form; shortest first.
    names: Vec<(usize, String)>,
}

/// Finds the mentions in a text, at most [`MENTIONS`]. `person` looks up a user by the [key](crate::UserName::key) of
/// the name. The longest candidate that exists wins, so that names may contain spaces and Japanese text may follow
/// without one (`@花子さん`). Ranges are in bytes and include the `@`.
pub fn find<T>(text: &str, person: impl FnMut(&str) -> Option<T>) -> Vec<(Range<usize>, Called<T>)> {
    resolve(&calls(text), person)
}

/// Resolves candidates to users, see [`find`].
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

/// Finds the rooms that a text names, at most [`MENTIONS`]. `room` looks up a room by the normal form of its name; the
/// longest candidate that exists wins. Ranges are in bytes and include the `#`.
pub fn rooms<T>(text: &str, mut room: impl FnMut(&str) -> Option<T>) -> Vec<(Range<usize>, T)> {
    let calls = candidates(text, &ROOM);
    let named =
        |call: &Call| call.names.iter().rev().find_map(|(end, name)| Some((call.start..*end, room(name)?)));
    calls.iter().filter_map(named).take(MENTIONS).collect()
}

/// Finds the possible mentions of people in a text.
pub fn calls(text: &str) -> Vec<Call> {
    candidates(text, &PERSON)
}

fn candidates(text: &str, kind: &Kind) -> Vec<Call> {
    let mut found: Vec<Call> = Vec::new();
    if !text.contains(kind.signs) {
        return found;
    }
    // A text with the maximum of mentions has at most so many candidates.
    let mut room = MENTIONS * kind.chars;
    let mut silent = silent(text).peekable();
    let mut before = None;
    for (start, sign) in text.match_indices(kind.signs) {
        let name = start + sign.len();
        let call = before.replace(start).filter(|sign| found.last().is_some_and(|call| call.start == *sign));
        while silent.next_if(|part| part.end <= start).is_some() {}
        if silent.peek().is_some_and(|part| part.start < name) || !may_stand(text, call, start) {
            continue;
        }
        let names =
            if text[..start].ends_with(kind.never_after) { Vec::new() } else { names(&text[name..], kind) };
        if names.is_empty() {
            continue;
        }
        let Some(left) = room.checked_sub(names.len()) else { break };
        room = left;
        found.push(Call { start, names: names.into_iter().map(|(end, key)| (name + end, key)).collect() });
    }
    found
}

/// Returns whether a mention can start after `before`: the `@` must not be part of a word, an address or a path.
pub fn may_follow(before: &str) -> bool {
    let word = before.trim_end_matches(['_', '＿']);
    !before.ends_with(['/', '／', '\\', '@', '＠'])
        && !word::last_kind(word).is_some_and(word::Kind::is_spaced)
}

/// Like [`may_follow`], but a slash after the previous mention at `call` separates two mentions: `@anna/@bob`.
fn may_stand(text: &str, call: Option<usize>, at: usize) -> bool {
    let before = &text[..at];
    let parts = |call: usize| before.ends_with('/') && !before[call..].contains(char::is_whitespace);
    may_follow(before) || call.is_some_and(parts)
}

/// The ranges of a text that contain no mentions, in order: its links and its code.
fn silent(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut ranges = markdown::code(text);
    ranges.extend(links(text).map(|link| link.range));
    sort_by_key(&mut ranges, |range| range.start);
    ranges.into_iter()
}

/// Returns the candidate names at the start of `text` with their ends.
fn names(text: &str, kind: &Kind) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut form = NameForm::default();
    let mut done = 0;
    for (at, c) in text.char_indices().take(WRITTEN * kind.chars) {
        if kind.signs.contains(&c) || is_end(c) || at == 0 && c.is_whitespace() {
            break;
        }
        let end = at + c.len_utf8();
        if text[end..].chars().next().is_some_and(word::combines) {
            continue;
        }
        // Invisible characters do not make a different name.
        let seen: String = text[done..end].chars().filter(|&c| !visible::is_ignorable(c)).collect();
        if form.push(&seen).is_err() || form.chars() > kind.chars {
            break;
        }
        done = end;
        if form.chars() > 0 && !c.is_whitespace() && word::ends(text, end) {
            found.push((end, if kind.by_key { form.key() } else { form.text().to_owned() }));
        }
    }
    found
}

/// Returns whether `c` ends any name.
fn is_end(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
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
            "#@bob",
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
    fn rooms_are_named_after_a_sharp() {
        let known = ["general", "雑談", "release 0.1", "C++", "a-b"];
        let named = |text: &str| -> Vec<String> {
            rooms(text, |name| known.contains(&name).then(|| name.to_owned()))
                .into_iter()
                .map(|(_, name)| name)
                .collect()
        };
        assert_eq!(named("see #general, ＃雑談で、#release 0.1!"), ["general", "雑談", "release 0.1"]);
        assert_eq!(named("#C++ (#a-b)"), ["C++", "a-b"]);
        for text in [
            "#generals",
            "x#general",
            "##general",
            "# general",
            "#General",
            "https://x.org/#general",
            "`#general`",
            "&#general",
        ] {
            assert_eq!(named(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn nobody_is_called_in_code() {
        assert_eq!(people("`@bob` @alice"), ["alice"]);
        assert_eq!(people("```\n@bob\n```\n@alice"), ["alice"]);
        assert_eq!(people("`see https://example.org/@bob` @alice `@bob`"), ["alice"]);
        assert_eq!(people("**@bob** [@alice](https://example.org) ||@alice||"), ["bob", "alice", "alice"]);
        assert_eq!(people("`@bob"), ["bob"], "no code");
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
            assert!(names <= MENTIONS * USER_NAME_CHARS, "{piece} {names}");
        }
        assert_eq!(calls(&expands), [], "longer than any name");
        let many = "@花子 ".repeat(60);
        assert_eq!(find(&many, |key| (key == "花子").then_some(())).len(), MENTIONS);
    }
}
