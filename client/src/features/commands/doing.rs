//! A command that is being run.

use leptos::prelude::*;
use shared::{MessageText, RoomAddress, UserName};

use super::answer::{Answer, Question};
use super::session::Commands;
use super::table::Command;
use super::texts;
use crate::core::Store;
use crate::core::now;
use crate::core::requests::NoAnswer;
use crate::core::room::Room;
use crate::i18n::errors::refusal;
use crate::i18n::{Language, Text, common};
use crate::ui::{barrier, focus};

#[derive(Clone)]
pub struct Doing {
    pub commands: Commands,
    pub store: Store,
    pub language: Language,
    pub room: RoomAddress,
    pub command: &'static Command,
    /// The whole text.
    pub typed: String,
}

impl Doing {
    /// It is done: what was typed goes.
    pub fn done(&self) {
        self.answer(None);
        self.commands.emptied(&self.typed);
    }

    /// It is done, and the user learns this.
    pub fn say(&self, lines: Vec<(String, String)>) {
        self.answer(Some(Answer::Said(lines)));
        self.commands.emptied(&self.typed);
    }

    /// [`Self::say`] of one sentence.
    pub fn tell(&self, words: impl Into<String>) {
        self.say(vec![(String::new(), words.into())]);
    }

    /// It did not work: what was typed stays.
    pub fn fail(&self, words: impl Into<String>) {
        self.answer(Some(Answer::Wrong(words.into())));
    }

    /// It was not written as it has to be.
    pub fn wrong(&self) {
        let Command { name, usage, about, .. } = self.command;
        let usage = format!("/{name} {}", usage.of(self.language));
        self.fail((texts::WRITE_IT_SO.of(self.language))(usage.trim(), about.of(self.language)));
    }

    /// The server or the connection did not allow it.
    pub fn refused(&self, why: NoAnswer) {
        if self.commands.is_gone() {
            // Where the answer would stand there is another room by now.
            return self.store.notify(why.into());
        }
        self.fail(match why {
            NoAnswer::Offline => common::CONNECTION_LOST.of(self.language).to_owned(),
            NoAnswer::Refused(failure) => refusal(self.language, &failure),
        });
    }

    /// Asks before something is destroyed.
    pub fn ask(&self, words: String, button: &'static Text, act: impl Fn(&Self) + Send + Sync + 'static) {
        let doing = self.clone();
        let act = Callback::new(move |()| act(&doing));
        self.answer(Some(Answer::Asks(Question { words, button, act })));
        focus::soon("[data-testid=answer-cancel]");
    }

    /// Sends a request, and says `said` once it is done.
    pub fn request(&self, command: shared::Command, said: String) {
        let doing = self.clone();
        if !self.commands.asks() {
            return;
        }
        self.store.request(command, move |answer| {
            doing.commands.is_answered();
            match answer {
                Ok(_) if said.is_empty() => doing.done(),
                Ok(_) => doing.tell(said),
                Err(why) => doing.refused(why),
            }
        });
    }

    /// Posts a message.
    pub fn post(&self, text: &str) {
        let now = now();
        if let Some(barrier) = untrack(|| self.store.barrier(&self.room, now)) {
            return self.fail(barrier::words(self.language, &barrier));
        }
        match MessageText::new(text) {
            Ok(text) => {
                self.done();
                self.store.post(self.room.clone(), text);
            }
            Err(_) => self.wrong(),
        }
    }

    /// What the page knows of the room.
    pub fn in_room<T>(&self, look: impl FnOnce(&Room) -> T) -> Option<T> {
        untrack(|| self.store.room(&self.room)).map(|room| room.with_untracked(look))
    }

    /// The names of the members that are known, and of all others whom one knows.
    pub fn names(&self) -> Vec<UserName> {
        let members = self.in_room(|room| room.members.sorted()).unwrap_or_default();
        let members = members.into_iter().map(|member| member.username);
        members.chain(self.store.acquaintances().into_iter().map(|(_, name)| name)).collect()
    }

    fn answer(&self, answer: Option<Answer>) {
        self.commands.answer(answer);
    }
}
