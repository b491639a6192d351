//! One connection, from the upgrade to its end: a reader and a writer in one small task.

use std::collections::VecDeque;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use shared::{CloseCode, Command, ErrorCode, Failure, Request, ServerFrame};
use tokio::io::Interest;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout};

use super::admission::{Permit, Slot};
use super::codec::{Decoder, Incoming, Violation};
use super::socket::{linger, try_read};
use crate::chat::{Chat, ConnectionRates, Session, dispatch};
use crate::delivery::outbox::Flushed;
use crate::delivery::{ConnectionHandle, Outbox, Priority, Socket, encode};
use crate::error::Error;
use crate::hub::wall_clock;

/// Time within which `auth` must arrive.
const AUTH_WITHIN: Duration = Duration::from_secs(10);
/// A socket that accepts nothing for this long is closed.
const WRITE_WITHIN: Duration = Duration::from_secs(30);
/// Rate-limited frames within [`VIOLATIONS_WITHIN`] after which the connection is closed.
const VIOLATIONS: u32 = 200;
/// In milliseconds.
const VIOLATIONS_WITHIN: u64 = 10_000;

/// Close reason on a stop for clients that have not signed in.
const STOPPING: &str = "retry_after_ms=1000";

/// Serves a connection until it ends. `early` holds bytes that arrived with the handshake.
pub(super) async fn run<S: Socket>(chat: Arc<Chat>, socket: S, early: Vec<u8>, permit: Permit) {
    let socket = Arc::new(socket);
    let handle =
        Arc::new(ConnectionHandle::new(Outbox::new(Box::new(socket.clone())), permit.client, chat.now()));
    let written = Notify::new();
    {
        let writer = pin!(async {
            write_on(&handle, &*socket).await;
            written.notify_one();
        });
        let mut reader = Reader {
            rates: chat.connection_rates(),
            chat,
            socket: &*socket,
            handle: &handle,
            permit: &permit,
            written: &written,
            decoder: Decoder::default(),
            incoming: VecDeque::new(),
            session: None,
            violations: (0, 0),
        };
        let reader = async {
            reader.run(early).await;
            // Leaves the hub at once, however long the writer still takes.
            reader.session = None;
        };
        tokio::join!(reader, writer);
    }
    linger(&*socket).await;
}

/// Refuses a connection because there are too many. Uses a close code, because a browser hides the HTTP status.
pub(super) async fn turn_away<S: Socket>(socket: S, slot: Slot) {
    // A new socket accepts these few bytes; otherwise the peer still sees the end of the stream.
    let _ = socket.try_write(&encode::close(CloseCode::TooManyConnections, "too many connections"));
    match &slot {
        Slot::Regular(_) => linger(&socket).await,
        Slot::Spare(spare) => drop(spare.leave.run_until_cancelled(linger(&socket)).await),
    }
}

/// Resumes writing whenever the socket was full, until the connection is closed.
async fn write_on(handle: &ConnectionHandle, socket: &impl Socket) {
    loop {
        handle.outbox.attention().await;
        loop {
            match handle.outbox.resume() {
                Flushed::Empty => break,
                Flushed::Finished => return,
                Flushed::Blocked => match timeout(WRITE_WITHIN, socket.ready(Interest::WRITABLE)).await {
                    Ok(Ok(())) => {}
                    Ok(Err(_)) | Err(_) => {
                        handle.outbox.break_off();
                        return;
                    }
                },
            }
        }
    }
}

/// What a reader has to do next.
enum Wake {
    Readable,
    /// The connection is over.
    Ended,
    /// A room of the sign-in may be joined by now.
    DeferredJoin,
    /// The access token has expired.
    TokenExpired,
    AuthTimeout,
    Stopping,
}

async fn or_never<T>(future: Option<impl Future<Output = T>>) -> T {
    match future {
        Some(future) => future.await,
        None => std::future::pending().await,
    }
}

struct Reader<'a, S> {
    chat: Arc<Chat>,
    socket: &'a S,
    handle: &'a Arc<ConnectionHandle>,
    permit: &'a Permit,
    /// Notified when the writer has finished: nothing more will be written.
    written: &'a Notify,
    rates: ConnectionRates,
    decoder: Decoder,
    incoming: VecDeque<Incoming>,
    session: Option<Session>,
    /// Number of rate-limited frames, and the start of the window in milliseconds.
    violations: (u32, u64),
}

