//! Completion in the composer: people after `@`, rooms after `#`, emoji after `:`, commands after `/`. An ARIA combobox.

mod begun;
mod proposals;
pub mod view;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::RoomAddress;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

use crate::core::Store;
use crate::features::commands::session::Commands;
use crate::features::reactions::emoji_data::EmojiData;
use crate::features::reactions::emoji_search::{self, EmojiSearch};
use crate::i18n::use_language;
use crate::ui::{focus, send_key, text_box};
use begun::{Begun, Kind};
use proposals::{PROPOSALS, Proposal};

/// The state of the list above the composer.
#[derive(Clone, Copy)]
pub struct Completion {
    begun: RwSignal<Option<Begun>>,
    chosen: RwSignal<usize>,
    proposals: Memo<Vec<Proposal>>,
    emoji: EmojiData,
    /// The code that finds emoji, once it is there.
    search: RwSignal<Option<EmojiSearch>>,
    commands: Commands,
}

impl Completion {
    /// Completes texts for `room`.
    pub fn new(store: Store, room: StoredValue<RoomAddress>, commands: Commands) -> Self {
        let emoji: EmojiData = expect_context();
        let language = use_language();
        let begun = RwSignal::new(None::<Begun>);
        let search = RwSignal::new(None::<EmojiSearch>);
        let proposals = Memo::new(move |_| {
            let Some(Begun { kind, query, .. }) = begun.get() else { return Vec::new() };
            match kind {
                Kind::Person => {
                    let room = room.with_value(|room| store.room(room));
                    let members = room.map(|room| room.with(|room| room.members.sorted()));
                    let reading = |id| store.reading(id);
                    proposals::people(&query, &members.unwrap_or_default(), store.me(), reading)
                }
                Kind::Room => store.directory.with(|directory| {
                    store.titles().with(|titles| proposals::rooms(&query, directory, titles))
                }),
                Kind::Command => commands.matching(&query).into_iter().map(Proposal::Command).collect(),
                Kind::Emoji => {
                    let found =
                        search.get().map(|search| (search.find)(emoji, &query, language.get(), PROPOSALS));
                    let proposal = |(emoji, name)| Proposal::Emoji(emoji, name);
                    found.into_iter().flatten().map(proposal).collect()
                }
            }
        });
        Self { begun, chosen: RwSignal::new(0), proposals, emoji, search, commands }
    }

    /// Whether there are proposals.
    pub fn is_open(self) -> bool {
        self.proposals.with(|proposals| !proposals.is_empty())
    }

    /// The id of the selected element.
    pub fn active(self) -> Option<String> {
        self.is_open().then(|| view::element_id(self.chosen.get()))
    }

    /// Handles a change of the text or caret.
    pub fn look(self, input: &HtmlTextAreaElement) {
        let caret = input.selection_end().ok().flatten();
        let collapsed = input.selection_start().ok().flatten() == caret;
        let begun = caret.filter(|_| collapsed).and_then(|caret| {
            let (text, from) = text_box::before(input, caret);
            let begun = Begun::find(&text, caret - from, from == 0)?;
            Some(Begun { start: begun.start + from, end: begun.end + from, ..begun })
        });
        if self.begun.with_untracked(|before| *before != begun) {
            if begun.as_ref().is_some_and(|begun| begun.kind == Kind::Emoji) {
                self.fetch_search();
            }
            if begun.as_ref().is_some_and(|begun| begun.kind == Kind::Command) {
                self.commands.begun();
            }
            self.chosen.set(0);
            self.begun.set(begun);
        }
    }

    /// Without its code no emoji are proposed; the next one that is begun fetches it again.
    fn fetch_search(self) {
        if self.search.with_untracked(Option::is_none) {
            spawn_local(async move {
                // The composer may be gone meanwhile, and the session too.
                if let Ok(code) = emoji_search::search().await
                    && !self.search.is_disposed()
                {
                    let search = code(());
                    (search.load)(self.emoji);
                    self.search.set(Some(search));
                }
            });
        }
    }

    /// Hides the proposals until the text or caret changes.
    pub fn close(self) {
        if self.begun.with_untracked(Option::is_some) {
            self.begun.set(None);
        }
    }

    /// Handles a key that no input method has consumed. Returns true if the list used it.
    pub fn key(self, event: &KeyboardEvent, input: &HtmlTextAreaElement) -> bool {
        // A command that is written whole is run.
        if send_key::sends(event) && self.is_whole() {
            self.close();
            return false;
        }
        let count = self.proposals.with_untracked(Vec::len);
        if count == 0 || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return false;
        }
        match event.key().as_str() {
            "ArrowDown" => self.choose((self.chosen.get_untracked() + 1) % count),
            "ArrowUp" => self.choose((self.chosen.get_untracked() + count - 1) % count),
            "Enter" | "Tab" if !event.shift_key() => self.take(self.chosen.get_untracked(), input),
            // The list is no stop on the way.
            "Tab" => {
                self.close();
                return false;
            }
            "Escape" => self.close(),
            _ => return false,
        }
        event.prevent_default();
        true
    }

    fn is_whole(self) -> bool {
        let begun = self.begun.get_untracked();
        let is_chosen = |proposal: &Proposal| matches!((proposal, &begun), (Proposal::Command(command), Some(begun)) if command.name == begun.query);
        let chosen = self.chosen.get_untracked();
        self.proposals.with_untracked(|proposals| proposals.get(chosen).is_some_and(is_chosen))
    }

    fn choose(self, at: usize) {
        self.chosen.set(at);
        focus::reveal(&view::element_id(at));
    }

    /// Puts a proposal into the text.
    fn take(self, at: usize, input: &HtmlTextAreaElement) {
        let proposal = self.proposals.with_untracked(|proposals| proposals.get(at).cloned());
        let begun = self.begun.get_untracked();
        self.close();
        if let (Some(proposal), Some(Begun { start, end, .. })) = (proposal, begun) {
            if let Proposal::Emoji(emoji, _) = &proposal {
                self.emoji.used(emoji);
            }
            // The offsets were read from this text.
            let _ = input.set_range_text_with_start_and_end_and_mode(&proposal.text(), start, end, "end");
        }
    }
}
