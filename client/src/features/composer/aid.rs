//! What helps while somebody writes: proposals, and commands with their answers. Its code is fetched when a sign is typed
//! that begins something, at the latest a moment after the page is there.

use leptos::html::Textarea;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::{ErrorCode, Failure, RoomAddress};
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

use super::assistant::Assistant;
use crate::core::Store;
use crate::core::notices::About;
use crate::ui::later::{Build, later};
use crate::ui::text_box;

/// The signs, in both widths.
const SIGNS: [char; 8] = ['@', '＠', '#', '＃', ':', '：', '/', '／'];

/// The id of the list of proposals.
pub const LIST: &str = "completion";

/// The composer that is helped.
#[derive(Clone, Copy)]
pub struct Helped {
    pub room: StoredValue<RoomAddress>,
    pub input: NodeRef<Textarea>,
    /// Called after a proposal was put into the text.
    pub changed: Callback<()>,
    /// Empties the box.
    pub clear: Callback<()>,
    pub aid: Aid,
}

/// What the help does, once its code is there.
#[derive(Clone, Copy)]
pub struct Hands {
    /// The id of the chosen proposal, while there are proposals.
    pub active: Signal<Option<String>>,
    /// Called when the text or caret has changed.
    pub look: Callback<()>,
    /// Called with a key that no input method has consumed. Returns true if the help used it.
    pub key: Callback<KeyboardEvent, bool>,
    /// Hides the proposals.
    pub close: Callback<()>,
    /// Runs what is written as a command.
    pub run: Callback<()>,
}

#[derive(Clone, Copy)]
pub struct Aid {
    /// Called when the code for a command did not come.
    missed: Callback<()>,
    /// Whether an input method composes.
    composes: StoredValue<bool>,
    code: RwSignal<Option<Build<Helped>>>,
    hands: RwSignal<Option<Hands>>,
    /// Whether the code is on its way, and whether a command waits for it.
    fetches: StoredValue<bool>,
    waits: StoredValue<bool>,
}

impl Aid {
    pub fn new(store: Store, composes: StoredValue<bool>) -> Self {
        let failure = || Failure::new(ErrorCode::Unavailable, "");
        let missed = Callback::new(move |()| store.notify(About::Refused(failure())));
        Self {
            missed,
            composes,
            code: RwSignal::new(None),
            hands: RwSignal::new(None),
            fetches: StoredValue::new(false),
            waits: StoredValue::new(false),
        }
    }

    /// The id of the chosen proposal, while there are proposals. Tracked.
    pub fn active(self) -> Option<String> {
        self.hands.get().and_then(|hands| hands.active.get())
    }

    /// Handles a change of the text or caret.
    pub fn look(self, input: &HtmlTextAreaElement) {
        if let Some(hands) = self.hands.get_untracked() {
            hands.look.run(());
        } else if let Ok(Some(caret)) = input.selection_end()
            && text_box::before(input, caret).0.contains(SIGNS)
        {
            self.fetch();
        }
    }

    /// Handles a key that no input method has consumed. Returns true if it was used.
    pub fn key(self, event: &KeyboardEvent) -> bool {
        self.hands.get_untracked().is_some_and(|hands| hands.key.run(event.clone()))
    }

    /// Hides the proposals until the text or caret changes.
    pub fn close(self) {
        if let Some(hands) = self.hands.get_untracked() {
            hands.close.run(());
        }
    }

    /// Runs what is written as a command.
    pub fn run(self) {
        if let Some(hands) = self.hands.get_untracked() {
            hands.run.run(());
        } else {
            self.waits.set_value(true);
            self.fetch();
        }
    }

    /// The code is there and takes over.
    pub fn begin(self, hands: Hands) {
        self.hands.set(Some(hands));
        if !self.composes.get_value() {
            hands.look.run(());
        }
        if self.waits.get_value() {
            hands.run.run(());
        }
    }

    /// What the help shows.
    pub fn view(self, helped: Helped) -> impl Fn() -> Option<AnyView> {
        move || self.code.get().map(|build| build(helped))
    }

    /// Without the code nothing is proposed; the next sign fetches it again.
    fn fetch(self) {
        if self.fetches.get_value() {
            return;
        }
        self.fetches.set_value(true);
        spawn_local(async move {
            let fetched = assistant().await;
            // The composer may be gone meanwhile, and the session too.
            if self.fetches.is_disposed() {
                return;
            }
            match fetched {
                Ok(build) => self.code.set(Some(build)),
                Err(_) => {
                    self.fetches.set_value(false);
                    if self.waits.get_value() {
                        self.waits.set_value(false);
                        self.missed.run(());
                    }
                }
            }
        });
    }
}

later! {
    /// Fetches the code.
    pub fn assistant(Helped) in writing: |helped| view! { <Assistant helped /> }.into_any()
}
