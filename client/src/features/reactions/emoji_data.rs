//! The emoji to choose from, and the ones that this user used last.

use std::sync::Arc;

use leptos::prelude::*;
use serde::Deserialize;
use shared::{Emoji, loosely};

use crate::browser::fetch;
use crate::browser::storage::BrowserStorage;
use crate::i18n::Language;

/// Not part of the initial load.
const FILE: &str = "/emoji.json";
/// Storage key of the last used emoji.
const KEY: &str = "hiroba.emoji";
/// Number of frequent emoji offered.
const KEPT: usize = 16;
/// Offered before the user has used any.
const COMMON: [&str; 8] = ["👍", "🙏", "😂", "❤", "🎉", "👀", "✅", "🙇"];

/// An emoji, then its name and keywords in English, then the same in Japanese.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Entry(String, String, String, String, String);

impl Entry {
    /// The emoji; `None` if this build does not recognize it as one.
    pub fn emoji(&self) -> Option<Emoji> {
        Emoji::new(&self.0).ok()
    }

    pub fn name(&self, language: Language) -> &str {
        match language {
            Language::English => &self.1,
            Language::Japanese => &self.3,
        }
    }

    /// How the words of a search in either language match: all at the beginning of a keyword, or all anywhere within.
    /// `search` is normalized by [`loosely`].
    fn fits(&self, search: &str) -> Option<Fit> {
        let own = [&self.0, &self.1, &self.2, &self.3, &self.4].map(|words| loosely(words)).join(" ");
        let begins = |word| own.split(' ').any(|own| own.starts_with(word));
        if search.split_whitespace().all(begins) {
            return Some(Fit::Beginning);
        }
        search.split_whitespace().all(|word| own.contains(word)).then_some(Fit::Within)
    }
}

/// How well an emoji matches a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    Beginning,
    Within,
}

/// The entries that match a search, better matches first. `search` is normalized by [`loosely`].
pub fn matching<'a>(entries: &'a [Entry], search: &str) -> Vec<&'a Entry> {
    let (mut beginning, mut within) = (Vec::new(), Vec::new());
    for entry in entries {
        match entry.fits(search) {
            Some(Fit::Beginning) => beginning.push(entry),
            Some(Fit::Within) => within.push(entry),
            None => {}
        }
    }
    beginning.append(&mut within);
    beginning
}

/// The emoji with the variation selector U+FE0F: without it some systems draw older symbols as text.
pub fn show(emoji: &Emoji) -> String {
    let text = emoji.as_str();
    if text.chars().nth(1).is_none() { format!("{text}\u{FE0F}") } else { text.to_owned() }
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
    There(Arc<Vec<Entry>>),
}

/// The emoji data, as a context.
#[derive(Clone, Copy)]
pub struct EmojiData {
    all: RwSignal<Loaded>,
    last: RwSignal<Vec<Emoji>>,
}

impl EmojiData {
    /// Creates the context with the last used emoji stored in the browser.
    pub fn provide() -> Self {
        let last = BrowserStorage::Browser.value(KEY).unwrap_or_default();
        let data = Self { all: RwSignal::default(), last: RwSignal::new(last) };
        provide_context(data);
        data
    }

    /// All emoji, once they are loaded.
    pub fn all(self) -> Loaded {
        self.all.get()
    }

    /// Fetches the file unless it is loaded or loading.
    pub fn load(self) {
        if matches!(self.all.get_untracked(), Loaded::No | Loaded::Failed) {
            self.all.set(Loaded::Loading);
            leptos::task::spawn_local(async move {
                let entries = fetch::json(FILE).await;
                self.all.set(entries.map_or(Loaded::Failed, |entries| Loaded::There(Arc::new(entries))));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn entries() -> Vec<Entry> {
        serde_json::from_str(include_str!("../../../../public/emoji.json")).unwrap()
    }

    fn found(search: &str) -> Vec<String> {
        matching(&entries(), &loosely(search)).into_iter().map(|entry| entry.0.clone()).collect()
    }

    #[test]
    fn every_emoji_of_the_file_is_one_and_stands_there_once() {
        let entries = entries();
        for entry in &entries {
            assert_eq!(entry.emoji().unwrap().as_str(), entry.0, "in the form in which it is kept");
            assert!(!entry.name(Language::English).is_empty() && !entry.name(Language::Japanese).is_empty());
        }
        let once: std::collections::HashSet<_> = entries.iter().map(|entry| &entry.0).collect();
        assert_eq!(once.len(), entries.len());
        assert!(entries.len() > 300);
    }

    #[test]
    fn emoji_are_found_in_both_languages() {
        for search in ["笑", "わらい", "ワライ", "laugh", "LAUGH"] {
            assert!(
                found(search).contains(&"😂".to_owned()) || found(search).contains(&"😀".to_owned()),
                "{search}"
            );
        }
        assert_eq!(found("すし").first().unwrap(), "🍣", "before words that only contain it");
        assert!(found("ありがとう").contains(&"🙏".to_owned()));
        assert_eq!(found("thumbs down"), ["👎"]);
        assert_eq!(found("何もない言葉"), [""; 0]);
    }
}
