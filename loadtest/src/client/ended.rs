//! Distinguishes connections that the server ended from local failures.

use std::io::{self, ErrorKind};

/// The server ended the connection, cleanly or not; the text says how.
#[derive(Debug, Clone)]
pub struct EndedByServer(pub String);

impl std::fmt::Display for EndedByServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for EndedByServer {}

/// Classifies a socket error.
pub(super) fn by(error: io::Error) -> anyhow::Error {
    match error.kind() {
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            EndedByServer(format!("the server broke the connection: {error}")).into()
        }
        _ => error.into(),
    }
}
