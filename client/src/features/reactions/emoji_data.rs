//! The emoji to choose from, and the ones that this user used last.

use std::sync::{Arc, OnceLock};

use leptos::prelude::*;
use serde::Deserialize;
use shared::sort::sort_by_key;
use shared::{Emoji, loosely};

use crate::browser::fetch;
use crate::browser::storage::BrowserStorage;
use crate::i18n::Language;

/// Not part of the initial load.
const FILE: &str = "/emoji.json";
/// Storage key of the last used emoji.
const KEY: &str = "hiroba.emoji";
/// Storage key of the skin tone.
const TONE_KEY: &str = "hiroba.tone";
/// Number of frequent emoji offered.
const KEPT: usize = 16;
/// Offered before the user has used any.
const COMMON: [&str; 8] = ["👍", "🙏", "😂", "❤", "🎉", "👀", "✅", "🙇"];

/// The modifiers of skin tones, from light to dark (UTS #51).
pub const TONES: [char; 5] = ['\u{1F3FB}', '\u{1F3FC}', '\u{1F3FD}', '\u{1F3FE}', '\u{1F3FF}'];

/// A group in the file: an emoji that stands for it, its name in English and in Japanese, its emoji.
#[derive(Deserialize)]
struct GroupLine(String, String, String, Vec<Line>);

/// An emoji in the file, then its name and keywords in English, then the same in Japanese; whether it takes a skin tone.
#[derive(Deserialize)]
struct Line(String, String, String, String, String, #[serde(default)] bool);

/// Emoji that belong together.
#[derive(Debug, PartialEq, Eq)]
pub struct Group {
    /// Stands for the group.
    pub sign: String,
    name: [String; 2],
    pub entries: Vec<Entry>,
}

/// An emoji with what it is called.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    emoji: Emoji,
    name: [String; 2],
    keywords: [String; 2],
    /// Made when it is first searched: normalizing all of them takes longer than a picker may take to open.
    words: OnceLock<Words>,
    takes_tone: bool,
}

/// Names, and names with keywords, as a search sees them.
#[derive(Debug, PartialEq, Eq)]
struct Words {
    names: String,
    all: String,
}

const fn place(language: Language) -> usize {
    match language {
        Language::English => 0,
        Language::Japanese => 1,
    }
}

impl Group {
    pub fn name(&self, language: Language) -> &str {
        &self.name[place(language)]
    }
}

impl Entry {
    /// `None` if this build does not recognize it as an emoji.
    fn new(Line(emoji, english, more, japanese, further, takes_tone): Line) -> Option<Self> {
        let (name, keywords) = ([english, japanese], [more, further]);
        Some(Self { emoji: Emoji::new(&emoji).ok()?, name, keywords, words: OnceLock::new(), takes_tone })
    }

    fn words(&self) -> &Words {
        self.words.get_or_init(|| {
            let names = loosely(&self.name.join(" "));
            let all = format!("{names} {} {}", loosely(&self.keywords.join(" ")), self.emoji);
            Words { names, all }
        })
    }

    /// The emoji in this skin tone, if it takes one.
    pub fn emoji(&self, tone: Option<char>) -> Emoji {
        let toned = tone.filter(|_| self.takes_tone).and_then(|tone| {
            let text = self.emoji.as_str();
            let first = text.chars().next()?;
            Emoji::new(&format!("{first}{tone}{}", &text[first.len_utf8()..])).ok()
        });
        toned.unwrap_or_else(|| self.emoji.clone())
    }

    pub fn name(&self, language: Language) -> &str {
        &self.name[place(language)]
    }

    /// How the words of a search in either language match.
    fn fits(&self, search: &str) -> Option<Fit> {
        let words = self.words();
        let all = |fits: &dyn Fn(&str) -> bool| search.split_whitespace().all(fits);
        let is_named = |word: &str| {
            let is_whole = words.names.split(' ').any(|own| own == word);
            is_whole || !word.is_ascii() && words.names.contains(word)
        };
        if all(&is_named) {
            return Some(Fit::Named);
        }
        if all(&|word| words.all.split(' ').any(|own| own.starts_with(word))) {
            return Some(Fit::Beginning);
        }
        all(&|word| words.all.contains(word)).then_some(Fit::Within)
    }
}

