//! A signed-in connection.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use shared::account::Role;
use shared::{ServerFrame, SessionId, Timestamp, UserId, UserName};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::Chat;
use super::deferred_joins::DeferredJoins;
use super::introductions::Introduced;
use crate::accounts::VALID_FOR;
use crate::delivery::ConnectionHandle;
use crate::error::Error;
use crate::hub::{HubClosed, wall_clock};
use crate::room::RoomInfo;

/// A signed-in connection. Its use cases are in the other files of this folder.
pub struct Session {
    pub(super) chat: Arc<Chat>,
    pub(super) handle: Arc<ConnectionHandle>,
    pub(super) connection: usize,
    pub(super) user: UserId,
    /// The name at the sign-in.
    pub(super) first_name: UserName,
    /// Where an account is signed in. Boxed, because most connections are of guests.
    pub(super) login: Option<Box<Login>>,
    pub(super) deferred: DeferredJoins,
    pub(super) introduced: Introduced,
    /// Whether the connection closes cleanly: the person does not intend to come back.
    pub(super) clean: bool,
    pub(super) attached: bool,
}

/// The session of an account that a connection belongs to.
pub(super) struct Login {
    pub(super) session: SessionId,
    /// The role of the account when it signed in, to tell what it may do. Decisions ask for the present one.
    pub(super) role: Role,
    /// When the access token expires.
    expires_at: Mutex<Instant>,
}

impl Login {
    /// A connection that lasts until `expires_at`.
    pub(super) fn new(session: SessionId, role: Role, expires_at: Timestamp) -> Self {
        Self { session, role, expires_at: Mutex::new(instant(expires_at)) }
    }

    /// The connection lasts until `expires_at` now.
    pub(super) fn prolong(&self, expires_at: Timestamp) {
        *self.expires_at.lock().unwrap_or_else(PoisonError::into_inner) = instant(expires_at);
    }
}

fn instant(at: Timestamp) -> Instant {
    let left = at.millis().saturating_sub(wall_clock().millis());
    // The clock may have gone back meanwhile.
    Instant::now() + Duration::from_millis(u64::try_from(left).unwrap_or_default()).min(VALID_FOR)
}

/// Detaches from the hub, however the connection ends.
impl Drop for Session {
    fn drop(&mut self) {
        drop(self.detach());
    }
}

impl Session {
    /// Detaches from the hub, even if the returned handle is dropped.
    pub(super) fn detach(&mut self) -> Option<JoinHandle<Result<(), HubClosed>>> {
        let attached = std::mem::take(&mut self.attached);
        let (hub, connection, clean) = (self.chat.hub.clone(), self.connection, self.clean);
        attached.then(|| tokio::spawn(async move { hub.detach(connection, clean).await }))
    }

    /// The user's present name.
    pub(super) fn name(&self) -> UserName {
        self.handle.name().unwrap_or_else(|| self.first_name.clone())
    }

    /// When the access token of the connection expires; `None` for a guest.
    pub fn expires_at(&self) -> Option<Instant> {
        let login = self.login.as_ref()?;
        Some(*login.expires_at.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Answers a request of this connection.
    pub fn answer(&self, frame: &ServerFrame) {
        self.handle.answer(frame);
    }

    /// Answers a request about a room. Whoever has been removed from it meanwhile gets an error instead.
    pub(super) fn answer_in(&self, room: &RoomInfo, frame: &ServerFrame) -> Result<(), Error> {
        if self.handle.answer_in(room, frame) { Ok(()) } else { Err(Error::NotAMember(room.address.clone())) }
    }

    /// [`Self::answer_in`] with what was read of the room.
    pub(super) async fn answer_read(&self, room: &RoomInfo, frame: &ServerFrame) -> Result<(), Error> {
        self.check_reader(room).await?;
        self.answer_in(room, frame)
    }

    /// Checks that the user is still a member of a private room, after something was read of it: that may have been
    /// written after a removal of which the hub does not know yet.
    pub(super) async fn check_reader(&self, room: &RoomInfo) -> Result<(), Error> {
        if !room.is_private() || self.chat.store.is_member(room.id, self.user).await? {
            return Ok(());
        }
        Err(Error::NotAMember(room.address.clone()))
    }

    /// Records a clean close: the person does not intend to come back.
    pub fn say_goodbye(&mut self) {
        self.clean = true;
    }
}
