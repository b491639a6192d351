//! All users of an outbox, one step at a time. Each step takes the outbox's lock at most once where the interface
//! allows it, so every order of steps is an order in which threads can take the lock.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use hiroba::delivery::outbox::{Bounds, Flushed, Outbox, Priority, Pushed};
use shared::limits::PAGE_BYTES;

use super::socket::{Socket, frame};

/// Small, so that the bounds are reached.
pub static BOUNDS: Bounds = Bounds { ephemeral: 128 * 1024, live: 256 * 1024, pieces: 30 };

type Waits = Pin<Box<dyn Future<Output = ()>>>;

/// One step of one actor.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// The hub appends, and owes a flush if `must_flush` is set.
    Append(Priority, usize),
    /// The first half of a `send`: appends, and always flushes later.
    BeginSend(Priority, usize),
    /// An actor that owes a flush performs it.
    Flush,
    /// An uninterrupted `send`.
    Send(Priority, usize),
    /// The connection's task continues, if it has something to do.
    Task,
    /// The reader waits for its answers to be written, or checks again after a wake-up.
    Reader,
    /// The network accepts this many more bytes.
    Allow(usize),
    /// A write accepts at most this many bytes.
    Bite(usize),
    /// The peer is gone.
    Fail,
    /// The server closes the connection.
    Close(u16),
    /// The reader aborts.
    BreakOff,
}

/// The state of the connection's task.
enum Task {
    /// Waits for attention; the flag is set once it was polled.
    Waits(Waits, bool),
    /// Was woken and has not resumed the outbox yet.
    Awake,
    /// Waits until the socket is writable.
    Blocked,
    Ended,
}

