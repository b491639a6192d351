//! A task that panics ends the server: one that answers but stores nothing would be worse than none.

use std::sync::Arc;

use async_trait::async_trait;
use hiroba::config::{Config, Listen};
use hiroba::relay::{NodeMessage, Relay};
use hiroba::{app, listen};
use shared::Auth;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::harness::{LIMIT, Person, chat, general, guest, joined, new_id};

/// Panics in the writer when a message was stored.
struct Broken;

#[async_trait]
impl Relay for Broken {
    fn has_peers(&self) -> bool {
        true
    }

    fn publish(&self, NodeMessage::Events(events): NodeMessage) {
        assert!(events.is_empty(), "as the test wants");
    }

    async fn receive(&self) -> NodeMessage {
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_fault_of_the_writer_ends_the_server_with_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let listen = Listen::At("127.0.0.1:0".parse().unwrap());
    let config = Config { listen, ..Config::new(folder.path()) };
    let listeners = listen::bind(listen, None).unwrap();
    let address = listeners[0].local_addr().unwrap();
    let running = tokio::spawn(async move {
        app::serve_node(&config, Arc::new(Broken), listeners, CancellationToken::new()).await
    });
    let mut alice = Person::open(address, "/ws").await;
    alice.sign_in(Auth { rooms: None, ..guest("alice") }).await;
    alice.expect(joined).await;
    alice.send(chat(&general(), "the last straw", new_id())).await;
    let ended = timeout(LIMIT, running).await.expect("it ends").expect("and does not panic itself");
    let said = ended.unwrap_err().to_string();
    assert!(said.contains("the writer met a fault"), "{said}");
}
