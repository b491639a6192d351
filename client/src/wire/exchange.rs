//! One connection from opening to its end.

use std::time::Duration;

use futures_channel::mpsc::UnboundedReceiver;
use futures_util::future::{Either, poll_fn, select};
use futures_util::{FutureExt, SinkExt, StreamExt};
use gloo_net::websocket::futures::WebSocket;
use gloo_net::websocket::{Message, State, WebSocketError};
use gloo_timers::future::{TimeoutFuture, sleep};
use leptos::task::spawn_local;
use shared::{Auth, CloseCode, Command, Request, ServerFrame, Timestamp};

use super::backoff::{Backoff, retry_hint};
use super::connect_check::{self, unless_ordered};
use super::credentials::{Credentials, NoToken};
use super::final_code;
use crate::browser::{location, screen};
use crate::core::connection::Stop;
use crate::core::{Order, Store, now};

/// Interval of the liveness check.
const LOOK: Duration = Duration::from_secs(5);
/// A connection without a frame for this long is pinged, in milliseconds.
const QUIET: i64 = 15_000;
/// A connection that does not answer a ping within this time is dead, in milliseconds.
const ANSWERS_WITHIN: i64 = 8_000;
/// The same when the user is waiting, e.g. after the computer resumed, in milliseconds.
const ANSWERS_SOON: i64 = 3_000;
/// Timeout for opening and signing in, in milliseconds.
const WELCOMES_WITHIN: i64 = 12_000;
/// An attempt younger than this, in milliseconds, is not restarted on a wake: a new one would be no better.
const FRESH: i64 = 1_000;
/// A token that could not be renewed is tried again after this time, in milliseconds.
const RENEWS_AGAIN_AFTER: i64 = 20_000;

/// How a connection ended.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    /// The user signed out.
    SignedOut,
    /// Nobody is signed in any more.
    SessionEnded,
    /// The server does not want this page to reconnect automatically.
    Stopped(Stop),
    /// The user does not want to wait any longer for the server to answer.
    Again,
    /// The connection broke, or the server asked to reconnect after `retry_after`.
    Lost {
        /// The server's hint, in milliseconds.
        retry_after: Option<u64>,
        /// The WebSocket could not be opened, although the server is up and would accept this page.
        barred: bool,
    },
}

pub const LOST: End = End::Lost { retry_after: None, barred: false };

/// Opens a connection, signs in, and passes frames and orders on until it ends.
pub async fn converse(
    store: &Store,
    credentials: Credentials,
    orders: &mut UnboundedReceiver<Order>,
    backoff: &mut Backoff,
) -> End {
    let is_account = store.is_account_untracked();
    let mut token = None;
    if is_account {
        match unless_ordered(orders, credentials.token()).await {
            Ok(Ok(fresh)) => token = Some(fresh),
            Ok(Err(NoToken::SignedOut)) => return End::SessionEnded,
            Ok(Err(NoToken::NotNow(retry_after))) => return End::Lost { retry_after, barred: false },
            Err(end) => return end,
        }
    }
    let Ok(socket) = WebSocket::open(&location::socket_url()) else { return LOST };
    let auth = store.auth(token);
    if let Some(end) = leave_behind(orders) {
        return end;
    }
    let began = now();
    let mut line = Line {
        socket,
        began,
        heard: began,
        deadline: None,
        welcomed: None,
        watch: sleep(LOOK),
        ending: None,
        renew_at: is_account.then(|| credentials.renew_at()).flatten(),
    };
    line.expect_within(WELCOMES_WITHIN);
    match line.opens(orders).await {
        Some(LOST) => {
            drop(line);
            return connect_check::find(orders).await;
        }
        Some(end) => return end,
        None => {}
    }
    line.send(Request { id: None, command: Command::Auth(auth) }).await;
    loop {
        let end = match line.next(orders).await {
            Input::Frame(text) => {
                line.take_in(store, &text);
                while let Some(text) = line.arrived() {
                    line.take_in(store, &text);
                }
                // Lets the page paint; frames that arrive meanwhile are handled in one go, so that a busy room costs no
                // more paints than the page can do. A hidden page is not painted, and its timers are throttled.
                if screen::is_visible() {
                    TimeoutFuture::new(0).await;
                }
                None
            }
            Input::Order(Order::Send(request)) => {
                line.send(request).await;
                None
            }
            Input::Order(Order::Renew(token)) => {
                line.renew_at = credentials.renew_at();
                let auth = Auth { token: Some(token), ..Auth::default() };
                line.send(Request { id: None, command: Command::Auth(auth) }).await;
                None
            }
            Input::Order(Order::Wake) if line.is_slow_to_begin() => Some(End::Again),
            Input::Order(Order::Wake) => {
                line.ask_for_life(ANSWERS_SOON).await;
                None
            }
            Input::Order(Order::SignOut) => Some(End::SignedOut),
            Input::Look => {
                if line.is_to_renew() {
                    renew(*store, credentials);
                }
                (!line.is_alive().await).then_some(LOST)
            }
            Input::End(end) => Some(end),
        };
        if let Some(end) = end {
            if let Some(welcomed) = line.welcomed {
                backoff.lasted(now().millis() - welcomed.millis());
            }
            let code = matches!(end, End::SignedOut).then_some(CloseCode::Normal.code());
            // It may be closed already.
            let _ = line.socket.close(code, None);
            return end;
        }
    }
}

