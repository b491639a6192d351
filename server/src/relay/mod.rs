//! The port between the nodes of one installation. The database determines the order; a relay only announces early what
//! the other nodes would find there anyway, so a lost message costs latency and nothing else.

mod local;

use std::sync::Arc;

use async_trait::async_trait;
use shared::RoomEvent;

pub use local::LocalRelay;

use crate::room::RoomInfo;

/// A stored event on its way to the other nodes.
#[derive(Debug, Clone)]
pub struct Relayed {
    pub room: Arc<RoomInfo>,
    pub event: RoomEvent,
}

/// A message from one node to the others. Each kind has one owner, the node where it originated, and recovers from a
/// loss by itself.
#[derive(Debug, Clone)]
pub enum NodeMessage {
    /// Events that this node stored together. A lost one shows as a gap before the next, and is read from the log.
    Events(Vec<Relayed>),
}

/// The transport between the nodes of an installation.
#[async_trait]
pub trait Relay: Send + Sync {
    /// Whether there may be other nodes; if not, messages for [`Self::publish`] need not be prepared.
    fn has_peers(&self) -> bool;

    /// Sends a message to the other nodes. Never waits for them: local delivery follows immediately.
    fn publish(&self, message: NodeMessage);

    /// Receives the next message from another node.
    async fn receive(&self) -> NodeMessage;
}
