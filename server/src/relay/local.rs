//! The relay of a single-node installation.

use async_trait::async_trait;

use super::{NodeMessage, Relay};

/// Sends and receives nothing.
#[derive(Debug, Default)]
pub struct LocalRelay;

#[async_trait]
impl Relay for LocalRelay {
    fn has_peers(&self) -> bool {
        false
    }

    fn publish(&self, _: NodeMessage) {}

    async fn receive(&self) -> NodeMessage {
        std::future::pending().await
    }
}
