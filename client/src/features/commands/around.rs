//! Commands about who and what is there, and what everybody is told.

use leptos::prelude::*;
use shared::{Command, MessageText, PresenceStatus};

use super::doing::Doing;
use super::texts;
use crate::browser::dates::format_number;
use crate::core::directory::Directory;
use crate::core::room::Room;

pub fn who(doing: &Doing, _: &str) {
    let Some((members, count)) = doing.in_room(|room| (room.members.sorted(), room.members.count())) else {
        return;
    };
    let me = untrack(|| doing.store.me());
    let named = |status: &[PresenceStatus]| {
        let with = members.iter().filter(|member| {
            // The server sends a user's presence to the other members only.
            let is =
                if Some(member.user_id) == me { untrack(|| doing.store.own_status()) } else { member.status };
            status.contains(&is)
        });
        with.map(|member| member.username.to_string()).collect::<Vec<_>>()
    };
    let (online, away) = (named(&[PresenceStatus::Online]), named(&[PresenceStatus::Away]));
    let rest = count.saturating_sub((online.len() + away.len()) as u64);
    let language = doing.language;
    let mut lines = Vec::new();
    for (head, names) in [(&texts::ONLINE, online), (&texts::AWAY_NOW, away)] {
        if !names.is_empty() {
            lines
                .push(((head.of(language))(&names.len().to_string()), names.join(texts::COMMA.of(language))));
        }
    }
    if rest > 0 {
        lines
            .push((String::new(), (texts::OTHERS.of(language))(&format_number(language.format_tag(), rest))));
    }
    doing.say(lines);
}

pub fn stats(doing: &Doing, _: &str) {
    let store = doing.store;
    let language = doing.language;
    let number = |count: u64| format_number(language.format_tag(), count);
    let public = store.directory.with_untracked(|directory: &Directory| directory.rooms().count());
    let own = store.rooms.with_untracked(crate::core::Rooms::len);
    let (members, unread) =
        doing.in_room(|room: &Room| (room.members.count(), room.unread().messages())).unwrap_or_default();
    doing.say(vec![
        (texts::MEMBERS_HERE.of(language).to_owned(), number(members)),
        (texts::UNREAD_HERE.of(language).to_owned(), number(unread.into())),
        (texts::YOUR_ROOMS.of(language).to_owned(), number(own as u64)),
        (texts::PUBLIC_ROOMS.of(language).to_owned(), number(public as u64)),
    ]);
}

pub fn announce(doing: &Doing, text: &str) {
    let Ok(content) = MessageText::new(text) else { return doing.wrong() };
    doing.request(Command::Announce { content }, String::new());
}
