//! One client in one room: reads, and posts if it is a poster.

use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use anyhow::Result;
use tokio::time::{Sleep, sleep};

use super::{Poster, Stage};
use crate::client::{Connection, EndedByServer};
use crate::dialect::{Delivery, Heard, Seat};
use crate::ledger::{Entry, Ledger};
use crate::payload::{self, Hints, Key};

/// Why a connection ended early.
#[derive(Debug, Clone)]
pub struct Break {
    pub why: String,
    /// The server ended it. Otherwise something failed here, or the server broke the protocol.
    pub by_server: bool,
}

impl From<anyhow::Error> for Break {
    fn from(error: anyhow::Error) -> Self {
        Self { why: format!("{error:#}"), by_server: error.is::<EndedByServer>() }
    }
}

/// A client in a room. Its task polls it; between polls anything on the thread may access it.
#[derive(Debug)]
pub struct Member {
    /// None after it was closed or cut off.
    pub connection: Option<Connection>,
    pub room: Rc<str>,
    /// What the server said at sign-in.
    pub seat: Seat,
    pub ledger: Ledger,
    /// Set if it posts.
    pub poster: Option<Poster>,
    /// Whether it has stopped reading.
    pub stalled: bool,
    /// When it had reconnected and caught up, in nanoseconds since the start.
    pub caught_up_at: Option<u64>,
    /// Whether its session was resumed.
    pub resumed: bool,
    /// The newest message received, by `seq`.
    pub newest: Option<Key>,
    /// Set if the connection ended early.
    pub broken: Option<Break>,
    /// Whether it compares received texts with those posted.
    pub proofreads: bool,
    /// Deliveries whose text was altered.
    pub garbled: u64,
    hints: Hints,
    pause: Option<Pin<Box<Sleep>>>,
    waker: Option<Waker>,
}

impl Member {
    pub fn new(
        connection: Connection,
        room: Rc<str>,
        seat: Seat,
        ledger: Ledger,
        poster: Option<Poster>,
    ) -> Self {
        Self {
            connection: Some(connection),
            room,
            seat,
            ledger,
            poster,
            stalled: false,
            caught_up_at: None,
            resumed: false,
            newest: None,
            broken: None,
            proofreads: false,
            garbled: 0,
            hints: Hints::default(),
            pause: None,
            waker: None,
        }
    }

    /// Listens again, on a new connection.
    pub fn come_back(&mut self, connection: Connection) {
        self.connection = Some(connection);
        self.stalled = false;
    }

    /// Wakes its task.
    pub fn wake(&self) {
        if let Some(waker) = &self.waker {
            waker.wake_by_ref();
        }
    }

    /// Whether it reads and is still connected.
    pub fn listens(&self) -> bool {
        !self.stalled && self.broken.is_none()
    }

    /// Posts one message now, made at `at` nanoseconds, regardless of the window.
    pub fn post_now(&mut self, stage: &Stage, at: u64) {
        let (Some(connection), Some(poster)) = (&mut self.connection, &mut self.poster) else {
            return;
        };
        poster.post(connection, stage, &self.room, at);
        match connection.flush_now() {
            Ok(true) => {}
            // Its task continues when the socket accepts more, or notices the end.
            Ok(false) | Err(_) => self.wake(),
        }
    }

    /// Posts and reads as far as possible without waiting. Ready when the connection has ended.
    pub fn poll(&mut self, stage: &Stage, context: &mut Context<'_>) -> Poll<()> {
        if self.waker.as_ref().is_none_or(|waker| !waker.will_wake(context.waker())) {
            self.waker = Some(context.waker().clone());
        }
        loop {
            match self.turn(stage, context) {
                Poll::Pending => return Poll::Pending,
                // A reader with a large backlog yields to the others.
                Poll::Ready(Ok(true)) => {
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Poll::Ready(Ok(false)) => {}
                Poll::Ready(Err(error)) => {
                    self.broken = Some(error.into());
                    return Poll::Ready(());
                }
            }
        }
    }

    fn turn(&mut self, stage: &Stage, context: &mut Context<'_>) -> Poll<Result<bool>> {
        let Some(mut connection) = self.connection.take() else {
            return Poll::Pending;
        };
        if stage.open.get()
            && let Some(poster) = &mut self.poster
            && let Some(wait) = poster.fill(&mut connection, stage, &self.room)
        {
            self.pause(wait, context);
        }
        let mut now = None;
        let mut questions: Vec<&'static [u8]> = Vec::new();
        let read = if self.stalled {
            connection.poll_send(context).map_ok(|()| false)
        } else {
            connection.poll(context, &mut |message: &[u8]| {
                let now = *now.get_or_insert_with(|| stage.now());
                if let Heard::Question(answer) = self.hear(message, stage, now)? {
                    questions.push(answer);
                }
                Ok(true)
            })
        };
        for answer in questions {
            connection.queue(answer);
        }
        self.connection = Some(connection);
        if self.stalled && read.is_ready() {
            return Poll::Pending;
        }
        read
    }

    fn pause(&mut self, wait: Duration, context: &mut Context<'_>) {
        let mut pause = Box::pin(sleep(wait));
        // A wait that is over already only costs another poll.
        if pause.as_mut().poll(context).is_ready() {
            context.waker().wake_by_ref();
        }
        self.pause = Some(pause);
    }

    #[inline]
    fn hear<'a>(&mut self, message: &'a [u8], stage: &Stage, now: u64) -> Result<Heard<'a>> {
        let heard = stage.dialect.read(message, &mut self.hints);
        match heard {
            Heard::Delivery(delivery) => {
                stage.delivered_bytes.set(stage.delivered_bytes.get() + message.len() as u64 + 4);
                self.delivery(delivery, message, stage, now);
            }
            Heard::Ack { number, seq } => {
                stage.last.set(now);
                if let Some(poster) = &mut self.poster {
                    poster.receipts.acknowledged(number, seq);
                }
            }
            Heard::Refusal(answer) => {
                if let Some(poster) = &mut self.poster {
                    poster.refuse(answer)?;
                }
            }
            Heard::Missed(page) => {
                for (key, seq) in payload::messages(page) {
                    self.delivery(Delivery { key, seq }, page, stage, now);
                }
                if payload::is_last_page(page) {
                    self.caught_up_at.get_or_insert(now);
                }
            }
            Heard::Welcome { resumed } => self.resumed = resumed,
            Heard::Question(_) | Heard::Other => {}
        }
        Ok(heard)
    }

    /// Handles a delivery that came in `frame`.
    #[inline]
    fn delivery(&mut self, delivery: Delivery, frame: &[u8], stage: &Stage, now: u64) {
        if self.ledger.enter(delivery) != Entry::New {
            return;
        }
        stage.deliveries.set(stage.deliveries.get() + 1);
        stage.last.set(now);
        let Some(key) = delivery.key else { return };
        self.newest = Some(key);
        self.garbled += u64::from(self.proofreads && !stage.is_verbatim(frame, &self.room, key));
        stage.delivered(key, now);
        if let Some(poster) = &mut self.poster
            && key.sender == poster.sender
        {
            poster.settled += 1;
            if let Some(seq) = delivery.seq {
                poster.receipts.echoed(key.number, seq);
            }
        }
    }
}