enum Input {
    Frame(String),
    Order(Order),
    Look,
    End(End),
}

struct Line {
    socket: WebSocket,
    began: Timestamp,
    heard: Timestamp,
    /// When the next frame is due.
    deadline: Option<Timestamp>,
    welcomed: Option<Timestamp>,
    watch: TimeoutFuture,
    /// How the connection ended, found while draining frames.
    ending: Option<End>,
    /// When the connection needs another access token to go on.
    renew_at: Option<Timestamp>,
}

/// Gets a token and orders to prolong the connection with it. If that fails now, it is tried again.
fn renew(store: Store, credentials: Credentials) {
    spawn_local(async move {
        if let Ok(token) = credentials.token().await {
            store.renew(token);
        }
    });
}

impl Line {
    /// Waits until the connection is open. Otherwise returns how the attempt ended.
    async fn opens(&mut self, orders: &mut UnboundedReceiver<Order>) -> Option<End> {
        let mut limit = sleep(Duration::from_millis(WELCOMES_WITHIN as u64));
        loop {
            let ready = poll_fn(|context| self.socket.poll_ready_unpin(context));
            let first = match select(orders.next(), select(ready, &mut limit)).await {
                Either::Left((order, _)) => Either::Left(order),
                Either::Right((Either::Left((opened, _)), _)) => Either::Right(opened.is_ok()),
                Either::Right((Either::Right(_), _)) => Either::Right(false),
            };
            match first {
                Either::Left(Some(Order::SignOut)) => return Some(End::SignedOut),
                Either::Left(Some(Order::Wake)) if self.is_slow_to_begin() => return Some(End::Again),
                // Requests of an earlier connection.
                Either::Left(Some(_)) => {}
                Either::Right(true) if self.is_open() => return None,
                Either::Left(None) | Either::Right(_) => return Some(LOST),
            }
        }
    }

    /// Whether the server had enough time to answer and did not.
    fn is_slow_to_begin(&self) -> bool {
        self.welcomed.is_none() && now().millis() - self.began.millis() >= FRESH
    }

    /// Whether a new token is needed now; true once in a while.
    fn is_to_renew(&mut self) -> bool {
        let is_due = self.welcomed.is_some() && self.renew_at.is_some_and(|at| at <= now());
        if is_due {
            self.renew_at = Some(Timestamp::from_millis(now().millis() + RENEWS_AGAIN_AFTER));
        }
        is_due
    }

    fn is_open(&self) -> bool {
        matches!(self.socket.state(), State::Open)
    }

