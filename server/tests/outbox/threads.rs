//! Real threads, a real runtime, and a network that accepts odd amounts: no wake-up is lost.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hiroba::delivery::TryWrite;
use hiroba::delivery::outbox::{Appended, Flushed, Outbox, Priority, Pushed};
use tokio::sync::Notify;
use tokio::time::timeout;

use super::socket::{Received, frame};

const ROUNDS: u64 = 8;
/// Frames per writer.
const FRAMES: u32 = 1_000;
const WRITERS: u32 = 4;
/// A longer wait counts as a hang.
const LIMIT: Duration = Duration::from_secs(10);
/// Queued bytes above which the writers of live events pause.
const HOLD_BACK: usize = 100_000;

/// A pseudo-random number generator (xorshift64).
#[derive(Clone, Copy)]
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

struct Network {
    state: Mutex<State>,
    writable: Notify,
    full: Notify,
    complete: Notify,
}

struct State {
    dice: Dice,
    room: usize,
    received: Vec<u8>,
    /// Bytes after which everything has arrived.
    expected: usize,
}

/// The sending half.
struct Flaky(Arc<Network>);

impl TryWrite for Flaky {
    fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.0.state.lock().unwrap();
        if state.dice.below(50) == 0 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let count = bytes.len().min(state.room).min(1 + state.dice.below(5_000));
        if count == 0 {
            self.0.full.notify_one();
            return Err(io::ErrorKind::WouldBlock.into());
        }
        state.room -= count;
        state.received.extend_from_slice(&bytes[..count]);
        if state.received.len() >= state.expected {
            self.0.complete.notify_one();
        }
        Ok(count)
    }
}

impl Network {
    fn new(seed: u64, expected: usize) -> Arc<Self> {
        let state = State { dice: Dice(seed * 2 + 1), room: 0, received: Vec::new(), expected };
        let (writable, full, complete) = (Notify::new(), Notify::new(), Notify::new());
        Arc::new(Self { state: Mutex::new(state), writable, full, complete })
    }

    /// Makes room whenever the network is full.
    async fn run(&self) {
        loop {
            self.full.notified().await;
            let mut state = self.state.lock().unwrap();
            state.room += 1 + state.dice.below(20_000);
            self.writable.notify_one();
        }
    }

    async fn writable(&self) {
        while self.state.lock().unwrap().room == 0 {
            self.writable.notified().await;
        }
    }
}

/// Mirrors `drain` in `ws/connection.rs`.
async fn drain(outbox: &Outbox, network: &Network) {
    loop {
        outbox.attention().await;
        loop {
            match outbox.resume() {
                Flushed::Empty => break,
                Flushed::Finished => return,
                Flushed::Blocked => network.writable().await,
            }
        }
    }
}

fn length(number: u32) -> usize {
    10 + (number as usize * 37) % 300
}

/// Writes as the hub does: some appends, then the flush that is owed.
fn write_as_hub(outbox: &Outbox, writer: u32, mut dice: Dice) {
    let begun = Instant::now();
    let mut owes = false;
    for place in 0..FRAMES {
        let number = writer * FRAMES + place;
        while outbox.queued_bytes() > HOLD_BACK {
            if std::mem::take(&mut owes) {
                outbox.flush();
            }
            assert!(begun.elapsed() < LIMIT, "nobody goes on writing");
            std::thread::yield_now();
        }
        let Appended { pushed, must_flush, .. } =
            outbox.append(frame(number, length(number)), Priority::Live);
        assert_eq!(pushed, Pushed::Queued);
        owes |= must_flush;
        if owes && dice.below(4) == 0 {
            owes = false;
            outbox.flush();
        }
    }
    if owes {
        outbox.flush();
    }
}

/// Writes as a connection does when it answers its own requests.
async fn write_as_reader(outbox: &Outbox, writer: u32) {
    for place in 0..FRAMES {
        outbox.has_room().await;
        let number = writer * FRAMES + place;
        assert_eq!(outbox.send(frame(number, length(number)), Priority::Answer), Pushed::Queued);
    }
}

async fn play(seed: u64) {
    let expected = (0..WRITERS * FRAMES).map(length).sum();
    let network = Network::new(seed, expected);
    let outbox = Arc::new(Outbox::new(Box::new(Flaky(network.clone()))));
    let runs = tokio::spawn({
        let network = network.clone();
        async move { network.run().await }
    });
    let drains = tokio::spawn({
        let (outbox, network) = (outbox.clone(), network.clone());
        async move { drain(&outbox, &network).await }
    });
    let hubs: Vec<_> = (1..WRITERS)
        .map(|writer| {
            let outbox = outbox.clone();
            let dice = Dice(seed * 64 + u64::from(writer) + 1);
            tokio::task::spawn_blocking(move || write_as_hub(&outbox, writer, dice))
        })
        .collect();
    timeout(LIMIT, write_as_reader(&outbox, 0)).await.expect("the reader is woken");
    for hub in hubs {
        timeout(LIMIT, hub).await.expect("somebody goes on writing").unwrap();
    }
    timeout(LIMIT, network.complete.notified()).await.expect("everything that was taken is written");
    outbox.close(1000_u16, "");
    timeout(LIMIT, drains).await.expect("the task ends").unwrap();
    runs.abort();

    let received = Received::parse(&network.state.lock().unwrap().received);
    assert_eq!((received.code, received.unfinished), (Some(1000), 0));
    assert_eq!(received.numbers.len() as u32, WRITERS * FRAMES);
    for writer in 0..WRITERS {
        let own = received.numbers.iter().filter(|&&number| number / FRAMES == writer);
        assert!(own.copied().eq(writer * FRAMES..(writer + 1) * FRAMES), "frames of {writer} are in order");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_wake_up_is_lost_between_threads() {
    for seed in 1..=ROUNDS {
        play(seed).await;
    }
}
