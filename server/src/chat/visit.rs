//! Requests over HTTP: a session that lasts as long as one of them.

use std::sync::Arc;

use shared::RoomAddress;

use super::deferred_joins::DeferredJoins;
use super::introductions::Introduced;
use super::session::Login;
use super::{Chat, Session};
use crate::accounts::{Principal, Refusal};
use crate::delivery::ConnectionHandle;
use crate::error::Error;
use crate::hub::Visitor;
use crate::store::{self, User};

/// Whom a request speaks for.
pub enum Caller {
    Account(Principal),
    /// A guest, who need not be here at present.
    Guest(store::Session),
}

impl Caller {
    pub fn user(&self) -> &User {
        match self {
            Self::Account(principal) => &principal.user,
            Self::Guest(session) => &session.user,
        }
    }
}

impl Chat {
    /// Finds out whom a token of an account, or the secret of a guest, speaks for; `None` if no guest has this secret.
    ///
    /// # Errors
    /// The token is not valid (any more), its user is banned, guests may not come in, or the store cannot be used.
    pub async fn caller(&self, token: &str) -> Result<Option<Caller>, Error> {
        // The tokens of accounts have dots, the secrets of guests have none.
        if token.contains('.') {
            return Ok(Some(Caller::Account(self.verify(token).await?)));
        }
        self.check_guests()?;
        let Some(session) = self.session(token).await? else { return Ok(None) };
        self.check_ban(Some(session.user.id), None)?;
        Ok(Some(Caller::Guest(session)))
    }
}

impl Session {
    /// Begins a request of `caller`, in `room` if they are a member there. Nobody else sees that they are here. Answers go to
    /// `handle`.
    ///
    /// # Errors
    /// The session has ended, a guest is not here, or the store cannot be used.
    pub async fn visit(
        chat: &Arc<Chat>,
        handle: Arc<ConnectionHandle>,
        caller: Caller,
        room: Option<&RoomAddress>,
    ) -> Result<Self, Error> {
        handle.set_protocol_1();
        let (user, login) = match caller {
            Caller::Account(Principal { user, role, session, expires_at }) => {
                (user, Some((session, Login::new(session, role, expires_at))))
            }
            Caller::Guest(session) => (session.user, None),
        };
        let visitor = Visitor { user: user.id, session: login.as_ref().map(|(session, _)| *session) };
        let visit = chat.hub.visit(visitor, room.cloned(), handle.clone()).await?;
        let (connection, first_name) = visit.ok_or(Refusal::SessionEnded)?;
        let this = Self {
            chat: chat.clone(),
            handle,
            connection,
            user: user.id,
            first_name,
            login: login.map(|(_, login)| Box::new(login)),
            deferred: DeferredJoins::default(),
            introduced: Introduced::default(),
            clean: true,
            attached: true,
        };
        // They may have been banned, or the session may have ended, before the hub knew of the visit.
        chat.check_ban(Some(user.id), this.handle.address)?;
        if let Some(session) = visitor.session {
            chat.check_session(session).await?;
        }
        Ok(this)
    }
}