/// How well an emoji matches a search, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It is called so.
    Named,
    /// All words begin one of its words.
    Beginning,
    /// All words are in one of its words.
    Within,
}

/// The entries that match a search: better matches first, of those that are called so the ones in `often`, and shorter
/// names, which say less else. `_` separates words as a space does.
pub fn matching<'a>(groups: &'a [Group], search: &str, often: &[Emoji]) -> Vec<&'a Entry> {
    let search = loosely(&search.replace('_', " "));
    let entries = groups.iter().flat_map(|group| &group.entries);
    let mut found: Vec<(Fit, &Entry)> =
        entries.filter_map(|entry| Some((entry.fits(&search)?, entry))).collect();
    sort_by_key(&mut found, |(fit, entry)| match fit {
        Fit::Named => (*fit, !often.contains(&entry.emoji), entry.words().names.len()),
        Fit::Beginning | Fit::Within => (*fit, true, 0),
    });
    found.into_iter().map(|(_, entry)| entry).collect()
}

/// Parts of sequences outside of U+2000 to U+2AFF that some systems draw as text.
const TEXT_BY_DEFAULT: [char; 7] = ['🌫', '🏋', '🏌', '🏳', '👁', '🕵', '🗨'];

/// The emoji with the variation selectors U+FE0F that it is stored without: some systems draw older symbols as text.
pub fn show(emoji: &Emoji) -> String {
    let text = emoji.as_str();
    let mut shown = String::new();
    for part in text.split_inclusive('\u{200D}') {
        let mut chars = part.chars();
        let first = chars.next().unwrap_or_default();
        let rest = chars.as_str();
        let is_text = matches!(first, '\u{2000}'..='\u{2AFF}') || TEXT_BY_DEFAULT.contains(&first);
        let is_single = text.len() == first.len_utf8() || is_text && matches!(rest, "" | "\u{200D}");
        shown.push(first);
        if is_single || rest == "\u{20E3}" {
            shown.push('\u{FE0F}');
        }
        shown.push_str(rest);
    }
    shown
}

/// Loading state of the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Loaded {
    /// Not requested.
    #[default]
    No,
    /// Requested.
    Loading,
    /// Loading failed.
    Failed,
    There(Arc<Vec<Group>>),
}

/// The emoji data, as a context.
#[derive(Clone, Copy)]
pub struct EmojiData {
    all: RwSignal<Loaded>,
    last: RwSignal<Vec<Emoji>>,
    /// The skin tone that the user chose.
    tone: RwSignal<Option<char>>,
}

impl EmojiData {
    /// Creates the context with the last used emoji stored in the browser.
    pub fn provide() -> Self {
        let last = BrowserStorage::Browser.value(KEY).unwrap_or_default();
        let tone = BrowserStorage::Browser.text(TONE_KEY).and_then(|tone| tone.chars().next());
        let data = Self { all: RwSignal::default(), last: RwSignal::new(last), tone: RwSignal::new(tone) };
        provide_context(data);
        data
    }

    /// All emoji, once they are loaded.
    pub fn all(self) -> Loaded {
        self.all.get()
    }

    /// The skin tone that the user chose.
    pub fn tone(self) -> Option<char> {
        self.tone.get()
    }

    /// Chooses a skin tone, and keeps it.
    pub fn choose_tone(self, tone: Option<char>) {
        BrowserStorage::Browser.set_text(TONE_KEY, &tone.map(String::from).unwrap_or_default());
        self.tone.set(tone);
    }

    /// Fetches the file unless it is loaded or loading.
    pub fn load(self) {
        if matches!(self.all.get_untracked(), Loaded::No | Loaded::Failed) {
            self.all.set(Loaded::Loading);
            leptos::task::spawn_local(async move {
                let groups = fetch::json(FILE).await;
                self.all.set(groups.map_or(Loaded::Failed, |groups| Loaded::There(Arc::new(read(groups)))));
            });
        }
    }

    /// The last used emoji, then common ones.
    pub fn often(self) -> Vec<Emoji> {
        let mut often = self.last.get();
        for common in COMMON.into_iter().filter_map(|common| Emoji::new(common).ok()) {
            if !often.contains(&common) {
                often.push(common);
            }
        }
        often.truncate(KEPT);
        often
    }

