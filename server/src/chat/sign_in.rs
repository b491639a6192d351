//! Signing in.

use std::sync::Arc;

use shared::frame::PROTOCOL;
use shared::{
    Auth, ErrorCode, Failure, RequestId, RoomName, ServerFrame, SessionId, UserId, UserName, Welcome,
};
use uuid::Uuid;

use super::deferred_joins::DeferredJoins;
use super::{Chat, Session, secret};
use crate::delivery::ConnectionHandle;
use crate::error::Error;
use crate::hub::{Identity, wall_clock};
use crate::store::{self, StoreError, User, Write};

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
        let Principal { user, session, returns } =
            chat.identify(auth.session, auth.username, is_demo).await?;
        let identity = Identity { user: user.id, wanted: user.name.clone(), resumable: !is_demo };
        let (connection, name) = chat.hub.attach(identity, handle.clone()).await?;
        let mut this = Self {
            chat: chat.clone(),
            handle: handle.clone(),
            connection,
            user: user.id,
            name,
            deferred: DeferredJoins::default(),
            // Until a new guest is stored, it cannot come back: detach it as a clean close.
            clean: !returns,
            attached: true,
        };
        if let Some(session) = session.as_ref().filter(|_| !returns || this.name != user.name)
            && let Err(error) = this.remember(session).await
        {
            // Wait, so that the name is free again when the client receives the error.
            if let Some(detached) = this.detach() {
                let _ = detached.await;
            }
            return Err(error);
        }
        this.clean = false;
        handle.answer(&this.welcome(session.map(|session| session.secret), returns, id));
        match auth.rooms {
            Some(rooms) => this.enter_rooms(rooms).await?,
            None => this.enter_or_tell(&RoomName::general().into(), None).await,
        }
        Ok(this)
    }

    /// Stores a guest under its assigned name, so that guests who wanted the same name stay distinct after a restart.
    /// Runs before `welcome`: a welcomed guest can come back, and everything stored by it has an author.
    async fn remember(&self, session: &GuestSession) -> Result<(), Error> {
        let user = User { id: self.user, name: self.name.clone() };
        let (secret, session) = (secret::hash(&session.secret), store::Session { id: session.id, user });
        self.chat
            .writer
            .commit(Write::SaveGuest { session, secret, at: self.chat.clock.now() })
            .await
            .map(drop)
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

/// Who signs in, before the hub assigns a name.
struct Principal {
    user: User,
    /// `None` for a demo client, which cannot come back.
    session: Option<GuestSession>,
    /// Whether this is a returning guest.
    returns: bool,
}

/// A guest's session with the secret that resumes it.
struct GuestSession {
    id: SessionId,
    secret: String,
}

impl Chat {
    /// Looks up the session that a secret resumes.
    pub async fn session(&self, secret: &str) -> Result<Option<store::Session>, Error> {
        Ok(self.store.session(&secret::hash(secret), self.clock.sessions_end_before()).await?)
    }

    async fn identify(
        &self,
        secret: Option<String>,
        username: Option<UserName>,
        is_demo: bool,
    ) -> Result<Principal, Error> {
        if let Some(secret) = secret.filter(|_| !is_demo)
            && let Some(store::Session { id, user }) = self.session(&secret).await?
        {
            return Ok(Principal { user, session: Some(GuestSession { id, secret }), returns: true });
        }
        let Some(name) = username else {
            let message = "the session is not known any more; \"auth\" needs a \"username\"";
            return Err(Failure::new(ErrorCode::MissingField, message).in_field("username").into());
        };
        let user = User { id: UserId::new(Uuid::new_v4()), name };
        let session = (!is_demo).then(GuestSession::draw).transpose()?;
        Ok(Principal { user, session, returns: false })
    }
}

impl GuestSession {
    fn draw() -> Result<Self, Error> {
        let secret = secret::draw().map_err(|error| StoreError::Unavailable(anyhow::anyhow!(error)))?;
        Ok(Self { id: SessionId::new(Uuid::new_v4()), secret })
    }
}
