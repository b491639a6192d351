//! What follows the name of a command.

use shared::text::TextError;
use shared::{RoomName, UserName};

/// Takes a person's name off the beginning: one of `known` if possible, what stands in quotation marks, or one word.
/// A sign before it is skipped. Returns the rest too.
pub fn person<'a>(text: &'a str, known: &[UserName]) -> Option<(UserName, &'a str)> {
    let text = text.strip_prefix(['@', '＠']).unwrap_or(text).trim_start();
    if let Some((name, rest)) = text.strip_prefix('"').and_then(|text| text.split_once('"')) {
        return Some((UserName::new(name).ok()?, rest.trim()));
    }
    // Names may contain spaces: the longest one that is known counts.
    let ends = text.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at).chain([text.len()]);
    let mut found = None;
    for end in ends {
        let Ok(name) = UserName::new(&text[..end]) else { continue };
        let key = name.key();
        if let Some(known) = known.iter().find(|known| known.key() == key) {
            found = Some((known.clone(), text[end..].trim()));
        } else if found.is_none() {
            found = Some((name, text[end..].trim()));
        }
    }
    let (name, rest) = found?;
    let is_known = known.contains(&name);
    if is_known {
        return Some((name, rest));
    }
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    Some((UserName::new(word).ok()?, rest.trim()))
}

/// Reads the name of a public room; a sign before it is skipped.
pub fn room(text: &str) -> Result<RoomName, TextError> {
    RoomName::new(text.strip_prefix(['#', '＃']).unwrap_or(text))
}

/// Takes a time off the beginning, as `10m`, `2h`, `1d`, `1w` or `10分`, in seconds. A number alone is of `unit` seconds.
pub fn seconds(text: &str, unit: u32) -> Option<(u32, &str)> {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let end = word.find(|c| digit(c).is_none()).unwrap_or(word.len());
    let count =
        word[..end].chars().try_fold(0_u32, |count, c| count.checked_mul(10)?.checked_add(digit(c)?))?;
    let unit = match word[end..].to_lowercase().as_str() {
        _ if end == 0 => return None,
        "" => unit,
        "s" | "秒" => 1,
        "m" | "min" | "分" => 60,
        "h" | "時間" => 3_600,
        "d" | "日" => 86_400,
        "w" | "週" | "週間" => 604_800,
        _ => return None,
    };
    Some((count.checked_mul(unit)?, rest.trim()))
}

/// Also of those that Japanese keyboards type.
fn digit(c: char) -> Option<u32> {
    c.to_digit(10).or_else(|| (c as u32).checked_sub('０' as u32).filter(|digit| *digit < 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_spaces_are_found_where_they_are_known() {
        let known = ["Bob", "Taro Yamada", "太郎"].map(|name| UserName::new(name).unwrap());
        let named = |text: &str| person(text, &known).map(|(name, rest)| format!("{name}|{rest}"));
        assert_eq!(named("@Taro Yamada being rude").as_deref(), Some("Taro Yamada|being rude"));
        assert_eq!(named("bob").as_deref(), Some("Bob|"));
        assert_eq!(named("＠太郎 10分").as_deref(), Some("太郎|10分"));
        assert_eq!(named("Eva 1h spam").as_deref(), Some("Eva|1h spam"));
        assert_eq!(named("\"Eva Maria\" spam").as_deref(), Some("Eva Maria|spam"));
        assert_eq!(named(""), None);
    }

    #[test]
    fn times_are_read_in_either_language_and_width() {
        assert_eq!(seconds("10m spam", 60), Some((600, "spam")));
        assert_eq!(seconds("１時間", 60), Some((3_600, "")));
        assert_eq!(seconds("1w", 60), Some((604_800, "")));
        assert_eq!(seconds("30", 1), Some((30, "")));
        for text in ["spam", "", "10x", "99999999999d", "m"] {
            assert_eq!(seconds(text, 60), None, "{text}");
        }
    }

    #[test]
    fn a_room_may_have_its_sign() {
        assert_eq!(room("＃雑談").unwrap().as_str(), "雑談");
        assert_eq!(room("release notes").unwrap().as_str(), "release notes");
        assert!(room("").is_err());
    }
}
