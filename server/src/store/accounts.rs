//! The port to accounts: names, passwords, sessions and the keys that sign tokens.

use std::net::IpAddr;

use async_trait::async_trait;
use shared::account::{EntranceChange, Profile, Role};
use shared::{SessionId, Timestamp, UserId, UserName};
use uuid::Uuid;

use super::{Decision, PreferenceStore, SecretHash, StoreError, User};
use crate::mail_address::MailAddress;
use crate::server_time::ServerTime;

/// A private key that signs tokens.
#[derive(Clone)]
pub struct SigningKey {
    /// In PKCS #8.
    pub private: Vec<u8>,
    pub made_at: Timestamp,
}

/// An account with what proves that somebody is its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub user: User,
    /// A PHC string.
    pub password: String,
    pub role: Role,
    /// Nobody can sign in.
    pub disabled: bool,
    pub created_at: Timestamp,
    pub profile: Profile,
    /// The confirmed mail address, which no other account has.
    pub mail: Option<MailAddress>,
}

/// What an operator sees of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountSummary {
    pub user: User,
    pub role: Role,
    pub disabled: bool,
    pub created_at: Timestamp,
    /// When one of its sessions was last used.
    pub used_at: Option<Timestamp>,
    /// The confirmed mail address.
    pub mail: Option<MailAddress>,
}

/// A session of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    pub id: SessionId,
    /// Of its first refresh token.
    pub refresh: RefreshHashes,
    pub device: Device,
}

/// What a client said of itself, and where it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Device {
    /// The beginning of its `User-Agent`.
    pub user_agent: Option<String>,
    pub address: Option<IpAddr>,
}

/// A session of an account, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    pub id: SessionId,
    pub device: Device,
    /// `None` if a release before this wrote it.
    pub opened_at: Option<Timestamp>,
    /// When it was opened or last refreshed.
    pub used_at: Option<Timestamp>,
}

/// The hashes of a refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshHashes {
    /// Of what all tokens of a session share.
    pub family: SecretHash,
    /// Of what is replaced at each use.
    pub secret: SecretHash,
}

/// What became of a refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// The next token is valid from now on.
    Rotated(UserId, SessionId),
    /// The token was used before and its session has ended: somebody has a copy of it.
    Reused(UserId, SessionId),
    /// There is no such session.
    Unknown,
}

/// Why an account was not created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotCreated {
    /// The name is that of another account, or looks like it.
    NameTaken,
    /// The user is an account already.
    IsAccount,
    /// The link was used already, has expired, or was withdrawn.
    LinkEnded,
}

/// Why an account was not renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotRenamed {
    /// The name is that of another account, or was within some time, or looks like it.
    NameTaken,
    /// It has too many former names that nobody else gets yet.
    TooOften,
    /// There is no such account.
    NoAccount,
}

/// Somebody whose account was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Departed {
    pub user: UserId,
    /// Their messages are still to be deleted.
    pub has_messages: bool,
}

/// A name that an account had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerName {
    pub user: UserId,
    pub name: UserName,
}

/// What a link is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkKind {
    /// Whoever uses it owns the installation.
    Owner,
    /// Creates an account.
    Invitation,
    /// Sets the password of an account.
    Reset(UserId),
    /// Confirms the mail address of an account.
    Mail(UserId, MailAddress),
}

/// What must still be so when a link is made for an account.
#[derive(Clone, Copy)]
pub enum Still<'a> {
    /// The stored password.
    Password(&'a str),
    /// The confirmed mail address.
    Mail(&'a MailAddress),
}

/// A link with a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub id: Uuid,
    pub kind: LinkKind,
    /// The account that made it; `None`: the operator.
    pub made_by: Option<UserId>,
    pub made_at: Timestamp,
    /// It ends when server time has reached this …
    pub ends_at: ServerTime,
    /// … or the clock this: it may run while no server does.
    pub expires_at: Timestamp,
    /// How often it may still be used; `None`: as often as one likes.
    pub uses_left: Option<u32>,
}

/// The present, in server time and in UTC.
pub type At = (ServerTime, Timestamp);

/// Storage of accounts. What a method has returned survives a crash of the machine. An adapter is complete when
/// `tests/contract` passes on it unchanged.
#[async_trait]
pub trait AccountStore: PreferenceStore {
    /// Returns the id of this installation. A restored backup keeps it.
    async fn installation(&self) -> Result<Uuid, StoreError>;

    /// Returns the signing keys, newest first.
    async fn signing_keys(&self) -> Result<Vec<SigningKey>, StoreError>;

