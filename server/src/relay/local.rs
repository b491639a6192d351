//! The relay of an installation with one node.

use async_trait::async_trait;

use super::{Relay, Relayed};

/// There is nobody to tell and nobody to hear.
#[derive(Debug, Default)]
pub struct LocalRelay;

#[async_trait]
impl Relay for LocalRelay {
    fn has_peers(&self) -> bool {
        false
    }

    fn publish(&self, _: Vec<Relayed>) {}

    async fn receive(&self) -> Vec<Relayed> {
        std::future::pending().await
    }
}