#[derive(Default)]
struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl Flag {
    fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// An accepted frame, with its range in the stream.
struct Taken {
    priority: Priority,
    start: usize,
    end: usize,
}

pub struct World {
    pub outbox: Arc<Outbox>,
    pub socket: Socket,
    task: Task,
    task_woken: Arc<Flag>,
    reader: Option<Waits>,
    reader_woken: Arc<Flag>,
    /// Number of flushes owed.
    owed: usize,
    taken: Vec<Taken>,
    /// The stream offset after the accepted frames.
    end: usize,
    /// The close code that the stream must end with.
    code: Option<u16>,
    overflowed: bool,
    /// The number of bytes that had arrived when the connection was aborted.
    broken_at: Option<usize>,
    failed: bool,
}

impl World {
    pub fn new() -> Self {
        let socket = Socket::default();
        let outbox = Arc::new(Outbox::with_bounds(Box::new(socket.clone()), &BOUNDS));
        Self {
            task: Task::Waits(attention(&outbox), false),
            outbox,
            socket,
            task_woken: Arc::default(),
            reader: None,
            reader_woken: Arc::default(),
            owed: 0,
            taken: Vec::new(),
            end: 0,
            code: None,
            overflowed: false,
            broken_at: None,
            failed: false,
        }
    }

    /// Takes a step and checks the invariants.
    pub fn step(&mut self, step: Step) {
        match step {
            Step::Append(priority, length) => {
                let appended = self.outbox.append(self.next_frame(length), priority);
                self.owed += usize::from(appended.must_flush);
                self.pushed(appended.pushed, priority, length);
            }
            Step::BeginSend(priority, length) => {
                let appended = self.outbox.append(self.next_frame(length), priority);
                self.owed += 1;
                self.pushed(appended.pushed, priority, length);
            }
            Step::Send(priority, length) => {
                let before = self.socket.count();
                let pushed = self.outbox.send(self.next_frame(length), priority);
                // To make room, `send` may have written before it accepted the frame; it always writes afterwards.
                let arrived = if pushed == Pushed::Queued { self.socket.count() } else { before };
                self.pushed_after(pushed, priority, length, arrived);
            }
            Step::Flush if self.owed > 0 => {
                self.owed -= 1;
                self.outbox.flush();
            }
            Step::Flush => {}
            Step::Task => self.step_task(),
            Step::Reader => self.step_reader(),
            Step::Allow(bytes) => self.socket.allow(bytes),
            Step::Bite(bytes) => self.socket.bite(bytes),
            Step::Fail => {
                self.socket.fail();
                self.failed = true;
            }
            Step::Close(code) => {
                self.code = self.code.or(Some(code));
                self.outbox.close(code, "");
            }
            Step::BreakOff => {
                self.broken_at = self.broken_at.or(Some(self.socket.count()));
                self.outbox.break_off();
            }
        }
        self.check();
    }

    fn next_frame(&self, length: usize) -> bytes::Bytes {
        frame(self.taken.len() as u32, length)
    }

    fn pushed(&mut self, pushed: Pushed, priority: Priority, length: usize) {
        self.pushed_after(pushed, priority, length, self.socket.count());
    }

    /// Checks that an append was answered as the bounds require, given that `arrived` bytes had arrived.
    fn pushed_after(&mut self, pushed: Pushed, priority: Priority, length: usize, arrived: usize) {
        // The bytes of a partly written frame may still count.
        let half = self.taken.iter().find(|taken| taken.start < arrived && arrived < taken.end);
        let half = half.map_or(0, |taken| arrived - taken.start);
        let live = self.waiting(arrived, |priority| priority != Priority::Answer) + length;
        let is_open = self.is_open();
        match pushed {
            Pushed::Queued => {
                assert!(is_open, "a frame was taken after the end");
                match priority {
                    Priority::Live => assert!(live <= BOUNDS.live, "{live} live bytes wait"),
                    Priority::Ephemeral => assert!(live <= BOUNDS.ephemeral, "{live} bytes before typing"),
                    Priority::Answer => {}
                }
                self.taken.push(Taken { priority, start: self.end, end: self.end + length });
                self.end += length;
            }
            // A failed write is known only to the outbox.
            Pushed::Dropped if is_open && !self.failed => {
                assert_eq!(priority, Priority::Ephemeral, "only typing is dropped");
                assert!(live + half > BOUNDS.ephemeral, "typing was dropped at {live} bytes");
            }
            Pushed::Dropped => {}
            Pushed::Overflow => {
                assert!(is_open && priority == Priority::Live, "{priority:?} overflowed");
                let pieces = self.taken.iter().filter(|taken| taken.end > arrived).count();
                assert!(
                    live + half > BOUNDS.live || pieces >= BOUNDS.pieces,
                    "cut off at {live} bytes and {pieces} pieces"
                );
                let begun = self.taken.iter().find(|taken| taken.end > self.socket.count());
                let begun = begun.map_or(0, |taken| taken.end - taken.start);
                assert!(self.outbox.queued_bytes() <= begun + PAGE_BYTES, "what nobody will read is let go");
                (self.code, self.overflowed) = (Some(4008), true);
            }
        }
    }

    fn is_open(&self) -> bool {
        self.code.is_none() && self.broken_at.is_none()
    }

    /// Returns the queued bytes of frames whose priority `counts`.
    fn waiting(&self, arrived: usize, counts: impl Fn(Priority) -> bool) -> usize {
        let counted = self.taken.iter().filter(|taken| counts(taken.priority));
        counted.map(|taken| taken.end.saturating_sub(taken.start.max(arrived))).sum()
    }

    /// Mirrors `drain` in `ws/connection.rs`, split where another thread may interleave.
    fn step_task(&mut self) {
        match &mut self.task {
            Task::Waits(waits, begun) if !*begun || self.task_woken.is_set() => {
                self.task_woken.0.store(false, Ordering::SeqCst);
                if poll(waits, &self.task_woken).is_ready() {
                    self.task = Task::Awake;
                } else {
                    *begun = true;
                }
            }
            Task::Blocked if !self.socket.is_writable() => {}
            Task::Awake | Task::Blocked => {
                self.task = match self.outbox.resume() {
                    Flushed::Empty => Task::Waits(attention(&self.outbox), false),
                    Flushed::Blocked => Task::Blocked,
                    Flushed::Finished => Task::Ended,
                }
            }
            Task::Waits(..) | Task::Ended => {}
        }
    }

    fn step_reader(&mut self) {
        if self.reader.is_none() {
            let outbox = self.outbox.clone();
            self.reader = Some(Box::pin(async move { outbox.has_room().await }));
        } else if !self.reader_woken.is_set() {
            return;
        }
        self.reader_woken.0.store(false, Ordering::SeqCst);
        if let Some(waits) = &mut self.reader
            && poll(waits, &self.reader_woken).is_ready()
        {
            self.reader = None;
            let answers = self.waiting(self.socket.count(), |priority| priority == Priority::Answer);
            let nobody_listens = self.overflowed || self.broken_at.is_some() || self.failed;
            assert!(answers < PAGE_BYTES || nobody_listens, "the reader goes on at {answers} bytes");
        }
    }

    /// Whether the task would do something if it ran.
    pub fn task_can_go_on(&self) -> bool {
        match &self.task {
            Task::Waits(_, begun) => !begun || self.task_woken.is_set(),
            Task::Awake => true,
            Task::Blocked => self.socket.is_writable(),
            Task::Ended => false,
        }
    }

    pub fn owes_flush(&self) -> bool {
        self.owed > 0
    }

    fn check(&self) {
        let waits = self.outbox.queued_bytes();
        let is_cared_for = self.owed > 0 || self.task_can_go_on() || matches!(self.task, Task::Blocked);
        assert!(waits == 0 || is_cared_for, "{waits} bytes wait and nobody is going to write them");
        let live = self.waiting(self.socket.count(), |priority| priority != Priority::Answer);
        assert!(live <= BOUNDS.live || !self.is_open() || self.failed);
        if let Some(arrived) = self.broken_at {
            assert_eq!((waits, self.socket.count()), (0, arrived), "nothing is written after the end");
        }
    }

    /// Lets all actors finish, on a network that accepts everything, and checks what arrived.
    pub fn settle(mut self) {
        self.step(Step::Allow(usize::MAX / 2));
        let mut steps = 0;
        while self.owes_flush() || self.task_can_go_on() || self.reader_woken.is_set() {
            self.step(Step::Task);
            self.step(Step::Flush);
            if self.reader_woken.is_set() {
                self.step(Step::Reader);
            }
            steps += 1;
            assert!(steps < 100_000, "it never comes to rest");
        }
        assert_eq!(self.outbox.queued_bytes(), 0);
        assert!(self.reader.is_none(), "everything is written and the reader still waits");
        let is_over = self.code.is_some() || self.broken_at.is_some();
        assert!(self.outbox.is_closing() || !is_over, "the end was forgotten");
        let has_ended = matches!(self.task, Task::Ended);
        assert_eq!(self.outbox.is_closing(), has_ended, "the task ends with the connection");
        let received = self.socket.received();
        let expected: Vec<u32> = (0..received.numbers.len() as u32).collect();
        assert_eq!(received.numbers, expected, "frames are missing or out of order");
        if self.broken_at.is_none() && !self.failed {
            assert_eq!(received.unfinished, 0, "the last frame is cut");
            assert_eq!(received.code, self.code);
            assert!(self.overflowed || received.numbers.len() == self.taken.len(), "frames were lost");
        }
    }
}

fn attention(outbox: &Arc<Outbox>) -> Waits {
    let outbox = outbox.clone();
    Box::pin(async move { outbox.attention().await })
}

fn poll(waits: &mut Waits, flag: &Arc<Flag>) -> Poll<()> {
    waits.as_mut().poll(&mut Context::from_waker(&Waker::from(flag.clone())))
}
