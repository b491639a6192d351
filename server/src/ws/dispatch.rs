//! Maps commands to use cases.

use std::sync::Arc;

use shared::{
    Auth, ClientMessageId, Command, ErrorCode, Failure, PresenceStatus, Request, RequestId, RoomAddress,
    ServerFrame,
};

use super::admission::Permit;
use crate::chat::{Chat, ConnectionRates, Session, Wanted};
use crate::delivery::ConnectionHandle;
use crate::error::Error;
use crate::hub::wall_clock;
use crate::store::{PageAt, PageCursor};

/// What a command refers to, for its error.
pub(super) struct Subject {
    pub(super) room: Option<RoomAddress>,
    pub(super) client_message_id: Option<ClientMessageId>,
    pub(super) is_typing: bool,
}

impl Subject {
    /// Adds the subject and the request id to a failure.
    pub(super) fn name(self, failure: Failure, id: Option<RequestId>) -> Failure {
        let (room, client_message_id) = (failure.room.clone().or(self.room), self.client_message_id);
        Failure { id, room, client_message_id, ..failure }
    }
}

pub(super) fn subject(command: &Command) -> Subject {
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

/// Signs in; the first command must be `auth`.
pub(super) async fn sign_in(
    chat: &Arc<Chat>,
    handle: &Arc<ConnectionHandle>,
    permit: &Permit,
    request: Request,
) -> Result<Session, Error> {
    match request.command {
        Command::Auth(auth) => {
            permit.sign_in()?;
            Session::sign_in(chat, handle, auth, request.id).await
        }
        _ => Err(Failure::new(ErrorCode::NotAuthenticated, "the first frame must be \"auth\"").into()),
    }
}

/// Carries out a command of a signed-in connection. Answers go to the connection's outbox.
pub(super) async fn carry_out(
    session: &Session,
    rates: &ConnectionRates,
    request: Request,
) -> Result<(), Error> {
    let id = request.id;
    match request.command {
        Command::Post { room, content, client_message_id, reply_to } => {
            session.post(&room, content, client_message_id, reply_to, id).await
        }
        Command::Change(change) => session.change(change, id).await,
        Command::Typing { room, is_typing } => session.typing(&room, is_typing).await,
        Command::Ping => {
            session.answer(&ServerFrame::Pong { timestamp: wall_clock(), id });
            Ok(())
        }
        Command::JoinRoom { room, since } => session.join(&room, since, id).await,
        Command::LeaveRoom { room } => session.leave(&room, id).await,
        Command::CreateRoom(new) => session.create_room(new, id).await,
        Command::Invite { room, whom } => session.invite(&room, whom, id).await,
        Command::RemoveMember { room, user_id, reason } => {
            session.remove_member(&room, user_id, reason, id).await
        }
        Command::SetRoomRole { room, user_id, role } => session.set_room_role(&room, user_id, role, id).await,
        Command::Restrict { room, whom, kind, seconds, reason } => {
            session.restrict(&room, whom, Wanted { kind, seconds, reason }, id).await
        }
        Command::LiftRestriction { room, whom, kind } => {
            session.lift_restriction(&room, whom, kind, id).await
        }
        Command::ListRestrictions { room } => session.list_restrictions(&room, id).await,
        Command::Announce { content } => session.announce(content, id).await,
        Command::EditRoom { room, change } => session.edit_room(&room, change, id).await,
        Command::ListRooms { after, limit } => {
            rates.read()?;
            session.list_rooms(after, limit, id).await
        }
        Command::History { room, before, after, around, limit } => {
            rates.read()?;
            let at = match (before, after, around) {
                (Some(before), ..) => PageAt::Before(before),
                (_, Some(after), _) => PageAt::After(after),
                (.., Some(around)) => PageAt::Around(around),
                (None, None, None) => PageAt::Latest,
            };
            session.history(&room, at, limit, id).await
        }
        Command::GetMessages { room, seqs } => {
            rates.read()?;
            session.messages(&room, &seqs, id).await
        }
        Command::ListPins { room, after, before } => {
            rates.read()?;
            session.pins(&room, PageCursor::of(after, before), id).await
        }
        Command::ListReplies { room, target, after } => {
            rates.read()?;
            session.replies(&room, target, after, id).await
        }
        Command::ListVersions { room, target, after, before } => {
            rates.read()?;
            session.versions(&room, target, PageCursor::of(after, before), id).await
        }
        Command::ListReactors { room, target, emoji, after } => {
            rates.read()?;
            session.reactors(&room, target, emoji, after, id).await
        }
        Command::Search { query, limit, cursor } => {
            rates.read()?;
            session.search(&query, limit, cursor, id).await
        }
        Command::Members { room, after, limit } => {
            rates.read()?;
            session.members(&room, after, limit, id).await
        }
        Command::WatchMembers { room, user_ids } => session.watch_members(&room, user_ids, id).await,
        Command::MarkRead { room, seq } => session.mark_read(&room, seq, id).await,
        Command::MarkUnread { room, seq } => {
            rates.read()?;
            session.mark_unread(&room, seq, id).await
        }
        Command::CountUnread { room } => {
            rates.read()?;
            session.count_unread(&room, id).await
        }
        Command::SetPresence { status } => {
            session.set_away(status == PresenceStatus::Away).await?;
            session.answer(&ServerFrame::Done { id });
            Ok(())
        }
        Command::Auth(Auth { token: Some(token), .. }) => {
            rates.read()?;
            session.renew(&token, id).await
        }
        Command::Auth(_) => {
            Err(Failure::new(ErrorCode::AlreadyAuthenticated, "\"auth\" was said before").into())
        }
    }
}
