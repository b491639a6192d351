//! Test harness: a real server on a free port, clients on real sockets, and a timeout for every wait.

pub mod api;
mod commands;
mod follow;
mod frames;
mod leaping_clock;
mod lock;
mod mail_server;
mod person;
mod process;
pub mod proxy;
pub mod raw;
mod server;
pub mod tls;

use std::time::Duration;

use shared::{ClientMessageId, MessageText, RoomAddress};
use uuid::Uuid;

pub use commands::{At, change, change_as, chat, edit, emoji, history, list_pins, react, unreact};
pub use follow::{Follow, posted};
pub use frames::{Acked, acked, joined, message, places, presence, said, typing};
pub use leaping_clock::LeapingClock;
pub use lock::{WriteLock, database, is_stored};
pub use mail_server::{Mail, MailServer, Mood};
pub use person::{Closed, Person, guest};
pub use process::{Process, everything_is_whole};
pub use raw::RawSocket;
pub use server::TestServer;

/// Timeout of every wait, unless the test sets another.
pub const LIMIT: Duration = Duration::from_secs(10);

pub fn room(name: &str) -> RoomAddress {
    RoomAddress::new(name).expect("tests use valid room names")
}

/// The room that everybody starts in.
pub fn general() -> RoomAddress {
    room("general")
}

pub fn text(content: &str) -> MessageText {
    MessageText::new(content).expect("tests use valid texts")
}

/// Generates a message id, as a client does.
pub fn new_id() -> ClientMessageId {
    ClientMessageId::new(Uuid::now_v7())
}

/// Polls until `condition` returns a value; for changes that no frame announces.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, condition: impl FnMut() -> F) -> T {
    eventually_within(LIMIT, what, condition).await
}

/// [`eventually`] with another timeout.
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
