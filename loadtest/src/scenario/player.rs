//! One client of the burst: keeps its window of posts full and checks what comes.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use shared::{RoomAddress, ServerFrame};
use tokio::sync::watch;
use tokio::time::sleep;

use crate::client::Connection;
use crate::corpus::Corpus;
use crate::ledger::{BitSet, Entry, Ledger};
use crate::measure::Histogram;
use crate::pace::Pace;
use crate::payload::{self, Key, Kind};

/// What the players of a run share.
#[derive(Debug)]
pub struct Board {
    pub room: RoomAddress,
    pub clients: u32,
    pub messages: u32,
    pub window: u64,
    pub client_message_ids: bool,
    /// Every how manieth delivery of a client has its latency taken; a power of two.
    pub sampled: u64,
    pub corpus: Corpus,
    pub started: Instant,
    pub started_unix_millis: u64,
    /// When each post was queued, in nanoseconds since the start.
    stamps: Vec<AtomicU64>,
    /// Deliveries of all clients so far.
    pub deliveries: AtomicU64,
    /// Answers to posts so far.
    pub answers: AtomicU64,
    /// Clients that have everything, or lost their connection.
    pub finished: AtomicU64,
}

impl Board {
    /// How many deliveries there will be.
    pub fn deliveries_due(&self) -> u64 {
        u64::from(self.clients) * self.posts_due()
    }

    /// How many posts there will be.
    pub fn posts_due(&self) -> u64 {
        u64::from(self.clients) * u64::from(self.messages)
    }

    fn stamp(&self, key: Key) -> &AtomicU64 {
        &self.stamps[key.sender as usize * self.messages as usize + key.number as usize]
    }

    fn now(&self) -> u64 {
        self.started.elapsed().as_nanos() as u64
    }
}

impl Board {
    /// The board of a run that starts now.
    pub fn new(room: RoomAddress, burst: &super::burst::Burst, corpus: Corpus) -> Self {
        let posts = burst.clients as usize * burst.messages as usize;
        let deliveries = posts as u64 * u64::from(burst.clients);
        let unix = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
        Self {
            room,
            clients: burst.clients,
            messages: burst.messages,
            window: burst.window,
            client_message_ids: !burst.no_client_ids,
            sampled: if deliveries > 1_000_000 { 16 } else { 1 },
            corpus,
            started: Instant::now(),
            started_unix_millis: unix.as_millis() as u64,
            stamps: (0..posts).map(|_| AtomicU64::new(0)).collect(),
            deliveries: AtomicU64::new(0),
            answers: AtomicU64::new(0),
            finished: AtomicU64::new(0),
        }
    }
}

/// What one client saw.
#[derive(Debug)]
pub struct Record {
    sender: u32,
    pub ledger: Ledger,
    pub latency: Histogram,
    /// Posts given to the connection.
    pub posted: u32,
    pub acks: u64,
    pub acks_doubled: u64,
    /// Acks that name another `seq` than the echo does.
    pub acks_wrong: u64,
    /// Posts that were refused, by error code.
    pub refused: BTreeMap<&'static str, u64>,
    /// Bytes of all deliveries on the wire.
    pub delivered_bytes: u64,
    /// The last new delivery or ack, in nanoseconds since the start.
    pub last: u64,
    /// Why the connection ended before its time.
    pub broken: Option<String>,
    acked: BitSet,
    own_seqs: Vec<u64>,
    seq_distance: usize,
}

impl Record {
    /// The empty record of the client `sender`.
    pub fn new(sender: u32, board: &Board, head: u64, hashed_from: u64) -> Self {
        Self {
            sender,
            ledger: Ledger::new(board.clients, board.messages, head, hashed_from),
            latency: Histogram::default(),
            posted: 0,
            acks: 0,
            acks_doubled: 0,
            acks_wrong: 0,
            refused: BTreeMap::new(),
            delivered_bytes: 0,
            last: 0,
            broken: None,
            acked: BitSet::new(board.messages as usize),
            own_seqs: vec![0; board.messages as usize],
            seq_distance: 0,
        }
    }

