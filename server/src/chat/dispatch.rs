//! Maps commands to use cases.

use shared::{
    Auth, ClientMessageId, Command, ErrorCode, Failure, PresenceStatus, Request, RequestId, RoomAddress,
    ServerFrame,
};

use super::moderation::Wanted;
use super::{ConnectionRates, Session};
use crate::error::Error;
use crate::hub::wall_clock;
use crate::store::{PageAt, PageCursor};

/// What a command refers to, for its error.
pub struct Subject {
    pub room: Option<RoomAddress>,
    pub client_message_id: Option<ClientMessageId>,
    pub is_typing: bool,
}

impl Subject {
    /// Adds the subject and the request id to a failure.
    pub fn name(self, failure: Failure, id: Option<RequestId>) -> Failure {
        let (room, client_message_id) = (failure.room.clone().or(self.room), self.client_message_id);
        Failure { id, room, client_message_id, ..failure }
    }
}

/// Returns what a command refers to.
pub fn subject(command: &Command) -> Subject {
    let (room, client_message_id) = match command {
        Command::Post { room, client_message_id, .. } => (Some(room), *client_message_id),
        Command::Change(change) => (Some(&change.room), change.client_message_id),
        Command::Typing { room, .. }
        | Command::JoinRoom { room, .. }
        | Command::LeaveRoom { room }
        | Command::Invite { room, .. }
        | Command::RemoveMember { room, .. }
        | Command::SetRoomRole { room, .. }
        | Command::Restrict { room, .. }
        | Command::LiftRestriction { room, .. }
        | Command::ListRestrictions { room }
        | Command::EditRoom { room, .. }
        | Command::History { room, .. }
        | Command::Members { room, .. }
        | Command::WatchMembers { room, .. }
        | Command::GetMessages { room, .. }
        | Command::ListPins { room, .. }
        | Command::ListReplies { room, .. }
        | Command::ListVersions { room, .. }
        | Command::ListReactors { room, .. }
        | Command::MarkUnread { room, .. }
        | Command::CountUnread { room }
        | Command::MarkRead { room, .. } => (Some(room), None),
        Command::CreateRoom(new) => (None, new.client_message_id),
        Command::Auth(_)
        | Command::Announce { .. }
        | Command::Ping
        | Command::ListRooms { .. }
        | Command::Search { .. }
        | Command::SetPresence { .. } => (None, None),
    };
    Subject { room: room.cloned(), client_message_id, is_typing: matches!(command, Command::Typing { .. }) }
}

impl Session {
    /// Carries out a command. Answers go to the connection's outbox.
    ///
    /// # Errors
    /// It is not possible or not allowed at present; nothing was answered.
    pub async fn carry_out(&self, rates: &ConnectionRates, request: Request) -> Result<(), Error> {
        let id = request.id;
        match request.command {
            Command::Post { room, content, client_message_id, reply_to } => {
                self.post(&room, content, client_message_id, reply_to, id).await
            }
            Command::Change(change) => self.change(change, id).await,
            Command::Typing { room, is_typing } => self.typing(&room, is_typing).await,
            Command::Ping => {
                self.answer(&ServerFrame::Pong { timestamp: wall_clock(), id });
                Ok(())
            }
            Command::JoinRoom { room, since } => self.join(&room, since, id).await,
            Command::LeaveRoom { room } => self.leave(&room, id).await,
            Command::CreateRoom(new) => self.create_room(new, id).await,
            Command::Invite { room, whom } => self.invite(&room, whom, id).await,
            Command::RemoveMember { room, user_id, reason } => {
                self.remove_member(&room, user_id, reason, id).await
            }
            Command::SetRoomRole { room, user_id, role } => {
                self.set_room_role(&room, user_id, role, id).await
            }
            Command::Restrict { room, whom, kind, seconds, reason } => {
                self.restrict(&room, whom, Wanted { kind, seconds, reason }, id).await
            }
            Command::LiftRestriction { room, whom, kind } => {
                self.lift_restriction(&room, whom, kind, id).await
            }
            Command::ListRestrictions { room } => self.list_restrictions(&room, id).await,
            Command::Announce { content } => self.announce(content, id).await,
            Command::EditRoom { room, change } => self.edit_room(&room, change, id).await,
            Command::ListRooms { after, limit } => {
                rates.read()?;
                self.list_rooms(after, limit, id).await
            }
            Command::History { room, before, after, around, limit } => {
                rates.read()?;
                let at = match (before, after, around) {
                    (Some(before), ..) => PageAt::Before(before),
                    (_, Some(after), _) => PageAt::After(after),
                    (.., Some(around)) => PageAt::Around(around),
                    (None, None, None) => PageAt::Latest,
                };
                self.history(&room, at, limit, id).await
            }
            Command::GetMessages { room, seqs } => {
                rates.read()?;
                self.messages(&room, &seqs, id).await
            }
            Command::ListPins { room, after, before } => {
                rates.read()?;
                self.pins(&room, PageCursor::of(after, before), id).await
            }
            Command::ListReplies { room, target, after } => {
                rates.read()?;
                self.replies(&room, target, after, id).await
            }
            Command::ListVersions { room, target, after, before } => {
                rates.read()?;
                self.versions(&room, target, PageCursor::of(after, before), id).await
            }
            Command::ListReactors { room, target, emoji, after } => {
                rates.read()?;
                self.reactors(&room, target, emoji, after, id).await
            }
            Command::Search { query, limit, cursor } => {
                rates.read()?;
                self.search(&query, limit, cursor, id).await
            }
            Command::Members { room, after, limit } => {
                rates.read()?;
                self.members(&room, after, limit, id).await
            }
            Command::WatchMembers { room, user_ids } => self.watch_members(&room, user_ids, id).await,
            Command::MarkRead { room, seq } => self.mark_read(&room, seq, id).await,
            Command::MarkUnread { room, seq } => {
                rates.read()?;
                self.mark_unread(&room, seq, id).await
            }
            Command::CountUnread { room } => {
                rates.read()?;
                self.count_unread(&room, id).await
            }
            Command::SetPresence { status } => {
                self.set_away(status == PresenceStatus::Away).await?;
                self.answer(&ServerFrame::Done { id });
                Ok(())
            }
            Command::Auth(Auth { token: Some(token), .. }) => {
                rates.read()?;
                self.renew(&token, id).await
            }
            Command::Auth(_) => {
                Err(Failure::new(ErrorCode::AlreadyAuthenticated, "\"auth\" was said before").into())
            }
        }
    }
}
