//! What the hub is asked about accounts and sessions.

use std::net::IpAddr;
use std::sync::Arc;

use shared::account::Profile;
use shared::{SessionId, UserId, UserName};

use super::message::{HubMessage, Reply};
use super::state::State;
use super::task::reply;
use super::{Hub, HubClosed};

/// A request about accounts and sessions.
pub(super) enum AccountRequest {
    Open { account: UserId, name: UserName, done: Reply<()> },
    EndSessions { sessions: Vec<SessionId>, done: Reply<()> },
    EndGuests { done: Reply<()> },
    Rename { account: UserId, name: UserName, done: Reply<()> },
    SetProfile { account: UserId, profile: Option<Arc<Profile>>, done: Reply<()> },
    Close { account: UserId, done: Reply<()> },
    FreeNames { names: Vec<(UserId, UserName)>, kept: Vec<(UserId, UserName)> },
    Expel { user: Option<UserId>, address: Option<IpAddr>, done: Reply<()> },
}

impl Hub {
    /// Gives a new account its name. A guest whose name looks like it gets another one; a guest who is the account has its
    /// connections closed, and comes back as the account.
    pub async fn open_account(&self, account: UserId, name: UserName) -> Result<(), HubClosed> {
        self.ask(|done| HubMessage::Account(AccountRequest::Open { account, name, done })).await
    }

    /// Gives an account another name, and keeps the one that it had from others.
    pub async fn rename_account(&self, account: UserId, name: UserName) -> Result<(), HubClosed> {
        self.ask(|done| HubMessage::Account(AccountRequest::Rename { account, name, done })).await
    }

    /// Replaces what an account tells of itself.
    pub async fn set_profile(&self, account: UserId, profile: Option<Arc<Profile>>) -> Result<(), HubClosed> {
        self.ask(|done| HubMessage::Account(AccountRequest::SetProfile { account, profile, done })).await
    }

    /// Takes an account that was deleted out of its rooms, and closes its connections.
    pub async fn close_account(&self, account: UserId) -> Result<(), HubClosed> {
        self.ask(|done| HubMessage::Account(AccountRequest::Close { account, done })).await
    }

    /// Lets others have former names of accounts; `kept` are those that are not free yet.
    pub async fn free_names(
        &self,
        names: Vec<(UserId, UserName)>,
        kept: Vec<(UserId, UserName)>,
    ) -> Result<(), HubClosed> {
        self.tell(HubMessage::Account(AccountRequest::FreeNames { names, kept })).await
    }

    /// Closes the connections of sessions that have ended.
    pub async fn end_sessions(&self, sessions: Vec<SessionId>) -> Result<(), HubClosed> {
        self.ask(|done| HubMessage::Account(AccountRequest::EndSessions { sessions, done })).await
    }

    /// Closes the connections of everybody who has no account.
    pub async fn end_guests(&self) -> Result<(), HubClosed> {
        self.ask(|done| HubMessage::Account(AccountRequest::EndGuests { done })).await
    }

    /// Closes the connections of a user, or those from a network, because they are banned.
    pub async fn expel(&self, user: Option<UserId>, address: Option<IpAddr>) -> Result<(), HubClosed> {
        self.ask(|done| HubMessage::Account(AccountRequest::Expel { user, address, done })).await
    }
}

/// Carries out a request.
pub(super) fn apply(state: &mut State, request: AccountRequest) {
    match request {
        AccountRequest::Open { account, name, done } => {
            state.open_account(account, &name);
            reply(done, ());
        }
        AccountRequest::EndSessions { sessions, done } => {
            state.end_sessions(&sessions.into_iter().collect());
            reply(done, ());
        }
        AccountRequest::EndGuests { done } => {
            state.end_guests();
            reply(done, ());
        }
        AccountRequest::Rename { account, name, done } => {
            state.rename_account(account, &name);
            reply(done, ());
        }
        AccountRequest::SetProfile { account, profile, done } => {
            state.change_profile(account, profile);
            reply(done, ());
        }
        AccountRequest::Close { account, done } => {
            state.close_account(account);
            reply(done, ());
        }
        AccountRequest::FreeNames { names, kept } => state.free_names(&names, &kept),
        AccountRequest::Expel { user, address, done } => {
            state.expel(user, address);
            reply(done, ());
        }
    }
}