    /// Posts that were answered, one way or the other.
    fn answers(&self) -> u64 {
        self.acks + self.refused.values().sum::<u64>()
    }

    fn is_complete(&self, board: &Board) -> bool {
        self.ledger.received == board.posts_due() && self.answers() >= u64::from(board.messages)
    }

    #[inline]
    fn read(&mut self, frame: &[u8], board: &Board, now: u64) -> Result<()> {
        match payload::kind(frame) {
            Kind::Message => self.message(frame, board, now),
            Kind::Ack => self.ack(frame, now),
            Kind::Error => self.error(frame)?,
            Kind::Other => {}
        }
        Ok(())
    }

    #[inline]
    fn message(&mut self, frame: &[u8], board: &Board, now: u64) {
        let key = payload::key(frame);
        let seq = payload::seq(frame, &mut self.seq_distance).unwrap_or(0);
        self.delivered_bytes += frame.len() as u64 + 4;
        if self.ledger.enter(seq, key) != Entry::New {
            return;
        }
        self.last = now;
        let Some(key) = key else { return };
        if seq.wrapping_add(u64::from(self.sender)) & (board.sampled - 1) == 0 {
            self.latency.record(now.saturating_sub(board.stamp(key).load(Ordering::Relaxed)));
        }
        if key.sender == self.sender {
            self.own(key.number as usize, seq);
        }
    }

    fn ack(&mut self, frame: &[u8], now: u64) {
        let seq = payload::seq(frame, &mut 0).unwrap_or(0);
        let number = payload::request_id(frame).map_or(usize::MAX, |id| id as usize);
        if number >= self.own_seqs.len() {
            self.acks_wrong += 1;
        } else if self.acked.insert(number) {
            self.acks += 1;
            self.last = now;
            self.own(number, seq);
        } else {
            self.acks_doubled += 1;
        }
    }

    /// Ack and echo, in either order, must name one `seq`.
    fn own(&mut self, number: usize, seq: u64) {
        let known = &mut self.own_seqs[number];
        if *known == 0 {
            *known = seq;
        } else if *known != seq {
            self.acks_wrong += 1;
        }
    }

    fn error(&mut self, frame: &[u8]) -> Result<()> {
        if let ServerFrame::Error { failure, .. } = serde_json::from_slice(frame)? {
            *self.refused.entry(failure.code.as_str()).or_default() += 1;
        }
        Ok(())
    }
}

/// Posts and reads until told to stop.
pub async fn play(
    mut connection: Connection,
    mut record: Record,
    board: &Board,
    mut pace: Pace,
    mut stop: watch::Receiver<bool>,
) -> Record {
    let mut frame = Vec::new();
    let mut finished = false;
    loop {
        let mut wait = None;
        while record.posted < board.messages && u64::from(record.posted) - record.answers() < board.window {
            if let Err(time) = pace.take(Instant::now()) {
                wait = Some(time);
                break;
            }
            post(&mut connection, &mut frame, board, record.sender, record.posted);
            record.posted += 1;
        }
        let (received, answers) = (record.ledger.received, record.answers());
        let mut now = None;
        let read = |frame: &[u8]| {
            let now = *now.get_or_insert_with(|| board.now());
            record.read(frame, board, now).map(|()| true)
        };
        tokio::select! {
            biased;
            _ = stop.wait_for(|&stop| stop) => break,
            result = connection.turn(read) => if let Err(error) = result {
                record.broken = Some(error.to_string());
                break;
            },
            () = sleep(wait.unwrap_or(Duration::MAX)), if wait.is_some() => {}
        }
        board.deliveries.fetch_add(record.ledger.received - received, Ordering::Relaxed);
        board.answers.fetch_add(record.answers() - answers, Ordering::Relaxed);
        if !finished && record.is_complete(board) {
            finished = true;
            board.finished.fetch_add(1, Ordering::Relaxed);
        }
    }
    if record.broken.is_none() {
        connection.close().await;
    } else if !finished {
        board.finished.fetch_add(1, Ordering::Relaxed);
    }
    record
}

