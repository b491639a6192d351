//! Signing in.

use std::collections::HashSet;
use std::sync::Arc;

use shared::account::Role;
use shared::frame::PROTOCOL;
use shared::{
    Auth, ErrorCode, Failure, RequestId, ResumeRoom, RoomAddress, RoomName, ServerFrame, SessionId,
    Timestamp, UserId, Welcome,
};
use uuid::Uuid;

use super::deferred_joins::DeferredJoins;
use super::introductions::Introduced;
use super::session::Login;
use super::{Chat, Session};
use crate::accounts::{Principal, Refusal};
use crate::delivery::ConnectionHandle;
use crate::error::Error;
use crate::hub::{Identity, UserKind, wall_clock};
use crate::secret;
use crate::store::{self, Outcome, StoreError, User, Write};

impl Session {
    /// Signs in a new guest by name, a returning guest by session, or an account by token. Answers with `welcome`, then
    /// with a `joined` for each requested room; without a list of rooms, an account's own ones or `general` are joined.
    ///
    /// # Errors
    /// The name is missing, the token is not valid, or the server cannot store guests at the moment. The client may try
    /// again.
    pub async fn sign_in(
        chat: &Arc<Chat>,
        handle: &Arc<ConnectionHandle>,
        mut auth: Auth,
        id: Option<RequestId>,
    ) -> Result<Self, Error> {
        let is_demo = auth.protocol.is_none_or(|version| version < PROTOCOL);
        if !is_demo {
            handle.set_protocol_1();
        }
        let rooms = auth.rooms.take();
        chat.check_ban(None, handle.address)?;
        let (user, access) = chat.identify(auth, is_demo).await?;
        chat.check_ban(Some(user.id), None)?;
        let identity = access.identity(&user);
        let attached = chat.hub.attach(identity, handle.clone()).await?;
        let (connection, first_name) = attached.ok_or(Refusal::SessionEnded)?;
        let mut this = Self {
            chat: chat.clone(),
            handle: handle.clone(),
            connection,
            user: user.id,
            first_name,
            login: access.login().map(Box::new),
            deferred: DeferredJoins::default(),
            introduced: Introduced::default(),
            // Until a new guest is stored, it cannot come back: detach it as a clean close.
            clean: !access.returns(),
            attached: true,
        };
        if let Err(error) = this.settle(&access, &user).await {
            if this.chat.accounts.is_deleted(user.id) {
                // It was deleted before the hub knew the connection, which then made it known again.
                this.chat.hub.close_account(user.id).await?;
            }
            // Wait, so that the name is free again when the client receives the error.
            if let Some(detached) = this.detach() {
                let _ = detached.await;
            }
            return Err(error);
        }
        this.clean = false;
        handle.welcome(&this.welcome(&access, id));
        if this.login.is_some() {
            this.introduce(this.user, &this.first_name);
            this.tell_preferences().await?;
        }
        match (rooms, access) {
            (rooms, Access::Account { .. }) => this.enter_own_rooms(rooms).await?,
            (rooms, access) => this.enter_named_rooms(rooms, access.returns()).await?,
        }
        Ok(this)
    }

    /// Stores a guest under its assigned name, so that guests who wanted the same name stay distinct after a restart.
    /// Runs before `welcome`: a welcomed guest can come back, and everything stored by it has an author. Of an account
    /// it checks that its session did not end before the hub knew the connection, which would have closed it; of guests,
    /// that they may still come in; of everybody, that they were not banned meanwhile.
    async fn settle(&self, access: &Access, user: &User) -> Result<(), Error> {
        if !matches!(access, Access::Account { .. }) {
            self.chat.check_guests()?;
        }
        self.chat.check_ban(Some(self.user), self.handle.address)?;
        match access {
            Access::Account { session, .. } => self.chat.check_session(*session).await,
            Access::Guest { returns: true, .. } if self.first_name == user.name => Ok(()),
            Access::Guest { id, secret, .. } => {
                let user = User { name: self.first_name.clone(), ..user.clone() };
                let (secret, session) = (secret::hash(secret), store::Session { id: *id, user });
                let write = Write::SaveGuest { session, secret, at: self.chat.clock.now() };
                match self.chat.writer.commit(write).await? {
                    Outcome::Refused(_) => Err(Refusal::SessionEnded.into()),
                    _ => Ok(()),
                }
            }
            Access::Demo => Ok(()),
        }
    }

    /// Enters the rooms that an account is a member of. `named` are those that its device knows: another device may have
    /// left one of them meanwhile, or joined others. A room that is named without a position is joined.
    async fn enter_own_rooms(&self, named: Option<Vec<ResumeRoom>>) -> Result<(), Error> {
        let mut mine = self.chat.hub.memberships(self.connection).await?;
        if named.is_none() && mine.is_empty() {
            self.enter_or_tell(&RoomName::general().into(), None).await;
        }
        let mut rooms = named.unwrap_or_default();
        rooms.retain(|named| {
            let stays = mine.remove(&named.room) || named.since.is_none();
            if !stays {
                self.tell_left(named.room.clone());
            }
            stays
        });
        rooms.extend(mine.into_iter().map(|room| ResumeRoom { room, since: None }));
        self.enter_rooms(rooms).await
    }