    /// Adds a signing key, and drops those made before `before`, or after it because the clock was wrong.
    async fn add_signing_key(&self, key: &SigningKey, before: Timestamp) -> Result<(), StoreError>;

    /// Returns every account, oldest first.
    async fn accounts(&self) -> Result<Vec<AccountSummary>, StoreError>;

    /// Returns the accounts that administrate the server.
    async fn administrators(&self) -> Result<Vec<UserId>, StoreError>;

    /// Returns at most `limit` accounts after the name `after`, by name: those whose names contain `part`.
    async fn accounts_by_name(
        &self,
        part: &str,
        after: &str,
        limit: u16,
    ) -> Result<Vec<AccountSummary>, StoreError>;

    /// Creates an account, with a first session if there is one, unless its name is taken. A guest of this id becomes the
    /// account, and its sessions end. `looks` are the forms of the name that no other account may have. With `link`, the
    /// secret of an invitation or of the owner's link, that link is used up by it.
    async fn create_account(
        &self,
        account: &Account,
        looks: &[String],
        session: Option<&NewSession>,
        link: Option<&SecretHash>,
        at: At,
    ) -> Result<Result<(), NotCreated>, StoreError>;

    /// Returns the account of this name, compared by its key.
    async fn account_named(&self, name: &UserName) -> Result<Option<Account>, StoreError>;

    /// Returns an account.
    async fn account(&self, user: UserId) -> Result<Option<Account>, StoreError>;

    /// Sets the password, unless it is not `old` any more or the session `keep` has ended, and ends every other session.
    /// Returns those that ended; `None` if nothing was changed.
    async fn change_password(
        &self,
        user: UserId,
        old: &str,
        password: &str,
        keep: SessionId,
    ) -> Result<Option<Vec<SessionId>>, StoreError>;

    /// Sets the password and ends every session. Returns those that ended.
    async fn reset_password(&self, user: UserId, password: &str) -> Result<Vec<SessionId>, StoreError>;

    /// Disables an account and ends its sessions, which are returned; or enables it again.
    async fn set_disabled(
        &self,
        user: UserId,
        disabled: bool,
        decision: &Decision,
    ) -> Result<Vec<SessionId>, StoreError>;

    /// Opens a session of an account, whose oldest ones give way. Returns false if the account is disabled or its password
    /// is not `password` any more.
    async fn open_session(
        &self,
        user: UserId,
        password: &str,
        session: &NewSession,
        at: At,
    ) -> Result<bool, StoreError>;

    /// Replaces a refresh token by the next one. The predecessor of an unused token is accepted once more if it was
    /// replaced after `replaced_since`, because its answer may have been lost; then either successor is accepted. Any
    /// other use of an old token ends the session. A session that was not refreshed after `since` does not exist any more.
    async fn rotate(
        &self,
        presented: &RefreshHashes,
        next: &SecretHash,
        device: &Device,
        times: RotationTimes,
    ) -> Result<Rotation, StoreError>;

    /// Returns the user of a session that was refreshed after `since`, and their role.
    async fn session_user(
        &self,
        session: SessionId,
        since: ServerTime,
    ) -> Result<Option<(User, Role)>, StoreError>;

    /// Returns the sessions of a user that were refreshed after `since`, the last used one first.
    async fn open_sessions(&self, user: UserId, since: ServerTime) -> Result<Vec<OpenSession>, StoreError>;

    /// Ends a session of a user. Returns false if there was none.
    async fn end_session_of(&self, user: UserId, session: SessionId) -> Result<bool, StoreError>;

    /// Ends a session. Returns false if there was none.
    async fn end_session(&self, session: SessionId) -> Result<bool, StoreError>;

    /// Removes sessions of accounts that were not refreshed after `before`.
    async fn forget_sessions(&self, before: ServerTime) -> Result<(), StoreError>;

    /// Gives an account another name, whose forms `looks` nobody else has. Nobody else gets the old one before `free_at`; if
    /// there would be more than `most` such names, nothing is changed.
    async fn rename(
        &self,
        user: UserId,
        name: (&UserName, &[String]),
        most: usize,
        times: (ServerTime, ServerTime),
    ) -> Result<Result<(), NotRenamed>, StoreError>;

    /// Returns the former names that nobody else gets yet.
    async fn former_names(&self, now: ServerTime) -> Result<Vec<FormerName>, StoreError>;

    /// Replaces what an account tells of itself. Returns false if there is no such account.
    async fn set_profile(&self, user: UserId, profile: &Profile) -> Result<bool, StoreError>;