fn post(connection: &mut Connection, frame: &mut Vec<u8>, board: &Board, sender: u32, number: u32) {
    let key = Key { sender, number };
    let now = board.now();
    frame.clear();
    frame.extend_from_slice(br#"{"type":"chat","room":""#);
    frame.extend_from_slice(board.room.as_str().as_bytes());
    frame.extend_from_slice(br#"","content":""#);
    payload::write_key(frame, key);
    frame.extend_from_slice(board.corpus.sentence(sender, number).as_bytes());
    if board.client_message_ids {
        frame.extend_from_slice(br#"","client_message_id":""#);
        let mut random = [0; 10];
        random[..2].copy_from_slice(&(board.started_unix_millis as u16).to_be_bytes());
        random[2..6].copy_from_slice(&sender.to_be_bytes());
        random[6..].copy_from_slice(&number.to_be_bytes());
        let millis = board.started_unix_millis + now / 1_000_000;
        let id = uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid();
        frame.extend_from_slice(id.as_hyphenated().encode_lower(&mut uuid::Uuid::encode_buffer()).as_bytes());
    }
    frame.extend_from_slice(format!("\",\"id\":{number}}}").as_bytes());
    board.stamp(key).store(now, Ordering::Relaxed);
    connection.queue(frame);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::burst::Burst;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        burst: Burst,
    }

    fn board(line: &[&str]) -> Board {
        let line = Line::parse_from([&["loadtest"], line].concat());
        Board::new(RoomAddress::new("a").unwrap(), &line.burst, Corpus::load().unwrap())
    }

    fn message(seq: u64, key: &str) -> String {
        format!(
            r#"{{"type":"message","room":"a","content":"{key} hello","timestamp":"t","seq":{seq},"message_id":"m"}}"#
        )
    }

    fn ack(seq: u64, id: u64) -> String {
        format!(r#"{{"type":"ack","message_id":"m","room":"a","seq":{seq},"timestamp":"t","id":{id}}}"#)
    }

    fn record(board: &Board, frames: &[String]) -> Record {
        let mut record = Record::new(0, board, 0, 0);
        for frame in frames {
            record.read(frame.as_bytes(), board, 1_000).unwrap();
        }
        record
    }

    #[test]
    fn everything_once_in_order_and_acked_is_complete() {
        let board = board(&["--clients", "2", "--messages", "2"]);
        let frames = [
            message(1, "0.0"),
            ack(1, 0),
            message(2, "1.0"),
            message(3, "1.1"),
            ack(4, 1),
            message(4, "0.1"),
        ];
        let record = record(&board, &frames);
        assert!(record.is_complete(&board));
        assert_eq!((record.ledger.out_of_order, record.ledger.duplicates, record.acks_wrong), (0, 0, 0));
        assert_eq!((record.latency.count(), record.acks), (4, 2));
    }

    #[test]
    fn what_goes_wrong_is_counted() {
        let board = board(&["--clients", "2", "--messages", "2"]);
        let frames =
            [message(1, "0.0"), message(3, "1.1"), message(3, "1.1"), ack(2, 0), ack(2, 0), ack(9, 7)];
        let record = record(&board, &frames);
        assert!(!record.is_complete(&board));
        assert_eq!((record.ledger.received, record.ledger.duplicates, record.ledger.out_of_order), (2, 1, 2));
        assert_eq!((record.acks, record.acks_doubled, record.acks_wrong), (1, 1, 2));
    }

    #[test]
    fn an_error_counts_as_refused() {
        let board = board(&["--clients", "1", "--messages", "1"]);
        let error = r#"{"type":"error","code":"unavailable","message":"full","timestamp":"2026-01-01T00:00:00.000Z"}"#;
        let record = record(&board, &[error.to_owned()]);
        assert_eq!(record.refused.get("unavailable"), Some(&1));
    }
}
