//! An entry of the audit log as a sentence.

use leptos::prelude::*;
use shared::RoomAddress;

use super::audit_entry::AuditEntry;
use super::audit_texts::{self as says, Named};
use super::person::role_name;
use super::texts;
use crate::browser::dates::{Style, format};
use crate::core::Store;
use crate::i18n::{Language, Text, span};
use crate::ui::room_name::room_name;

/// Who did what to whom, and why.
pub fn sentence(store: Store, language: Language, entry: &AuditEntry) -> String {
    let named = named(store, language, entry);
    let plain = |sentence: &says::Sentence| (sentence.of(language))(&named);
    let with = |sentence: &says::SentenceWith, more: &str| (sentence.of(language))(&named, more);
    let is_ban = entry.kind.as_deref() == Some("ban");
    let said = match entry.act.as_str() {
        "remove_member" => plain(&says::REMOVE_MEMBER),
        "restrict" if is_ban => with(&says::ROOM_BAN, &lasting(language, entry)),
        "restrict" => with(&says::MUTE, &lasting(language, entry)),
        "lift_restriction" if is_ban => plain(&says::LIFT_ROOM_BAN),
        "lift_restriction" => plain(&says::LIFT_MUTE),
        "set_room_role" if entry.role.as_deref() == Some("moderator") => plain(&says::MAKE_MODERATOR),
        "set_room_role" => plain(&says::TAKE_BACK),
        "edit_room" => with(&says::EDIT_ROOM, &listed(language, &room_changes(language, entry))),
        "delete_message" => plain(&says::DELETE_MESSAGE),
        "announce" => plain(&says::ANNOUNCE),
        "ban" => with(&says::BAN, &lasting(language, entry)),
        "lift_ban" => plain(&says::LIFT_BAN),
        "set_role" => {
            let role = entry.role.as_deref().unwrap_or_default();
            let known = role.parse().map(|role| role_name(role).of(language));
            with(&says::SET_ROLE, known.unwrap_or(role))
        }
        "set_disabled" if entry.disabled == Some(false) => plain(&says::ENABLE),
        "set_disabled" => plain(&says::DISABLE),
        "change_entrance" => with(&says::CHANGE_ENTRANCE, &listed(language, &entrance(language, entry))),
        "resolve_report" => plain(&says::RESOLVE_REPORT),
        act => with(&says::SOMETHING, act),
    };
    let why = entry.reason.as_ref().map(|reason| (texts::BECAUSE.of(language))(reason));
    let note = entry.note.as_ref().map(|note| (texts::QUOTED.of(language))(note));
    format!("{said}{}", why.or(note).unwrap_or_default())
}

fn named(store: Store, language: Language, entry: &AuditEntry) -> Named {
    let or = |text: &Text| text.of(language).to_owned();
    let member = entry.member.as_ref().map(|member| member.user.to_string());
    let member = match (&entry.address, member) {
        (Some(address), Some(member)) => (says::ADDRESS_OF.of(language))(address, &member),
        (Some(address), None) => (says::THE_ADDRESS.of(language))(address),
        (None, member) => member.unwrap_or_else(|| or(&says::NOBODY)),
    };
    let room = entry.room.as_ref().map(|room| {
        RoomAddress::new(room)
            .map_or_else(|_| room.clone(), |room| untrack(|| room_name(store, &room, language)))
    });
    Named {
        by: entry.by.as_ref().map_or_else(|| or(&says::OPERATOR), |by| by.user.to_string()),
        member,
        room: room.unwrap_or_else(|| or(&says::SOME_ROOM)),
    }
}

/// For how long, or until when.
fn lasting(language: Language, entry: &AuditEntry) -> String {
    match (entry.seconds, entry.until) {
        (Some(seconds), _) => (says::FOR.of(language))(&span(language, seconds.into())),
        (None, Some(at)) => (texts::UNTIL.of(language))(&format(language.format_tag(), Style::Short, at)),
        (None, None) => texts::UNTIL_LIFTED.of(language).to_owned(),
    }
}

fn room_changes(language: Language, entry: &AuditEntry) -> Vec<String> {
    let either = |is: bool, yes: &Text, no: &Text| if is { yes } else { no }.of(language).to_owned();
    let slow = entry.slow_seconds.map(|seconds| match seconds {
        0 => says::NOT_SLOW.of(language).to_owned(),
        seconds => (says::SLOW.of(language))(&span(language, seconds.into())),
    });
    let archived = entry.archived.map(|is| either(is, &says::ARCHIVED, &says::REOPENED));
    let kept = entry.permanent.map(|is| either(is, &says::KEPT, &says::NOT_KEPT));
    [slow, archived, kept].into_iter().flatten().collect()
}

fn entrance(language: Language, entry: &AuditEntry) -> Vec<String> {
    let guests = entry.guests.map(|welcome| if welcome { &says::GUESTS_WELCOME } else { &says::NO_GUESTS });
    let sign_up = entry.sign_up.as_deref().map(|rule| match rule {
        "open" => &says::SIGN_UP_OPEN,
        "closed" => &says::SIGN_UP_CLOSED,
        _ => &says::SIGN_UP_INVITATION,
    });
    [guests, sign_up].into_iter().flatten().map(|text| text.of(language).to_owned()).collect()
}

fn listed(language: Language, all: &[String]) -> String {
    all.join(says::COMMA.of(language))
}