    /// Records a use.
    pub fn used(self, emoji: &Emoji) {
        self.last.update(|last| {
            last.retain(|other| other != emoji);
            last.insert(0, emoji.clone());
            last.truncate(KEPT / 2);
            BrowserStorage::Browser.set_value(KEY, last);
        });
    }
}

fn read(groups: Vec<GroupLine>) -> Vec<Group> {
    let group = |GroupLine(sign, english, japanese, lines)| {
        let sign = Emoji::new(&sign).map_or(sign, |sign| show(&sign));
        let entries = lines.into_iter().filter_map(Entry::new).collect();
        Group { sign, name: [english, japanese], entries }
    };
    groups.into_iter().map(group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = include_str!("../../../../public/emoji.json");

    fn groups() -> Vec<Group> {
        read(serde_json::from_str(TEXT).unwrap())
    }

    fn found(search: &str) -> Vec<String> {
        let often = [Emoji::new("❤").unwrap()];
        matching(&groups(), search, &often).into_iter().map(|entry| entry.emoji.to_string()).collect()
    }

    #[test]
    fn every_emoji_of_the_file_is_one_and_stands_there_once() {
        let lines: Vec<GroupLine> = serde_json::from_str(TEXT).unwrap();
        let mut once = std::collections::HashSet::new();
        for GroupLine(_, english, japanese, lines) in lines {
            assert!(!english.is_empty() && !japanese.is_empty());
            for line in lines {
                let text = line.0.clone();
                let entry = Entry::new(line).unwrap();
                assert_eq!(entry.emoji.as_str(), text, "in the form in which it is kept");
                assert!(entry.name.iter().all(|name| !name.is_empty()));
                assert!(once.insert(text));
            }
        }
        assert!(once.len() > 1_800);
    }

    #[test]
    fn emoji_are_found_in_both_languages() {
        for search in ["笑", "わらい", "ワライ", "laugh", "LAUGH"] {
            let found = found(search);
            assert!(found.iter().any(|emoji| emoji == "😂" || emoji == "😀"), "{search}");
        }
        assert!(found("ありがとう").contains(&"🙏".to_owned()));
        assert_eq!(found("thumbs down"), ["👎"]);
        assert_eq!(found("何もない言葉"), [""; 0]);
    }

    #[test]
    fn what_is_called_so_comes_first() {
        for (search, first) in [
            ("すし", "🍣"),
            ("ok", "👌"),
            ("heart", "❤"),
            ("ハート", "❤"),
            ("thumbs_up", "👍"),
            ("tada", "🎉"),
            ("cat", "🐈"),
        ] {
            assert_eq!(found(search).first().map(String::as_str), Some(first), "{search}");
        }
    }

    #[test]
    fn a_skin_tone_stands_after_the_person_and_only_there() {
        let groups = groups();
        let toned = |search: &str| matching(&groups, search, &[])[0].emoji(Some(TONES[2])).to_string();
        assert_eq!(toned("thumbs up"), "👍🏽");
        assert_eq!(toned("woman detective"), "🕵🏽\u{200D}♀");
        assert_eq!(toned("red heart"), "❤");
        for entry in groups.iter().flat_map(|group| &group.entries).filter(|entry| entry.takes_tone) {
            for tone in TONES {
                assert_ne!(entry.emoji(Some(tone)), entry.emoji, "{}", entry.emoji);
            }
        }
    }

    #[test]
    fn old_symbols_are_shown_as_emoji() {
        for (kept, shown) in [
            ("❤", "❤\u{FE0F}"),
            ("1\u{20E3}", "1\u{FE0F}\u{20E3}"),
            ("❤\u{200D}🔥", "❤\u{FE0F}\u{200D}🔥"),
            ("🏳\u{200D}🌈", "🏳\u{FE0F}\u{200D}🌈"),
            ("🕵🏽\u{200D}♀", "🕵🏽\u{200D}♀\u{FE0F}"),
            ("👩\u{200D}👧", "👩\u{200D}👧"),
            ("🇯🇵", "🇯🇵"),
        ] {
            assert_eq!(show(&Emoji::new(kept).unwrap()), shown);
        }
    }
}
