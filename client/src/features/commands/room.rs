//! Commands about rooms.

use leptos::prelude::*;
use shared::limits::{SLOW_SECONDS, TOPIC_CHARS};
use shared::{Command, DetailsChange, RoomAddress, ShortText};

use super::doing::Doing;
use super::{parse, texts};
use crate::i18n::span;
use crate::ui::room_name::room_name;

/// Takes the topic away.
const NOTHING: &str = "-";

pub fn join(doing: &Doing, name: &str) {
    let titles = doing.store.titles();
    let private = titles.with_untracked(|titles| {
        let wanted = name.trim_start_matches(['#', '＃']);
        titles.iter().find(|(_, title)| *title == wanted).map(|(room, _)| room.clone())
    });
    let room = private.map_or_else(|| parse::room(name).map(RoomAddress::from), Ok);
    match room {
        Ok(room) => {
            doing.done();
            doing.store.open(room);
        }
        Err(_) => doing.wrong(),
    }
}

pub fn leave(doing: &Doing, _: &str) {
    // What is written here would count as something that is lost.
    doing.done();
    doing.commands.held().parting.part(Some(doing.room.clone()));
}

pub fn topic(doing: &Doing, text: &str) {
    if text.is_empty() {
        let topic =
            doing.in_room(|room| room.doors.details.topic.as_ref().map(ToString::to_string)).flatten();
        return doing.tell(topic.unwrap_or_else(|| texts::NO_TOPIC.of(doing.language).to_owned()));
    }
    let topic = match text {
        NOTHING => None,
        text => match ShortText::within(text, TOPIC_CHARS) {
            Ok(topic) => Some(topic),
            Err(_) => return doing.fail(texts::TOPIC_TOO_LONG.of(doing.language)),
        },
    };
    edit(doing, DetailsChange { topic: Some(topic), ..DetailsChange::default() }, String::new());
}

pub fn slow(doing: &Doing, time: &str) {
    let seconds = match time.to_lowercase().as_str() {
        "off" | "オフ" => Some(0),
        time => parse::seconds(time, 1).filter(|(_, rest)| rest.is_empty()).map(|(seconds, _)| seconds),
    };
    let Some(seconds) = seconds.filter(|seconds| *seconds <= SLOW_SECONDS) else { return doing.wrong() };
    let language = doing.language;
    let said = match seconds {
        0 => texts::SLOW_OFF.of(language).to_owned(),
        seconds => (texts::SLOW_ON.of(language))(&span(language, seconds.into())),
    };
    edit(doing, DetailsChange { slow_seconds: Some(seconds), ..DetailsChange::default() }, said);
}

pub fn archive(doing: &Doing, _: &str) {
    let language = doing.language;
    let name = untrack(|| room_name(doing.store, &doing.room, language));
    let words = (texts::ARCHIVE_QUESTION.of(language))(&name);
    doing.ask(words, &texts::ARCHIVE_BUTTON, |doing| {
        edit(doing, DetailsChange { archived: Some(true), ..DetailsChange::default() }, String::new());
    });
}

fn edit(doing: &Doing, change: DetailsChange, said: String) {
    doing.request(Command::EditRoom { room: doing.room.clone(), change }, said);
}
