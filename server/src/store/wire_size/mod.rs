//! Upper bounds on encoded sizes in bytes, close enough to cut pages by.

use shared::{Change, Changed, Person, Posted, RoomDetails, RoomEvent, ShortText, Version};

/// A message without its texts, and the additions for optional parts.
const MESSAGE: usize = 330;
const REPLY: usize = 30;
const CHANGED: usize = 80;
const MENTIONS: usize = 50;
const MENTION: usize = 40;
const REACTION: usize = 60;
const REACTOR: usize = 65;
const CHANGE: usize = 280;
const VERSION: usize = 80;
const PERSON: usize = 100;
const DETAILS: usize = 150;

pub fn message(posted: &Posted) -> usize {
    let reactions = posted.reactions.iter().map(|reaction| {
        let users = reaction.users.iter().map(|reactor| REACTOR + json(reactor.user.as_str()));
        REACTION + reaction.emoji.as_str().len() + users.sum::<usize>()
    });
    MESSAGE
        + json(posted.room.as_str())
        + json(posted.sender.as_str())
        + posted.content.as_ref().map_or(0, |text| json(text.as_str()))
        + posted.reply_to.map_or(0, |_| REPLY)
        + posted.changed_seq.map_or(0, |_| CHANGED)
        + if posted.mentions.is_empty() { 0 } else { MENTIONS + MENTION * posted.mentions.users.len() }
        + reactions.sum::<usize>()
}

pub fn event(event: &RoomEvent) -> usize {
    match event {
        RoomEvent::Posted(posted) => message(posted),
        RoomEvent::Changed(changed) => change(changed),
        RoomEvent::Unknown { kind, .. } => CHANGE + json(kind),
    }
}

pub fn version(version: &Version) -> usize {
    VERSION + json(version.content.as_str())
}

fn change(changed: &Changed) -> usize {
    let own = match &changed.change {
        Change::Edited { content, mentions } => {
            MENTIONS + MENTION * mentions.users.len() + content.as_ref().map_or(0, |text| json(text.as_str()))
        }
        Change::ReactionAdded(emoji) | Change::ReactionRemoved(emoji) => emoji.as_str().len(),
        Change::Deleted | Change::Pinned | Change::Unpinned | Change::Trimmed => 0,
        Change::MemberAdded { member, .. } | Change::RoleChanged { member, .. } => person(member),
        Change::MemberRemoved { member, reason } => person(member) + line(reason.as_ref()),
        Change::DetailsChanged(RoomDetails { title, topic, description, .. }) => {
            DETAILS + line(title.as_ref()) + line(topic.as_ref()) + line(description.as_ref())
        }
    };
    let by = changed.by.as_ref().map_or(0, |by| json(by.user.as_str()));
    CHANGE + json(changed.room.as_str()) + by + own
}

fn person(person: &Person) -> usize {
    PERSON + json(person.user.as_str())
}

fn line(line: Option<&ShortText>) -> usize {
    line.map_or(0, |line| json(line.as_str()))
}

/// A string within quotation marks: control characters take six bytes, some characters two.
fn json(text: &str) -> usize {
    let length = |byte| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' => 2,
        0..0x20 => 6,
        _ => 1,
    };
    text.bytes().map(length).sum()
}

#[cfg(test)]
mod tests;
