//! A signed-in connection.

use std::sync::Arc;

use shared::{ServerFrame, UserId, UserName};
use tokio::task::JoinHandle;

use super::Chat;
use super::deferred_joins::DeferredJoins;
use crate::delivery::ConnectionHandle;
use crate::hub::HubClosed;

/// A signed-in connection. Its use cases are in the other files of this folder.
pub struct Session {
    pub(super) chat: Arc<Chat>,
    pub(super) handle: Arc<ConnectionHandle>,
    pub(super) connection: usize,
    pub(super) user: UserId,
    pub(super) name: UserName,
    pub(super) deferred: DeferredJoins,
    /// Whether the connection closes cleanly: the person does not intend to come back.
    pub(super) clean: bool,
    pub(super) attached: bool,
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

    /// Answers a request of this connection.
    pub fn answer(&self, frame: &ServerFrame) {
        self.handle.answer(frame);
    }

    /// Records a clean close: the person does not intend to come back.
    pub fn say_goodbye(&mut self) {
        self.clean = true;
    }
}