    /// Enters the rooms that a guest named, or `general`, and the conversations of one who has come back: somebody may have
    /// written meanwhile. What another of its tabs took out of its list stays out.
    async fn enter_named_rooms(
        &self,
        named: Option<Vec<ResumeRoom>>,
        has_returned: bool,
    ) -> Result<(), Error> {
        if named.is_none() {
            self.enter_or_tell(&RoomName::general().into(), None).await;
        }
        let mut rooms = named.unwrap_or_default();
        if has_returned {
            let conversations = self.chat.hub.conversations(self.connection).await?;
            rooms.retain(|named| {
                let stays = named.since.is_none() || !conversations.closed.contains(&named.room);
                if !stays {
                    self.tell_left(named.room.clone());
                }
                stays
            });
            let named: HashSet<RoomAddress> = rooms.iter().map(|named| named.room.clone()).collect();
            let others = conversations.listed.into_iter().filter(|room| !named.contains(room));
            rooms.extend(others.map(|room| ResumeRoom { room, since: None }));
        }
        self.enter_rooms(rooms).await
    }

    fn tell_left(&self, room: RoomAddress) {
        self.handle.answer(&ServerFrame::Left { room, id: None, by: None, reason: None });
    }

    fn welcome(&self, access: &Access, id: Option<RequestId>) -> ServerFrame {
        let is_current = !self.handle.is_demo();
        let (session, expires_at) = match access {
            Access::Guest { secret, .. } => (Some(secret.clone()), None),
            Access::Account { expires_at, .. } => (None, Some(*expires_at)),
            Access::Demo => (None, None),
        };
        // It may have gone to an account meanwhile.
        let name = &self.name();
        ServerFrame::Welcome(Welcome {
            client_id: self.user,
            username: name.clone(),
            message: format!("ようこそ、{name}さん。Welcome, {name}!"),
            timestamp: wall_clock(),
            protocol: is_current.then_some(PROTOCOL),
            session,
            resumed: access.returns(),
            expires_at,
            limits: is_current.then(|| self.chat.rates.limits().clone()),
            server: is_current.then(|| env!("CARGO_PKG_VERSION").to_owned()),
            id,
        })
    }
}

/// By what somebody is signed in.
enum Access {
    /// A demo client cannot come back.
    Demo,
    Guest {
        id: SessionId,
        /// Resumes the session.
        secret: String,
        returns: bool,
    },
    Account {
        session: SessionId,
        role: Role,
        expires_at: Timestamp,
    },
}

impl Access {
    fn identity(&self, user: &User) -> Identity {
        let (kind, session) = match self {
            Self::Demo => (UserKind::Demo, None),
            Self::Guest { .. } => (UserKind::Guest, None),
            Self::Account { session, .. } => (UserKind::Account, Some(*session)),
        };
        Identity { user: user.id, wanted: user.name.clone(), kind, session }
    }

    fn login(&self) -> Option<Login> {
        match *self {
            Self::Account { session, role, expires_at } => Some(Login::new(session, role, expires_at)),
            Self::Demo | Self::Guest { .. } => None,
        }
    }

    /// Whether this is somebody whom the store knew.
    fn returns(&self) -> bool {
        matches!(self, Self::Guest { returns: true, .. } | Self::Account { .. })
    }
}

impl Chat {
    /// Looks up the guest's session that a secret resumes.
    pub async fn session(&self, secret: &str) -> Result<Option<store::Session>, Error> {
        Ok(self.store.session(&secret::hash(secret), self.clock.sessions_end_before()).await?)
    }

    /// Finds out who signs in, before the hub assigns a name.
    async fn identify(&self, auth: Auth, is_demo: bool) -> Result<(User, Access), Error> {
        if let Some(token) = auth.token {
            let Principal { user, role, session, expires_at } = self.verify(&token).await?;
            return Ok((user, Access::Account { session, role, expires_at }));
        }
        self.check_guests()?;
        if let Some(secret) = auth.session.filter(|_| !is_demo)
            && let Some(store::Session { id, user }) = self.session(&secret).await?
        {
            return Ok((user, Access::Guest { id, secret, returns: true }));
        }
        let Some(name) = auth.username else {
            let message = "the session is not known any more; \"auth\" needs a \"username\"";
            return Err(Failure::new(ErrorCode::MissingField, message).in_field("username").into());
        };
        let user = User { id: UserId::new(Uuid::new_v4()), name, is_account: false };
        if is_demo {
            return Ok((user, Access::Demo));
        }
        let secret = secret::draw().map_err(|error| StoreError::Unavailable(anyhow::anyhow!(error)))?;
        Ok((user, Access::Guest { id: SessionId::new(Uuid::new_v4()), secret, returns: false }))
    }
}
