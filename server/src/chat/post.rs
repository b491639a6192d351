//! Writing a message, and the signs of life around it.

use shared::{ClientMessageId, MessageId, MessageText, RequestId, RoomAddress};
use uuid::Uuid;

use super::Session;
use crate::error::Error;
use crate::hub::{Origin, wall_clock};
use crate::store::NewPost;

impl Session {
    /// Queues a message for the log. It is acknowledged after the commit, apart from this call. A room that is not
    /// joined is joined first, as the demo's clients expect.
    pub async fn post(
        &self,
        address: &RoomAddress,
        content: MessageText,
        client_message_id: Option<ClientMessageId>,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        self.chat.rates.chat(self.user)?;
        let room = match self.link.room(address) {
            Some(room) => room,
            None => {
                self.join(address, None, None).await?;
                self.link.room(address).ok_or_else(|| Error::NotAMember(address.clone()))?
            }
        };
        let post = NewPost {
            room,
            author: self.user,
            name: self.name.clone(),
            message_id: MessageId::new(Uuid::now_v7()),
            client_message_id,
            content,
            timestamp: wall_clock(),
        };
        self.chat.writer.post(post, Origin { link: self.link.clone(), id }).await
    }

    /// Typing started or stopped. Changes that come too fast are passed over in silence.
    pub async fn typing(&self, address: &RoomAddress, is_typing: bool) -> Result<(), Error> {
        let room = self.link.room(address).ok_or_else(|| Error::NotAMember(address.clone()))?;
        Ok(self.chat.hub.typing(self.connection, room.id, is_typing).await?)
    }

    /// Whether somebody is at this connection.
    pub async fn set_away(&self, away: bool) -> Result<(), Error> {
        Ok(self.chat.hub.set_away(self.connection, away).await?)
    }
}
