//! One connection of a device, from open to close.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use shared::{Command, Request, ServerFrame};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::{WebSocketStream, client_async};

use super::State;
use super::act::Wish;
use crate::person::{Person, Session};
use crate::world::{Phase, World, lock};

/// Timeout of the TCP connect and the WebSocket handshake.
const OPENS_WITHIN: Duration = Duration::from_secs(5);
/// Write timeout, after which the connection counts as dead.
const TAKES_WITHIN: Duration = Duration::from_secs(5);
/// Idle time after which the device sends a ping.
const QUIET: Duration = Duration::from_secs(3);
/// Idle timeout, after which the connection counts as dead.
const DEAD: Duration = Duration::from_secs(7);
/// Close code of a page that is closed or reloaded.
const GOING_AWAY: u16 = 1001;

/// How a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Lost: reconnect after the back-off.
    Lost,
    /// The device sleeps for this long.
    Away(Duration),
}

/// One connection of a device.
pub struct Line<'a> {
    world: &'a World,
    state: &'a Mutex<State>,
    socket: WebSocketStream<TcpStream>,
    heard: Instant,
}

impl<'a> Line<'a> {
    /// Connects and sends `auth`.
    pub async fn open(
        world: &'a Arc<World>,
        person: &Arc<Person>,
        state: &'a Mutex<State>,
        network: SocketAddr,
        first: bool,
        token: Option<String>,
    ) -> Result<Self, End> {
        let session: Option<Session> = match &token {
            Some(_) => None,
            None => person.session(first).await,
        };
        let opening = async {
            let stream = TcpStream::connect(network).await.ok()?;
            stream.set_nodelay(true).ok()?;
            let (socket, _) = client_async(format!("ws://{network}/ws"), stream).await.ok()?;
            Some(socket)
        };
        let socket = timeout(OPENS_WITHIN, opening).await.ok().flatten().ok_or(End::Lost)?;
        world.numbers.connections.add();
        let mut line = Self { world, state, socket, heard: Instant::now() };
        let auth = lock(state).auth(session, token);
        line.send(vec![Request { id: None, command: Command::Auth(auth) }]).await?;
        Ok(line)
    }

    /// Receives frames and sends requests until the connection ends.
    pub async fn converse(mut self, poke: &Notify) -> End {
        let mut look = interval(QUIET);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut phase = self.world.phase.subscribe();
        loop {
            let (act_at, may_act) = {
                let state = lock(self.state);
                (state.act_at(), self.world.is_storm() && state.was_welcomed())
            };
            let went = tokio::select! {
                message = self.socket.next() => match message {
                    Some(Ok(message)) => self.take_in(&message),
                    Some(Err(_)) | None => Err(End::Lost),
                },
                () = sleep_until(act_at), if may_act => {
                    lock(self.state).act();
                    Ok(())
                }
                () = poke.notified() => Ok(()),
                _ = look.tick() => self.check().await,
                changed = phase.changed() => {
                    if changed.is_err() || *phase.borrow() == Phase::End { Err(End::Lost) } else { Ok(()) }
                }
            };
            if let Err(end) = went {
                return end;
            }
            let (requests, wish) = {
                let mut state = lock(self.state);
                state.look();
                (state.take_requests(), state.take_wish())
            };
            if let Err(end) = self.send(requests).await {
                return end;
            }
            if let Some(wish) = wish {
                return self.leave(wish).await;
            }
        }
    }

    fn take_in(&mut self, message: &Message) -> Result<(), End> {
        self.heard = Instant::now();
        let text = match message {
            Message::Text(text) => text,
            Message::Close(_) => return Err(End::Lost),
            _ => return Ok(()),
        };
        match serde_json::from_str::<ServerFrame>(text) {
            Ok(frame) => lock(self.state).receive(frame),
            Err(error) => {
                self.world.complaints.add(format!("a frame that cannot be read: {error}: {text}"));
                Err(End::Lost)
            }
        }
    }

    async fn check(&mut self) -> Result<(), End> {
        let quiet = self.heard.elapsed();
        if quiet >= DEAD {
            return Err(End::Lost);
        }
        if quiet >= QUIET {
            return self.send(vec![Request { id: None, command: Command::Ping }]).await;
        }
        Ok(())
    }

    async fn send(&mut self, requests: Vec<Request>) -> Result<(), End> {
        let sending = async {
            for request in requests {
                let text = serde_json::to_string(&request).ok()?;
                self.socket.feed(Message::text(text)).await.ok()?;
            }
            self.socket.flush().await.ok()
        };
        timeout(TAKES_WITHIN, sending).await.ok().flatten().ok_or(End::Lost)
    }

    async fn leave(mut self, wish: Wish) -> End {
        let (end, wish) = match wish {
            Wish::Sleep(time) => (End::Away(time), Wish::Drop),
            other => (End::Lost, other),
        };
        match wish {
            Wish::Close => {
                let frame = CloseFrame { code: GOING_AWAY.into(), reason: "".into() };
                // The connection may be gone already.
                let _ = timeout(TAKES_WITHIN, self.socket.close(Some(frame))).await;
            }
            Wish::Reset => {
                // Likewise.
                let _ = self.socket.get_ref().set_zero_linger();
            }
            Wish::Drop | Wish::Sleep(_) => {}
        }
        end
    }
}
