//! The port between the nodes of one installation. The database gives the order; a relay only says early what the
//! others would find there anyhow, so that a lost message costs time and nothing else.

mod local;

use std::sync::Arc;

use async_trait::async_trait;
use shared::RoomEvent;

pub use local::LocalRelay;

use crate::room::RoomInfo;

/// A stored event on its way to the other nodes.
#[derive(Debug, Clone)]
pub struct Relayed {
    /// Its room.
    pub room: Arc<RoomInfo>,
    /// The event.
    pub event: RoomEvent,
}

/// How nodes tell each other of stored events.
#[async_trait]
pub trait Relay: Send + Sync {
    /// Whether there may be other nodes; if not, nothing need be prepared for [`Self::publish`].
    fn has_peers(&self) -> bool;

    /// Tells the other nodes. Never waits for them: local delivery comes right after.
    fn publish(&self, batch: Vec<Relayed>);

    /// The next events that another node stored.
    async fn receive(&self) -> Vec<Relayed>;
}
