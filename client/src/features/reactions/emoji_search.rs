//! The search for an emoji by name, for completion while somebody writes. Fetched when it is first needed.

use shared::Emoji;

use super::emoji_data::{EmojiData, Loaded, matching};
use crate::i18n::Language;
use crate::ui::later::later;

/// Finds at most this many emoji, with their names in this language. Tracked.
type Find = fn(EmojiData, &str, Language, usize) -> Vec<(Emoji, String)>;

/// The code of the search.
#[derive(Clone, Copy)]
pub struct EmojiSearch {
    /// Fetches the names.
    pub load: fn(EmojiData),
    pub find: Find,
}

later! {
    /// Fetches the code.
    pub fn search(() => EmojiSearch) in emoji: |()| EmojiSearch { load: EmojiData::load, find }
}

fn find(data: EmojiData, query: &str, language: Language, most: usize) -> Vec<(Emoji, String)> {
    let Loaded::There(groups) = data.all() else { return Vec::new() };
    let tone = data.tone();
    let found = matching(&groups, query, &data.often()).into_iter().take(most);
    found.map(|entry| (entry.emoji(tone), entry.name(language).to_owned())).collect()
}
