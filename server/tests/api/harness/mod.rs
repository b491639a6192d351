//! A real server on a free port, people with names on real sockets, and limits for every wait.

mod commands;
mod follow;
mod frames;
mod leaping_clock;
mod lock;
mod person;
mod process;
pub mod proxy;
pub mod raw;
mod server;

use std::time::Duration;

use shared::{ClientMessageId, MessageText, RoomAddress};
use uuid::Uuid;

pub use commands::{At, change, change_as, chat, edit, emoji, history, list_pins, react, unreact};
pub use follow::{Follow, posted};
pub use frames::{Acked, acked, joined, message, places, presence, said, typing};
pub use leaping_clock::LeapingClock;
pub use lock::{WriteLock, database, is_stored};
pub use person::{Closed, Person, guest};
pub use process::{Process, everything_is_whole};
pub use raw::RawSocket;
pub use server::TestServer;

/// Nothing a test waits for takes longer, unless the test says so.
pub const LIMIT: Duration = Duration::from_secs(10);

/// The room of that name.
pub fn room(name: &str) -> RoomAddress {
    RoomAddress::new(name).expect("tests use valid room names")
}

/// The room everybody starts in.
pub fn general() -> RoomAddress {
    room("general")
}

/// A message's text.
pub fn text(content: &str) -> MessageText {
    MessageText::new(content).expect("tests use valid texts")
}

/// A fresh message id, as a client makes it.
pub fn new_id() -> ClientMessageId {
    ClientMessageId::new(Uuid::now_v7())
}

/// Waits until `condition` gives something, asking again and again; for what no frame announces.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, condition: impl FnMut() -> F) -> T {
    eventually_within(LIMIT, what, condition).await
}

/// The same with another limit.
pub async fn eventually_within<T, F: Future<Output = Option<T>>>(
    limit: Duration,
    what: &str,
    mut condition: impl FnMut() -> F,
) -> T {
    let wait = async {
        loop {
            if let Some(value) = condition().await {
                return value;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(limit, wait).await.unwrap_or_else(|_| panic!("never happened: {what}"))
}
