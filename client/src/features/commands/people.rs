//! Commands about other people in the room.

use leptos::prelude::*;
use shared::limits::{REASON_CHARS, RESTRICTION_SECONDS};
use shared::{Command, MessageText, RestrictionKind, RoomRole, ShortText, UserId, UserName, Whom};

use super::doing::Doing;
use super::{parse, texts};
use crate::browser::later::in_a_frame;
use crate::i18n::{Text, span};
use crate::ui::room_name::room_name;

pub fn invite(doing: &Doing, text: &str) {
    let Some((name, "")) = parse::person(text, &doing.names()) else { return doing.wrong() };
    let said = (texts::INVITED.of(doing.language))(name.as_str());
    doing.request(Command::Invite { room: doing.room.clone(), whom: Whom::Name(name) }, said);
}

/// Opens the conversation with somebody and writes there.
pub fn msg(doing: &Doing, text: &str) {
    let written = parse::person(text, &doing.names()).filter(|(_, rest)| !rest.is_empty());
    let Some((name, text)) = written.and_then(|(name, rest)| Some((name, MessageText::new(rest).ok()?)))
    else {
        return doing.wrong();
    };
    if !doing.commands.asks() {
        return;
    }
    let doing = doing.clone();
    let store = doing.store;
    store.converse(Vec::new(), vec![name], move |answer| {
        doing.commands.is_answered();
        match answer {
            Ok(room) => {
                doing.done();
                // The room is on the page a moment later.
                let room = room.clone();
                in_a_frame(store.outbox, move || store.post(room, text));
            }
            Err(why) => doing.refused(why),
        }
    });
}

pub fn kick(doing: &Doing, text: &str) {
    let Some((user_id, name, rest)) = member(doing, text) else { return };
    let Ok(reason) = reason(rest) else { return doing.wrong() };
    let question = question(doing, &texts::KICK_QUESTION, &name);
    let said = (texts::KICKED.of(doing.language))(name.as_str());
    doing.ask(question, &texts::KICK_BUTTON, move |doing| {
        let (room, reason) = (doing.room.clone(), reason.clone());
        doing.request(Command::RemoveMember { room, user_id, reason }, said.clone());
    });
}

pub fn ban(doing: &Doing, text: &str) {
    let Some(Restriction { name, seconds, reason }) = restriction(doing, text) else { return };
    let mut question = question(doing, &texts::BAN_QUESTION, &name);
    question += " ";
    question += &time(doing, seconds);
    let said = (texts::BANNED.of(doing.language))(name.as_str());
    doing.ask(question, &texts::BAN_BUTTON, move |doing| {
        let (name, reason) = (name.clone(), reason.clone());
        restrict(doing, RestrictionKind::Ban, Restriction { name, seconds, reason }, said.clone());
    });
}

pub fn mute(doing: &Doing, text: &str) {
    let Some(restriction) = restriction(doing, text) else { return };
    let said = (texts::MUTED.of(doing.language))(restriction.name.as_str());
    let said = format!("{said} {}", time(doing, restriction.seconds));
    restrict(doing, RestrictionKind::Mute, restriction, said);
}

pub fn unban(doing: &Doing, text: &str) {
    lift(doing, text, RestrictionKind::Ban, &texts::UNBANNED);
}

pub fn unmute(doing: &Doing, text: &str) {
    lift(doing, text, RestrictionKind::Mute, &texts::UNMUTED);
}

pub fn role(doing: &Doing, text: &str) {
    let Some((user_id, name, rest)) = member(doing, text) else { return };
    let (role, said) = match rest.to_lowercase().as_str() {
        "moderator" | "モデレーター" => (RoomRole::Moderator, &texts::MODERATES),
        "member" | "メンバー" => (RoomRole::Member, &texts::MODERATES_NOT),
        _ => return doing.wrong(),
    };
    let said = (said.of(doing.language))(name.as_str());
    doing.request(Command::SetRoomRole { room: doing.room.clone(), user_id, role }, said);
}

/// Whom a ban or mute concerns, for how long, and why.
struct Restriction {
    name: UserName,
    /// `None`: until somebody lifts it.
    seconds: Option<u32>,
    reason: Option<ShortText>,
}

fn restriction(doing: &Doing, text: &str) -> Option<Restriction> {
    let named = parse::person(text, &doing.names());
    let read = named.and_then(|(name, rest)| {
        let (seconds, rest) =
            parse::seconds(rest, 60).map_or((None, rest), |(time, rest)| (Some(time), rest));
        let is_possible = seconds.is_none_or(|seconds| (1..=RESTRICTION_SECONDS).contains(&seconds));
        is_possible.then_some(Restriction { name, seconds, reason: reason(rest).ok()? })
    });
    if read.is_none() {
        doing.wrong();
    }
    read
}

fn restrict(doing: &Doing, kind: RestrictionKind, restriction: Restriction, said: String) {
    let Restriction { name, seconds, reason } = restriction;
    let room = doing.room.clone();
    doing.request(Command::Restrict { room, whom: Whom::Name(name), kind, seconds, reason }, said);
}

fn lift(doing: &Doing, text: &str, kind: RestrictionKind, said: &Text<fn(&str) -> String>) {
    let Some((name, "")) = parse::person(text, &doing.names()) else { return doing.wrong() };
    let said = (said.of(doing.language))(name.as_str());
    let (room, whom) = (doing.room.clone(), Whom::Name(name));
    doing.request(Command::LiftRestriction { room, whom, kind }, said);
}

/// Somebody who is in the room, and what follows the name; without them, says so.
fn member<'a>(doing: &Doing, text: &'a str) -> Option<(UserId, UserName, &'a str)> {
    let members = doing.in_room(|room| room.members.sorted()).unwrap_or_default();
    let names: Vec<UserName> = members.iter().map(|member| member.username.clone()).collect();
    let Some((name, rest)) = parse::person(text, &names) else {
        doing.wrong();
        return None;
    };
    let Some(member) = members.into_iter().find(|member| member.username == name) else {
        doing.fail((texts::NOT_IN_THE_ROOM.of(doing.language))(name.as_str()));
        return None;
    };
    Some((member.user_id, member.username, rest))
}

fn question(doing: &Doing, text: &Text<fn(&str, &str) -> String>, name: &UserName) -> String {
    let language = doing.language;
    let room = untrack(|| room_name(doing.store, &doing.room, language));
    (text.of(language))(name.as_str(), &room)
}

fn time(doing: &Doing, seconds: Option<u32>) -> String {
    let language = doing.language;
    match seconds {
        Some(seconds) => (texts::FOR_SO_LONG.of(language))(&span(language, seconds.into())),
        None => texts::UNTIL_LIFTED.of(language).to_owned(),
    }
}

fn reason(text: &str) -> Result<Option<ShortText>, shared::text::TextError> {
    if text.is_empty() { Ok(None) } else { ShortText::within(text, REASON_CHARS).map(Some) }
}
