//! One connection, from the upgrade to its end: a reader and a drain, in one small task.

use std::collections::VecDeque;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use shared::{CloseCode, Failure, Request, ServerFrame};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout};

use super::admission::{Permit, Place};
use super::codec::{Decoder, Incoming, Violation};
use super::dispatch;
use super::transport::{TcpTransport, linger, try_read};
use crate::chat::{Chat, ConnectionRates, Session};
use crate::error::Error;
use crate::hub::outbox::{Flushed, Kind, Outbox};
use crate::hub::{Link, wall_clock, wire};

/// `auth` must come within this time.
const AUTH_WITHIN: Duration = Duration::from_secs(10);
/// A socket that takes nothing for this long is given up.
const WRITE_WITHIN: Duration = Duration::from_secs(30);
/// Refused frames within [`VIOLATIONS_WITHIN`] after which the connection is closed.
const VIOLATIONS: u32 = 200;
/// In milliseconds.
const VIOLATIONS_WITHIN: u64 = 10_000;

/// Said on a stop to those who have not signed in.
const STOPPING: &str = "retry_after_ms=1000";

/// Serves a connection until it ends. `early` are bytes that came with the handshake.
pub(super) async fn run(chat: Arc<Chat>, stream: TcpStream, early: Vec<u8>, permit: Permit) {
    let stream = Arc::new(stream);
    let link = Arc::new(Link::new(Outbox::new(Box::new(TcpTransport(stream.clone()))), chat.now()));
    let drained = Notify::new();
    {
        let drain = pin!(async {
            drain(&link, &stream).await;
            drained.notify_one();
        });
        let reader = Reader {
            rates: chat.connection_rates(),
            chat,
            stream: &stream,
            link: &link,
            permit: &permit,
            drained: &drained,
            decoder: Decoder::default(),
            incoming: VecDeque::new(),
            session: None,
            violations: (0, 0),
        };
        tokio::join!(reader.run(early), drain);
    }
    linger(&stream).await;
}

/// There are too many connections: a browser learns so from the close code, not from an HTTP status.
pub(super) async fn turn_away(stream: TcpStream, place: Place) {
    // A fresh socket takes these few bytes; if not, the peer sees the end all the same.
    let _ = stream.try_write(&wire::close(CloseCode::TooManyConnections, "too many connections"));
    match &place {
        Place::Regular(_) => linger(&stream).await,
        Place::Spare(spare) => drop(spare.leave.run_until_cancelled(linger(&stream)).await),
    }
}

/// Goes on writing when the socket was full, until the connection is closed.
async fn drain(link: &Link, stream: &TcpStream) {
    loop {
        link.outbox.attention().await;
        loop {
            match link.outbox.resume() {
                Flushed::Empty => break,
                Flushed::Finished => return,
                Flushed::Blocked => match timeout(WRITE_WITHIN, stream.writable()).await {
                    Ok(Ok(())) => {}
                    Ok(Err(_)) | Err(_) => {
                        link.outbox.break_off();
                        return;
                    }
                },
            }
        }
    }
}

/// When a room that came with signing in may be tried; never, if none waits.
async fn arrival(at: Option<Instant>) {
    match at {
        Some(at) => Box::pin(sleep_until(at)).await,
        None => std::future::pending().await,
    }
}

struct Reader<'a> {
    chat: Arc<Chat>,
    stream: &'a TcpStream,
    link: &'a Arc<Link>,
    permit: &'a Permit,
    drained: &'a Notify,
    rates: ConnectionRates,
    decoder: Decoder,
    incoming: VecDeque<Incoming>,
    session: Option<Session>,
    /// How many frames were refused for their rate, and since when.
    violations: (u32, u64),
}