    /// Waits for the next input. Orders come before frames, so that a sign-out is not overtaken by a welcome.
    async fn next(&mut self, orders: &mut UnboundedReceiver<Order>) -> Input {
        if let Some(end) = self.ending.take() {
            return Input::End(end);
        }
        let frame_or_look = select(self.socket.next(), &mut self.watch);
        match select(orders.next(), frame_or_look).await {
            Either::Left((order, _)) => order.map_or(Input::End(LOST), Input::Order),
            Either::Right((Either::Left((message, _)), _)) => match message {
                Some(Ok(Message::Text(text))) => Input::Frame(text),
                Some(Ok(Message::Bytes(_))) => Input::Frame(String::new()),
                Some(Err(error)) => Input::End(end_of(&error)),
                None => Input::End(LOST),
            },
            Either::Right((Either::Right(((), _)), _)) => {
                self.watch = sleep(LOOK);
                Input::Look
            }
        }
    }

    /// Returns a frame that has already arrived.
    fn arrived(&mut self) -> Option<String> {
        if self.ending.is_some() {
            return None;
        }
        match self.socket.next().now_or_never()? {
            Some(Ok(Message::Text(text))) => Some(text),
            Some(Ok(Message::Bytes(_))) => Some(String::new()),
            Some(Err(error)) => {
                self.ending = Some(end_of(&error));
                None
            }
            None => {
                self.ending = Some(LOST);
                None
            }
        }
    }

    fn take_in(&mut self, store: &Store, text: &str) {
        if let Ok(frame) = serde_json::from_str::<ServerFrame>(text) {
            self.note(&frame);
            if let ServerFrame::Error { failure, .. } = &frame
                && self.welcomed.is_none()
            {
                self.ending = Some(if failure.code.retryable() {
                    End::Lost { retry_after: failure.retry_after_ms, barred: false }
                } else {
                    End::Stopped(Stop::Refused(failure.code))
                });
                return;
            }
            store.receive(frame);
        }
    }

    /// Records the time of the frame, and whether it completes the sign-in.
    fn note(&mut self, frame: &ServerFrame) {
        self.heard = now();
        let welcome = matches!(frame, ServerFrame::Welcome(_));
        if welcome {
            self.welcomed = Some(self.heard);
        }
        if self.welcomed.is_some() {
            self.deadline = None;
        }
    }

    /// Sends a request. Only its answer confirms that it arrived.
    async fn send(&mut self, request: Request) {
        // Data written to a closed socket is lost; its end is the next input.
        if let Ok(text) = serde_json::to_string(&request)
            && self.is_open()
        {
            // If this fails, the next liveness check finds the connection dead.
            let _ = self.socket.send(Message::Text(text)).await;
        }
    }

    /// Pings the server, unless an answer is due already.
    async fn ask_for_life(&mut self, within: i64) {
        if self.deadline.is_none() {
            self.expect_within(within);
            self.send(Request { id: None, command: Command::Ping }).await;
        }
    }

    /// Whether the connection is alive, as far as can be told without waiting.
    async fn is_alive(&mut self) -> bool {
        let now = now();
        if let Some(deadline) = self.deadline {
            return now < deadline;
        }
        if now.millis() - self.heard.millis() >= QUIET {
            self.ask_for_life(ANSWERS_WITHIN).await;
        }
        true
    }

    fn expect_within(&mut self, millis: i64) {
        self.deadline = Some(Timestamp::from_millis(now().millis() + millis));
        // The next check runs right after the deadline.
        self.watch = sleep(LOOK.min(Duration::from_millis(millis as u64 + 50)));
    }
}

/// Discards requests of an earlier connection: whatever must not be lost is in the outbox.
fn leave_behind(orders: &mut UnboundedReceiver<Order>) -> Option<End> {
    while let Ok(order) = orders.try_recv() {
        if order == Order::SignOut {
            return Some(End::SignedOut);
        }
    }
    None
}

fn end_of(error: &WebSocketError) -> End {
    match error {
        WebSocketError::ConnectionClose(close) => match final_code(close.code) {
            Some(code) => End::Stopped(Stop::Closed(code)),
            None => End::Lost { retry_after: retry_hint(&close.reason), barred: false },
        },
        _ => LOST,
    }
}
