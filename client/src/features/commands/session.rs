//! Commands in one composer.

use leptos::html::Textarea;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::account::Role;
use shared::{RoomAddress, RoomName};

use super::answer::Answer;
use super::doing::Doing;
use super::table::{self, Command, Facts};
use super::{Written, texts};
use crate::core::Store;
use crate::features::account::api;
use crate::features::leaving::question::Parting;
use crate::i18n::{CurrentLanguage, use_language};
use crate::ui::focus;
use crate::wire::credentials::{Credentials, use_credentials};

#[derive(Clone, Copy)]
pub struct Commands {
    /// What the last command answered; only this user sees it.
    pub answer: RwSignal<Option<Answer>>,
    /// Kept apart, because it is large.
    held: StoredValue<Held>,
}

#[derive(Clone, Copy)]
pub struct Held {
    store: Store,
    room: StoredValue<RoomAddress>,
    input: NodeRef<Textarea>,
    /// Empties the box.
    clear: Callback<()>,
    /// What the user is in this installation, once the server was asked.
    role: RwSignal<Option<Role>>,
    asks: StoredValue<bool>,
    /// A command was sent before that was known.
    waits: StoredValue<bool>,
    /// A request of a command has no answer yet.
    busy: StoredValue<bool>,
    language: CurrentLanguage,
    pub credentials: Credentials,
    pub parting: Parting,
}

impl Commands {
    pub fn new(room: StoredValue<RoomAddress>, input: NodeRef<Textarea>, clear: Callback<()>) -> Self {
        let held = Held {
            store: expect_context(),
            room,
            input,
            clear,
            role: RwSignal::new(None),
            asks: StoredValue::new(false),
            waits: StoredValue::new(false),
            busy: StoredValue::new(false),
            language: use_language(),
            credentials: use_credentials(),
            parting: expect_context(),
        };
        Self { answer: RwSignal::new(None), held: StoredValue::new(held) }
    }

    /// What it is run with.
    pub fn held(self) -> Held {
        self.held.get_value()
    }

    /// Called when somebody begins to write a command: asks once what they are in this installation.
    pub fn begun(self) {
        let Held { role, asks, waits, credentials, .. } = self.held();
        if self.knows_role() || asks.get_value() {
            return;
        }
        asks.set_value(true);
        spawn_local(async move {
            let account = api::account(credentials).await;
            // The room may be closed by now.
            if self.is_gone() {
                return;
            }
            // Who cannot be asked now is asked again with the next command.
            asks.set_value(false);
            role.set(account.ok().map(|account| account.role));
            if waits.get_value() {
                waits.set_value(false);
                self.run_known();
            }
        });
    }

    /// The commands that begin like this and that the user may use here. Tracked.
    pub fn matching(self, query: &str) -> Vec<&'static Command> {
        self.facts().map(|facts| table::beginning(query, &facts)).unwrap_or_default()
    }

    /// All that the user may use here. Untracked.
    pub fn offered(self) -> Vec<&'static Command> {
        untrack(|| self.matching(""))
    }

    fn knows_role(self) -> bool {
        let Held { store, role, .. } = self.held();
        !store.is_account_untracked() || role.with_untracked(Option::is_some)
    }

    /// Runs what is written, once it is known what the user may do.
    pub fn run(self) {
        if self.knows_role() {
            self.run_known();
        } else {
            self.held().waits.set_value(true);
            self.begun();
        }
    }

    fn run_known(self) {
        let Held { store, room, input, language, .. } = self.held();
        let Some(input) = input.get_untracked() else { return };
        let typed = input.value();
        let Some((name, rest)) = Written::command(&typed) else { return };
        let language = untrack(|| language.get());
        let Some(command) = table::find(name) else {
            let words = (texts::UNKNOWN.of(language))(name);
            return self.answer(Some(Answer::Wrong(words)));
        };
        if !untrack(|| self.facts()).is_some_and(|facts| (command.offered)(&facts)) {
            let words = (texts::NOT_HERE.of(language))(command.name);
            return self.answer(Some(Answer::Wrong(words)));
        }
        let rest = rest.unwrap_or_default().trim().to_owned();
        let room = room.get_value();
        let doing = Doing { commands: self, store, language, room, command, typed };
        (command.run)(&doing, &rest);
    }

    /// A command is about to ask the server. Returns false if the one before has no answer yet: then the user has pressed
    /// the key twice.
    pub fn asks(self) -> bool {
        let Some(Held { busy, .. }) = self.held.try_get_value() else { return false };
        !busy.try_update_value(|busy| std::mem::replace(busy, true)).unwrap_or(true)
    }

    /// The server has answered.
    pub fn is_answered(self) {
        if let Some(Held { busy, .. }) = self.held.try_get_value() {
            let _ = busy.try_set_value(false);
        }
    }

    /// Shows an answer, if this composer is still there.
    pub fn answer(self, answer: Option<Answer>) {
        let _ = self.answer.try_set(answer);
    }

    /// Takes the answer away. Returns false if there is none.
    pub fn dismiss(self) -> bool {
        let had = self.answer.with_untracked(Option::is_some);
        if had {
            self.answer.set(None);
            focus::on("#composer");
        }
        had
    }

    /// The command is done: empties the box, unless the user has gone on writing.
    pub fn emptied(self, typed: &str) {
        let Some(Held { input, clear, .. }) = self.held.try_get_value() else { return };
        if input.get_untracked().is_some_and(|input| input.value() == typed) {
            clear.run(());
        }
    }

    /// Whether the composer is not there any more.
    pub fn is_gone(self) -> bool {
        self.answer.is_disposed()
    }

    fn facts(self) -> Option<Facts> {
        let Held { store, room, role, .. } = self.held();
        let room = room.get_value();
        let doors = store.room(&room)?.with(|room| room.doors.clone());
        let is_first = room.public() == Some(RoomName::general());
        let administers = role.get().is_some_and(|role| role >= Role::Admin);
        let has_account = store.is_account();
        Some(Facts { doors, is_first, has_account, administers })
    }
}
