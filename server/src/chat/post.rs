//! Posting and changing messages; typing and presence.

use std::sync::Arc;

use shared::mention;
use shared::{
    Action, ChangeMessage, ClientMessageId, ErrorCode, Mentions, MessageId, MessageText, RequestId,
    RoomAddress, Seq,
};
use tokio::time::Instant;
use uuid::Uuid;

use super::{Session, permissions};
use crate::error::Error;
use crate::hub::{Requester, wall_clock};
use crate::room::RoomInfo;
use crate::store::{Author, NewChange, NewPost, Write};

impl Session {
    /// Queues a message for the log. The ack follows after the commit, not from this call. Joins the room first if
    /// needed, as demo clients expect.
    pub async fn post(
        &self,
        address: &RoomAddress,
        content: MessageText,
        client_message_id: Option<ClientMessageId>,
        reply_to: Option<Seq>,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        self.chat.rates.chat(self.user)?;
        let room = match self.handle.room(address) {
            Some(room) => room,
            None => {
                self.join(address, None, None).await?;
                self.handle.room(address).ok_or_else(|| Error::NotAMember(address.clone()))?
            }
        };
        self.check_silence(&room)?;
        self.check_block(&room)?;
        self.check_pause(&room).await?;
        let new = NewPost {
            mentions: self.mentions(&room, &content).await?,
            room,
            author: self.author(client_message_id),
            message_id: MessageId::new(Uuid::now_v7()),
            content,
            reply_to,
            timestamp: wall_clock(),
        };
        self.chat.writer.submit(Write::Post(new), self.requester(id)).await
    }

    /// Queues a change of a message. The ack follows after the commit, not from this call.
    pub async fn change(&self, change: ChangeMessage, id: Option<RequestId>) -> Result<(), Error> {
        self.chat.rates.chat(self.user)?;
        let room = self.joined(&change.room)?;
        if change.epoch.is_some_and(|epoch| epoch != room.epoch) {
            return Err(Error::NotStored(ErrorCode::NoSuchMessage));
        }
        // What somebody wrote is theirs to delete.
        if change.action != Action::DeleteMessage {
            self.check_silence(&room)?;
            self.check_block(&room)?;
        }
        let mentions = match &change.action {
            Action::EditMessage { content } => self.mentions(&room, content).await?,
            _ => Mentions::default(),
        };
        let moderates = change.action == Action::DeleteMessage
            && self.may(&room, permissions::Action::DeleteMessage).await?;
        let new = NewChange {
            moderates,
            room,
            author: self.author(change.client_message_id),
            target: change.target,
            action: change.action,
            mentions,
            timestamp: wall_clock(),
        };
        self.chat.writer.submit(Write::Change(new), self.requester(id)).await
    }

    /// Sets whether the person is typing. Changes that come too fast get no error; the last state wins.
    pub async fn typing(&self, address: &RoomAddress, is_typing: bool) -> Result<(), Error> {
        let room = self.joined(address)?;
        if self.is_blocked_in(&room) {
            return Ok(());
        }
        Ok(self.chat.hub.typing(self.connection, room.id, is_typing).await?)
    }

    /// Sets whether the person is away from this connection.
    pub async fn set_away(&self, away: bool) -> Result<(), Error> {
        Ok(self.chat.hub.set_away(self.connection, away).await?)
    }

    pub(super) fn author(&self, client_message_id: Option<ClientMessageId>) -> Author {
        Author { id: self.user, name: self.name(), client_message_id }
    }

    fn requester(&self, id: Option<RequestId>) -> Requester {
        Requester { handle: self.handle.clone(), id, since: Instant::now() }
    }

    async fn mentions(&self, room: &Arc<RoomInfo>, text: &MessageText) -> Result<Mentions, Error> {
        let calls = mention::calls(text.as_str());
        if calls.is_empty() {
            return Ok(Mentions::default());
        }
        Ok(self.chat.hub.find_mentions(room.id, calls).await?)
    }
}
