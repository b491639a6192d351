//! Builders of commands.

use shared::{Action, ChangeMessage, ClientMessageId, Command, Emoji, RoomAddress, Seq};

use super::{new_id, text};

pub fn chat(room: &RoomAddress, content: &str, id: impl Into<Option<ClientMessageId>>) -> Command {
    Command::Post { room: room.clone(), content: text(content), client_message_id: id.into(), reply_to: None }
}

/// A change of a message, with a new id.
pub fn change(room: &RoomAddress, target: Seq, action: Action) -> Command {
    change_as(room, target, action, new_id())
}

/// A change of a message, with this id.
pub fn change_as(room: &RoomAddress, target: Seq, action: Action, id: ClientMessageId) -> Command {
    let client_message_id = Some(id);
    Command::Change(ChangeMessage { action, room: room.clone(), target, epoch: None, client_message_id })
}

pub fn edit(content: &str) -> Action {
    Action::EditMessage { content: text(content) }
}

/// Lists pinned messages of `general` after or before a seq.
pub fn list_pins(after: Option<Seq>, before: Option<Seq>) -> Command {
    Command::ListPins { room: super::general(), after, before }
}

pub fn react(emoji: &str) -> Action {
    Action::AddReaction { emoji: self::emoji(emoji) }
}

pub fn unreact(emoji: &str) -> Action {
    Action::RemoveReaction { emoji: self::emoji(emoji) }
}

pub fn emoji(emoji: &str) -> Emoji {
    Emoji::new(emoji).expect("tests use valid emoji")
}

/// Position of a page of history.
#[derive(Debug, Clone, Copy)]
pub enum At {
    Latest,
    /// Messages before this seq.
    Before(u64),
    /// Messages after this seq.
    After(u64),
    /// Messages around this seq.
    Around(u64),
}

/// Requests a page of history.
pub fn history(room: &RoomAddress, at: At, limit: impl Into<Option<u16>>) -> Command {
    let (mut before, mut after, mut around) = (None, None, None);
    match at {
        At::Latest => {}
        At::Before(seq) => before = Some(Seq(seq)),
        At::After(seq) => after = Some(Seq(seq)),
        At::Around(seq) => around = Some(Seq(seq)),
    }
    Command::History { room: room.clone(), before, after, around, limit: limit.into() }
}