    /// Returns the accounts that tell something of themselves.
    async fn profiles(&self) -> Result<Vec<(UserId, Profile)>, StoreError>;

    /// Frees the former names whose time has come, and returns them.
    async fn free_names(&self, now: ServerTime) -> Result<Vec<FormerName>, StoreError>;

    /// Deletes an account whose password is `password`, with its sessions, which are returned, memberships and marks. The user
    /// stays, as the author of what it wrote; nobody else gets its name before `free_at`. `None`: nothing was changed.
    async fn close_account(
        &self,
        user: UserId,
        password: &str,
        delete_messages: bool,
        free_at: ServerTime,
    ) -> Result<Option<Vec<SessionId>>, StoreError>;

    /// Returns the users whose accounts were deleted.
    async fn departed(&self) -> Result<Vec<Departed>, StoreError>;

    /// Records that the messages of somebody whose account was deleted are deleted too.
    async fn messages_deleted(&self, user: UserId) -> Result<(), StoreError>;

    /// Sets the role of an account. One that is a member only has made no invitations any more.
    async fn set_role(&self, user: UserId, role: Role, decision: &Decision) -> Result<(), StoreError>;

    /// Whether an account that can sign in is an owner.
    async fn has_owner(&self) -> Result<bool, StoreError>;

    /// Returns what an owner decided about who may come in.
    async fn entrance(&self) -> Result<EntranceChange, StoreError>;

    /// Stores what an owner decided; a field that is missing stays as it is.
    async fn set_entrance(&self, change: EntranceChange, decision: &Decision) -> Result<(), StoreError>;

    /// Adds a link, and drops the ended ones. One of the owner replaces the one before, one for a password or a mail address
    /// the one for the same of the same account. Returns false if there are too many.
    async fn add_link(&self, link: &Link, secret: &SecretHash, at: At) -> Result<bool, StoreError>;

    /// [`Self::add_link`] for an account. Returns false if it is disabled, or something about it is not as it was.
    async fn add_link_of(
        &self,
        user: UserId,
        still: Still<'_>,
        link: (&Link, &SecretHash),
        at: At,
    ) -> Result<bool, StoreError>;

    /// Returns the link with this secret that has not ended.
    async fn link(&self, secret: &SecretHash, at: At) -> Result<Option<Link>, StoreError>;

    /// Returns the invitations that have not ended, the newest first, each with the name of who made it.
    async fn invitations(&self, at: At) -> Result<Vec<(Link, Option<UserName>)>, StoreError>;

    /// Returns the links that somebody has made, and those for their password; some may have ended.
    async fn links_of(&self, user: UserId) -> Result<Vec<Link>, StoreError>;

    /// Removes an invitation. Returns false if there was none.
    async fn withdraw(&self, invitation: Uuid) -> Result<bool, StoreError>;

    /// Uses up the owner's link and makes a user the owner. Returns false if the link has ended.
    async fn claim_ownership(&self, user: UserId, secret: &SecretHash, at: At) -> Result<bool, StoreError>;

    /// Uses up a link for a password: sets it, ends every session, which are returned, and opens one. `None`: the link has
    /// ended.
    async fn reset_by_link(
        &self,
        secret: &SecretHash,
        password: &str,
        session: &NewSession,
        at: At,
    ) -> Result<Option<(Account, Vec<SessionId>)>, StoreError>;

    /// Returns the account with this confirmed mail address, compared by its key.
    async fn account_with_mail(&self, mail: &MailAddress) -> Result<Option<Account>, StoreError>;

    /// Returns the address of an account that waits to be confirmed.
    async fn waiting_mail(&self, user: UserId, at: At) -> Result<Option<MailAddress>, StoreError>;

    /// Uses up a link for a mail address and gives it to the account; all other links of the account end. Returns the account
    /// as it was before. `None`: the link has ended, or the address is another account's by now.
    async fn confirm_mail(
        &self,
        secret: &SecretHash,
        at: At,
    ) -> Result<Option<(Account, MailAddress)>, StoreError>;

    /// Takes the mail address, and one that waits, from an account whose password is `password`; its links end. Returns false if
    /// nothing was changed.
    async fn remove_mail(&self, user: UserId, password: &str) -> Result<bool, StoreError>;
}

/// The times that decide about a refresh token.
#[derive(Debug, Clone, Copy)]
pub struct RotationTimes {
    pub now: ServerTime,
    /// The present in UTC.
    pub wall: Timestamp,
    /// A predecessor counts if it was replaced after this.
    pub replaced_since: ServerTime,
    /// A session counts if it was refreshed after this.
    pub since: ServerTime,
}