impl<S: Socket> Reader<'_, S> {
    async fn run(&mut self, mut early: Vec<u8>) {
        let deadline = Instant::now() + AUTH_WITHIN;
        let mut fed = self.decoder.feed(&mut early, &mut self.incoming);
        drop(early);
        loop {
            if !self.incoming.is_empty() {
                self.handle.pause_silence();
                while let Some(incoming) = self.incoming.pop_front() {
                    // Boxed, so that an idle connection does not reserve memory for the largest command.
                    if !Box::pin(self.process(incoming)).await {
                        return;
                    }
                }
                self.incoming = VecDeque::new();
                self.handle.set_heard(self.chat.now());
            }
            if let Err(Violation { code, reason }) = fed {
                self.handle.outbox.close(code, reason);
                return;
            }
            match self.wake(deadline).await {
                Wake::Readable => {}
                Wake::Ended => {
                    self.handle.outbox.break_off();
                    return;
                }
                Wake::DeferredJoin => {
                    if let Some(session) = &self.session {
                        self.handle.pause_silence();
                        Box::pin(session.join_deferred()).await;
                        self.handle.set_heard(self.chat.now());
                    }
                    // Many deferred joins do not keep the connection from being read.
                }
                Wake::TokenExpired => {
                    self.handle.outbox.close(CloseCode::TokenExpired, "refresh the token and come back");
                    return;
                }
                Wake::AuthTimeout => {
                    self.handle.outbox.close(CloseCode::AuthTimeout, "auth within 10 seconds");
                    return;
                }
                // The hub closes only the connections that it knows.
                Wake::Stopping => {
                    self.handle.outbox.close(CloseCode::GoingAway, STOPPING);
                    return;
                }
            }
            match try_read(self.socket, |bytes| self.decoder.feed(bytes, &mut self.incoming)) {
                Ok(Some(result)) => {
                    fed = result;
                    self.handle.set_heard(self.chat.now());
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Ok(None) | Err(_) => {
                    self.handle.outbox.break_off();
                    return;
                }
            }
        }
    }

    /// Waits for something to do. Everything but reading is boxed: most connections wait for nothing else, and their futures
    /// stay small.
    async fn wake(&self, auth_deadline: Instant) -> Wake {
        let timed: Option<Pin<Box<dyn Future<Output = Wake> + Send + '_>>> = match &self.session {
            Some(session) => {
                let join = session.next_deferred_join().map(|at| (at, Wake::DeferredJoin));
                let expiry = session.expires_at().map(|at| (at, Wake::TokenExpired));
                join.into_iter().chain(expiry).min_by_key(|(at, _)| *at).map(|(at, wake)| {
                    let due: Pin<Box<dyn Future<Output = Wake> + Send + '_>> = Box::pin(async move {
                        sleep_until(at).await;
                        wake
                    });
                    due
                })
            }
            None => Some(Box::pin(async {
                tokio::select! {
                    biased;
                    () = sleep_until(auth_deadline) => Wake::AuthTimeout,
                    () = self.chat.stopping() => Wake::Stopping,
                }
            })),
        };
        tokio::select! {
            // Time comes first: with a flood, the socket would always be readable.
            biased;
            wake = or_never(timed) => wake,
            () = self.written.notified() => Wake::Ended,
            ready = self.socket.ready(Interest::READABLE) => {
                if ready.is_ok() { Wake::Readable } else { Wake::Ended }
            }
        }
    }

    /// Processes one message. Returns false when the connection is over.
    async fn process(&mut self, incoming: Incoming) -> bool {
        // Backpressure: stop reading from a client that does not read its answers.
        self.handle.outbox.has_room().await;
        if self.handle.outbox.is_closing() {
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
                self.handle.outbox.close(code.unwrap_or(CloseCode::Normal.into()), "");
                return false;
            }
            Incoming::Ping(payload) => {
                // Always answer with a pong, even above the rate limit: otherwise the peer would assume a dead
                // connection.
                let rate = self.rates.frame();
                self.handle.outbox.send(encode::pong(&payload), Priority::Answer);
                if let Err(error) = rate {
                    self.count(&error.into_failure());
                }
            }
            Incoming::Binary => {
                let not_text = || shared::Failure::new(ErrorCode::NotText, "frames are text");
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
            Some(session) => session.carry_out(&self.rates, request).await,
            None => match self.sign_in(request).await {
                Ok(session) => {
                    self.session = Some(session);
                    if self.chat.is_stopping() {
                        self.handle.outbox.close(CloseCode::GoingAway, STOPPING);
                    }
                    Ok(())
                }
                Err(error) => Err(error),
            },
        };
        if let Err(error) = carried_out {
            let failure = match error {
                // Typing above the rate limit gets no error: the last state wins.
                Error::RateLimited { .. } if about.is_typing => return,
                error => error.into_failure(),
            };
            let is_banned = failure.code == ErrorCode::Banned && self.session.is_none();
            self.refuse(about.name(failure, id));
            if is_banned {
                self.handle.outbox.close(CloseCode::Removed, "banned from this server");
            }
        }
    }

    /// Signs in; the first command must be `auth`.
    async fn sign_in(&self, request: Request) -> Result<Session, Error> {
        let Command::Auth(auth) = request.command else {
            let message = "the first frame must be \"auth\"";
            return Err(Failure::new(ErrorCode::NotAuthenticated, message).into());
        };
        self.permit.sign_in()?;
        Session::sign_in(&self.chat, self.handle, auth, request.id).await
    }

    fn refuse(&mut self, failure: shared::Failure) {
        self.chat.metrics().told(failure.code);
        self.count(&failure);
        self.handle.answer(&ServerFrame::Error { failure, timestamp: wall_clock() });
    }

    /// Counts a rate-limited frame. Closes the connection after too many; later frames are dropped.
    fn count(&mut self, failure: &shared::Failure) {
        if failure.code != ErrorCode::RateLimited {
            return;
        }
        let now = self.chat.now();
        let (count, since) = self.violations;
        self.violations = if now < since + VIOLATIONS_WITHIN { (count + 1, since) } else { (1, now) };
        if self.violations.0 >= VIOLATIONS {
            let wait = failure.retry_after_ms.unwrap_or(1_000).max(1_000);
            self.handle.outbox.close(CloseCode::RateLimited, &format!("retry_after_ms={wait}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::sync::Mutex;

    use super::super::admission::Admission;
    use super::*;
    use crate::accounts::Rules;
    use crate::chat::{Policy, Ports};
    use crate::critical_tasks::CriticalTasks;
    use crate::relay::LocalRelay;
    use crate::store::sqlite::SqliteStore;

    fn size<A, B, C, D, F: Future>(_: impl FnOnce(A, B, C, D) -> F) -> usize {
        size_of::<F>()
    }

    /// Most of what an idle connection costs: a future grows unnoticed with each value kept across an await.
    #[test]
    fn the_task_of_a_connection_is_small() {
        let bytes = size(run::<tokio::net::TcpStream>);
        assert!(bytes <= 1_608, "{bytes} bytes");
    }

    /// A socket that takes nothing, and what its peer says.
    #[derive(Default)]
    struct Stuck {
        said: Mutex<Vec<u8>>,
        more: Notify,
    }

    impl Socket for Arc<Stuck> {
        fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
            let said = std::mem::take(&mut *self.said.lock().unwrap());
            buffer[..said.len()].copy_from_slice(&said);
            if said.is_empty() { Err(io::ErrorKind::WouldBlock.into()) } else { Ok(said.len()) }
        }

        fn try_write(&self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::WouldBlock.into())
        }

        async fn ready(&self, interest: Interest) -> io::Result<()> {
            if interest.is_writable() {
                std::future::pending::<()>().await;
            }
            self.more.notified().await;
            Ok(())
        }

        fn close(&self) {}
    }

    impl Stuck {
        /// The peer sends a short frame, masked with zeros.
        fn say(&self, opcode: u8, payload: &[u8]) {
            let header = [0x80 | opcode, 0x80 | payload.len() as u8, 0, 0, 0, 0];
            self.said.lock().unwrap().extend([&header, payload].concat());
            self.more.notify_one();
        }
    }

    #[tokio::test]
    async fn who_says_goodbye_and_reads_nothing_leaves_the_hub_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(folder.path()).await.unwrap());
        let (accounts, search) = (store.clone(), store.clone());
        let ports = Ports {
            store,
            accounts,
            search,
            relay: Arc::new(LocalRelay),
            mailer: None,
            metrics: Arc::default(),
        };
        let entrance = Rules { is_local: true, ..Rules::default() };
        let policy = Policy { entrance, ..Policy::default() };
        let chat = Chat::start(ports, policy, &CriticalTasks::default()).await.unwrap();
        let admission = Arc::new(Admission::new(10, false));
        let Slot::Regular(permit) = admission.admit(Some(Ipv4Addr::LOCALHOST.into())) else {
            panic!("there is a regular slot");
        };
        let socket = Arc::new(Stuck::default());
        let connection = tokio::spawn(run(chat.clone(), socket.clone(), Vec::new(), permit));
        let users = async |wanted| {
            let become_so = async {
                while chat.statistics().await.unwrap().users != wanted {
                    tokio::task::yield_now().await;
                }
            };
            // Less than the writer waits for the socket.
            timeout(WRITE_WITHIN / 3, become_so).await.unwrap_or_else(|_| panic!("{wanted} users"));
        };
        socket.say(1, br#"{"type":"auth","username":"Bob","protocol":1}"#);
        users(1).await;
        socket.say(8, &[3, 0xE8]);
        users(0).await;
        assert!(!connection.is_finished(), "the welcome still waits for the socket");
        connection.abort();
    }
}
