//! A person on a connection: signing in and going away.

use std::sync::Arc;

use shared::frame::PROTOCOL;
use shared::{Auth, ErrorCode, Failure, RequestId, RoomName, ServerFrame, UserId, UserName, Welcome};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::arrivals::Arrivals;
use super::{Chat, secret};
use crate::error::Error;
use crate::hub::{HubClosed, Identity, Link, wall_clock};
use crate::store::{Guest, StoreError, Write};

/// A signed-in connection; what it may do is in the other files of this folder.
pub struct Session {
    pub(super) chat: Arc<Chat>,
    pub(super) link: Arc<Link>,
    pub(super) connection: usize,
    pub(super) user: UserId,
    pub(super) name: UserName,
    pub(super) arrivals: Arrivals,
    clean: bool,
    attached: bool,
}

/// However a connection ends, it leaves the hub.
impl Drop for Session {
    fn drop(&mut self) {
        drop(self.detach());
    }
}

impl Session {
    /// Signs in: a guest by name, or a guest that comes back. Answers with `welcome`, then with a `joined` for each
    /// room that was asked for; without any, `general` is joined.
    ///
    /// # Errors
    /// The name is missing, or the server cannot store guests at the moment. The client may try again.
    pub async fn sign_in(
        chat: &Arc<Chat>,
        link: &Arc<Link>,
        auth: Auth,
        id: Option<RequestId>,
    ) -> Result<Self, Error> {
        let protocol1 = auth.protocol.is_some_and(|version| version >= PROTOCOL);
        if protocol1 {
            link.speak_protocol1();
        }
        let returning = match &auth.session {
            Some(session) if protocol1 => chat.guest(session).await?,
            Some(_) | None => None,
        };
        let resumed = returning.is_some();
        let (guest, session) = match (returning, auth.session, auth.username) {
            (Some(guest), session, _) => (guest, session),
            (None, _, Some(name)) => newcomer(name, protocol1)?,
            (None, _, None) => {
                let message = "the session is not known any more; \"auth\" needs a \"username\"";
                return Err(Failure::new(ErrorCode::MissingField, message).in_field("username").into());
            }
        };
        let identity = Identity { user: guest.id, wanted: guest.name.clone(), lingers: protocol1 };
        let (connection, name) = chat.hub.attach(identity, link.clone()).await?;
        let (chat, link) = (chat.clone(), link.clone());
        // A newcomer who is not stored does not come back.
        let (clean, attached, arrivals) = (!resumed, true, Arrivals::default());
        let mut this = Self { chat, link, connection, user: guest.id, name, arrivals, clean, attached };
        if let Some(session) = session.as_ref().filter(|_| !resumed || this.name != guest.name)
            && let Err(error) = this.remember(session).await
        {
            // The name is free again when they hear of it.
            if let Some(detached) = this.detach() {
                let _ = detached.await;
            }
            return Err(error);
        }
        this.clean = false;
        let link = &this.link;
        link.answer(&this.welcome(protocol1.then_some(session).flatten(), resumed, id));
        match auth.rooms {
            Some(rooms) => this.enter_rooms(rooms).await?,
            None => this.enter_or_tell(&RoomName::general().into(), None).await,
        }
        Ok(this)
    }

    /// Leaves the hub, whether it is waited for or not.
    fn detach(&mut self) -> Option<JoinHandle<Result<(), HubClosed>>> {
        let attached = std::mem::take(&mut self.attached);
        let (hub, connection, clean) = (self.chat.hub.clone(), self.connection, self.clean);
        attached.then(|| tokio::spawn(async move { hub.detach(connection, clean).await }))
    }

    /// Answers a request of this connection.
    pub fn answer(&self, frame: &ServerFrame) {
        self.link.answer(frame);
    }

    /// The client said goodbye: it does not mean to come back.
    pub fn say_goodbye(&mut self) {
        self.clean = true;
    }

    /// Stores a guest under the name it got, so that people who wanted the same one are told apart after a
    /// restart. Who is welcomed can come back, and whatever is stored of them has an author.
    async fn remember(&self, session: &str) -> Result<(), Error> {
        let guest = Guest { id: self.user, name: self.name.clone() };
        let secret = secret::hash(session);
        self.chat.writer.ask(Write::SaveGuest { guest, secret, at: self.chat.ages.now() }).await.map(drop)
    }

    fn welcome(&self, session: Option<String>, resumed: bool, id: Option<RequestId>) -> ServerFrame {
        let protocol1 = self.link.protocol1();
        ServerFrame::Welcome(Welcome {
            client_id: self.user,
            username: self.name.clone(),
            message: format!("ようこそ、{name}さん。Welcome, {name}!", name = self.name),
            timestamp: wall_clock(),
            protocol: protocol1.then_some(PROTOCOL),
            session,
            resumed,
            limits: protocol1.then(|| self.chat.rates.limits().clone()),
            server: protocol1.then(|| env!("CARGO_PKG_VERSION").to_owned()),
            id,
        })
    }
}

impl Chat {
    /// Whose session this is.
    pub async fn guest(&self, session: &str) -> Result<Option<Guest>, Error> {
        Ok(self.store.guest(&secret::hash(session), self.ages.sessions_end_before()).await?)
    }
}

/// A new guest, with a session unless it ends with its connection.
fn newcomer(name: UserName, lingers: bool) -> Result<(Guest, Option<String>), Error> {
    let guest = Guest { id: UserId::new(Uuid::new_v4()), name };
    if !lingers {
        return Ok((guest, None));
    }
    let session = secret::draw().map_err(|error| StoreError::Unavailable(anyhow::anyhow!(error)))?;
    Ok((guest, Some(session)))
}
