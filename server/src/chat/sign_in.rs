//! Signing in.

use std::sync::Arc;

use shared::frame::PROTOCOL;
use shared::{Auth, ErrorCode, Failure, RequestId, RoomName, ServerFrame, UserId, UserName, Welcome};
use uuid::Uuid;

use super::deferred_joins::DeferredJoins;
use super::{Chat, Session, secret};
use crate::delivery::ConnectionHandle;
use crate::error::Error;
use crate::hub::{Identity, wall_clock};
use crate::store::{Guest, StoreError, Write};

impl Session {
    /// Signs in a new guest by name, or a returning guest by session. Answers with `welcome`, then with a `joined` for
    /// each requested room; without a list of rooms, `general` is joined.
    ///
    /// # Errors
    /// The name is missing, or the server cannot store guests at the moment. The client may try again.
    pub async fn sign_in(
        chat: &Arc<Chat>,
        handle: &Arc<ConnectionHandle>,
        auth: Auth,
        id: Option<RequestId>,
    ) -> Result<Self, Error> {
        let is_demo = auth.protocol.is_none_or(|version| version < PROTOCOL);
        if !is_demo {
            handle.set_protocol_1();
        }
        let Principal { guest, secret, returns } =
            chat.identify(auth.session, auth.username, is_demo).await?;
        let identity = Identity { user: guest.id, wanted: guest.name.clone(), resumable: !is_demo };
        let (connection, name) = chat.hub.attach(identity, handle.clone()).await?;
        let mut this = Self {
            chat: chat.clone(),
            handle: handle.clone(),
            connection,
            user: guest.id,
            name,
            deferred: DeferredJoins::default(),
            // Until a new guest is stored, it cannot come back: detach it as a clean close.
            clean: !returns,
            attached: true,
        };
        if let Some(secret) = secret.as_ref().filter(|_| !returns || this.name != guest.name)
            && let Err(error) = this.remember(secret).await
        {
            // Wait, so that the name is free again when the client receives the error.
            if let Some(detached) = this.detach() {
                let _ = detached.await;
            }
            return Err(error);
        }
        this.clean = false;
        handle.answer(&this.welcome(secret, returns, id));
        match auth.rooms {
            Some(rooms) => this.enter_rooms(rooms).await?,
            None => this.enter_or_tell(&RoomName::general().into(), None).await,
        }
        Ok(this)
    }

    /// Stores a guest under its assigned name, so that guests who wanted the same name stay distinct after a restart.
    /// Runs before `welcome`: a welcomed guest can come back, and everything stored by it has an author.
    async fn remember(&self, session: &str) -> Result<(), Error> {
        let guest = Guest { id: self.user, name: self.name.clone() };
        let secret = secret::hash(session);
        self.chat.writer.commit(Write::SaveGuest { guest, secret, at: self.chat.clock.now() }).await.map(drop)
    }

    fn welcome(&self, session: Option<String>, resumed: bool, id: Option<RequestId>) -> ServerFrame {
        let is_current = !self.handle.is_demo();
        ServerFrame::Welcome(Welcome {
            client_id: self.user,
            username: self.name.clone(),
            message: format!("ようこそ、{name}さん。Welcome, {name}!", name = self.name),
            timestamp: wall_clock(),
            protocol: is_current.then_some(PROTOCOL),
            session,
            resumed,
            limits: is_current.then(|| self.chat.rates.limits().clone()),
            server: is_current.then(|| env!("CARGO_PKG_VERSION").to_owned()),
            id,
        })
    }
}

/// The identity behind a sign-in, before the hub assigns a name.
struct Principal {
    guest: Guest,
    /// The secret that resumes the session; `None` for a demo client, which cannot come back.
    secret: Option<String>,
    /// Whether this is a returning guest.
    returns: bool,
}

impl Chat {
    /// Looks up the guest that a session belongs to.
    pub async fn guest(&self, session: &str) -> Result<Option<Guest>, Error> {
        Ok(self.store.guest(&secret::hash(session), self.clock.sessions_end_before()).await?)
    }

    async fn identify(
        &self,
        session: Option<String>,
        username: Option<UserName>,
        is_demo: bool,
    ) -> Result<Principal, Error> {
        if let Some(session) = session.filter(|_| !is_demo)
            && let Some(guest) = self.guest(&session).await?
        {
            return Ok(Principal { guest, secret: Some(session), returns: true });
        }
        let Some(name) = username else {
            let message = "the session is not known any more; \"auth\" needs a \"username\"";
            return Err(Failure::new(ErrorCode::MissingField, message).in_field("username").into());
        };
        let secret = (!is_demo).then(secret::draw).transpose();
        let secret = secret.map_err(|error| StoreError::Unavailable(anyhow::anyhow!(error)))?;
        Ok(Principal { guest: Guest { id: UserId::new(Uuid::new_v4()), name }, secret, returns: false })
    }
}