impl Reader<'_> {
    async fn run(mut self, mut early: Vec<u8>) {
        let deadline = Instant::now() + AUTH_WITHIN;
        let mut fed = self.decoder.feed(&mut early, &mut self.incoming);
        drop(early);
        loop {
            if !self.incoming.is_empty() {
                self.link.stop_listening();
                while let Some(incoming) = self.incoming.pop_front() {
                    // Boxed, so that an idle connection does not keep room for the longest command.
                    if !Box::pin(self.handle(incoming)).await {
                        return;
                    }
                }
                self.incoming = VecDeque::new();
                self.link.hear(self.chat.now());
            }
            if let Err(Violation { code, reason }) = fed {
                self.link.outbox.close(code, reason);
                return;
            }
            let readable = async {
                tokio::select! {
                    biased;
                    () = self.drained.notified() => false,
                    ready = self.stream.readable() => ready.is_ok(),
                }
            };
            let readable = match &self.session {
                Some(session) => tokio::select! {
                    readable = readable => readable,
                    () = arrival(session.next_arrival()) => {
                        self.link.stop_listening();
                        Box::pin(session.arrive()).await;
                        self.link.hear(self.chat.now());
                        continue;
                    }
                },
                None => tokio::select! {
                    // First the deadline: a flood would always find something readable.
                    biased;
                    () = sleep_until(deadline) => {
                        self.link.outbox.close(CloseCode::AuthTimeout, "auth within 10 seconds");
                        return;
                    }
                    // The hub says goodbye only to those whom it knows.
                    () = self.chat.stopping() => {
                        self.link.outbox.close(CloseCode::GoingAway, STOPPING);
                        return;
                    }
                    readable = readable => readable,
                },
            };
            if !readable {
                self.link.outbox.break_off();
                return;
            }
            match try_read(self.stream, |bytes| self.decoder.feed(bytes, &mut self.incoming)) {
                Ok(Some(result)) => {
                    fed = result;
                    self.link.hear(self.chat.now());
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Ok(None) | Err(_) => {
                    self.link.outbox.break_off();
                    return;
                }
            }
        }
    }

    /// False: the connection is over.
    async fn handle(&mut self, incoming: Incoming) -> bool {
        // Whoever does not read the answers is not read from either.
        self.link.outbox.drained().await;
        if self.link.outbox.is_closing() {
            return true;
        }
        match incoming {
            Incoming::Pong => {}
            Incoming::Close(code) => {
                if let Some(session) =
                    self.session.as_mut().filter(|_| code == Some(CloseCode::Normal.code()))
                {
                    session.say_goodbye();
                }
                self.link.outbox.close(code.unwrap_or(CloseCode::Normal.into()), "");
                return false;
            }
            Incoming::Ping(payload) => {
                // Its answer is a pong, whatever the rate: without it the peer would take the line for dead.
                let rate = self.rates.frame();
                self.link.outbox.send(wire::pong(&payload), Kind::Answer);
                if let Err(error) = rate {
                    self.count(&error.into_failure());
                }
            }
            Incoming::Binary => {
                let not_text = || shared::Failure::new(shared::ErrorCode::NotText, "frames are text");
                self.refuse(self.rates.frame().map_or_else(Error::into_failure, |()| not_text()));
            }
            Incoming::Text(text) => self.text(&text).await,
        }
        true
    }

    async fn text(&mut self, text: &str) {
        let request = Request::parse(text);
        if let Err(error) = self.rates.frame() {
            let failure = match request {
                Ok(request) => dispatch::subject(&request.command).name(error.into_failure(), request.id),
                Err(Failure { id, client_message_id, .. }) => {
                    Failure { id, client_message_id, ..error.into_failure() }
                }
            };
            return self.refuse(failure);
        }
        let request = match request {
            Ok(request) => request,
            Err(failure) => return self.refuse(failure),
        };
        let (id, about) = (request.id.clone(), dispatch::subject(&request.command));
        let carried_out = match &self.session {
            Some(session) => dispatch::carry_out(session, &self.rates, request).await,
            None => match dispatch::sign_in(&self.chat, self.link, self.permit, request).await {
                Ok(session) => {
                    self.session = Some(session);
                    if self.chat.is_stopping() {
                        self.link.outbox.close(CloseCode::GoingAway, STOPPING);
                    }
                    Ok(())
                }
                Err(error) => Err(error),
            },
        };
        if let Err(error) = carried_out {
            let failure = match error {
                // Typing never answers with an error for its rate: the last state wins.
                Error::RateLimited { .. } if about.is_typing => return,
                error => error.into_failure(),
            };
            self.refuse(about.name(failure, id));
        }
    }

    fn refuse(&mut self, failure: shared::Failure) {
        self.count(&failure);
        self.link.answer(&ServerFrame::Error { failure, timestamp: wall_clock() });
    }

    /// Whoever goes on and on after being refused for the rate is closed; what is said after that is dropped.
    fn count(&mut self, failure: &shared::Failure) {
        if failure.code != shared::ErrorCode::RateLimited {
            return;
        }
        let now = self.chat.now();
        let (count, since) = self.violations;
        self.violations = if now < since + VIOLATIONS_WITHIN { (count + 1, since) } else { (1, now) };
        if self.violations.0 >= VIOLATIONS {
            let wait = failure.retry_after_ms.unwrap_or(1_000).max(1_000);
            self.link.outbox.close(CloseCode::RateLimited, &format!("retry_after_ms={wait}"));
        }
    }
}
