//! The posting side of a client.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::Result;
use shared::ServerFrame;

use super::Stage;
use super::receipts::Receipts;
use crate::client::Connection;
use crate::pace::Pace;
use crate::payload::Key;

/// Keeps a window of posts full.
#[derive(Debug)]
pub struct Poster {
    /// Index among all posters of the run.
    pub sender: u32,
    /// Most posts in flight: their own echo has not come.
    pub window: u32,
    /// Most posts in total.
    pub limit: u32,
    /// Posts made.
    pub posted: u32,
    /// Posts that were echoed or refused.
    pub settled: u32,
    /// Acks, if the dialect has them.
    pub receipts: Receipts,
    /// Refused posts, by error code.
    pub refused: BTreeMap<String, u64>,
    pace: Pace,
    scratch: Vec<u8>,
}

impl Poster {
    /// Creates a poster of at most `limit` posts, `window` of them in flight.
    pub fn new(sender: u32, window: u32, limit: u32, pace: Pace) -> Self {
        Self {
            sender,
            window,
            limit,
            posted: 0,
            settled: 0,
            receipts: Receipts::default(),
            refused: BTreeMap::new(),
            pace,
            scratch: Vec::new(),
        }
    }

    /// Queues as many posts as the window allows. Returns the time to wait if the pace allows no more.
    pub fn fill(
        &mut self,
        connection: &mut Connection,
        stage: &Stage,
        room: &str,
    ) -> Option<std::time::Duration> {
        while self.posted < self.limit && self.posted - self.settled < self.window {
            if let Err(wait) = self.pace.take(Instant::now()) {
                return Some(wait);
            }
            self.post(connection, stage, room, stage.now());
        }
        None
    }

    /// Queues one post, made at `at` nanoseconds.
    pub fn post(&mut self, connection: &mut Connection, stage: &Stage, room: &str, at: u64) {
        self.scratch.clear();
        stage.write_post(&mut self.scratch, room, Key { sender: self.sender, number: self.posted }, at);
        connection.queue(&self.scratch);
        self.posted += 1;
        self.receipts.posted();
    }

    /// Counts a refusal.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn refuse(&mut self, answer: &[u8]) -> Result<()> {
        let code = match serde_json::from_slice(answer) {
            Ok(ServerFrame::Error { failure, .. }) => failure.code.as_str().to_owned(),
            _ => String::from_utf8_lossy(answer).trim().to_owned(),
        };
        *self.refused.entry(code).or_default() += 1;
        self.settled += 1;
        Ok(())
    }

    /// Number of posts that the server did not refuse.
    pub fn accepted(&self) -> u64 {
        u64::from(self.posted).saturating_sub(self.refused.values().sum())
    }
}
