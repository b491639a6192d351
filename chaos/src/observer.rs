//! An account that is invited to every private room, and that joins at the end, without faults, and reads everything.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use futures_util::{SinkExt, StreamExt};
use shared::frame::PROTOCOL;
use shared::limits::HISTORY_EVENTS;
use shared::{
    Auth, Command, History, Position, Request, RequestId, RoomAddress, RoomLog, Seq, ServerFrame, UserId,
};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::device::Login;

/// The name of the account.
pub const NAME: &str = "Observer";
pub const PASSWORD: &str = "the password of the observer";

const ANSWERS_WITHIN: Duration = Duration::from_secs(30);

/// A client that reads everything at the end of a run.
pub struct Observer {
    socket: WebSocketStream<TcpStream>,
    next_id: u64,
    user: UserId,
    joined: BTreeSet<RoomAddress>,
}

impl Observer {
    /// Connects directly to the server and joins `rooms`.
    pub async fn enter(server: SocketAddr, rooms: &[RoomAddress]) -> Result<Self> {
        let token =
            Login::new(server, server).sign_in_as(NAME, PASSWORD).await.context("the observer may not in")?;
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        let (socket, _) = client_async(format!("ws://{server}/ws"), stream).await?;
        let mut this =
            Self { socket, next_id: 0, user: UserId::new(uuid::Uuid::nil()), joined: BTreeSet::new() };
        let auth =
            Auth { token: Some(token), protocol: Some(PROTOCOL), rooms: Some(Vec::new()), ..Auth::default() };
        if let ServerFrame::Welcome(welcome) = this.ask(Command::Auth(auth)).await? {
            this.user = welcome.client_id;
        }
        this.join(rooms).await?;
        Ok(this)
    }

    pub const fn user(&self) -> UserId {
        self.user
    }

    async fn join(&mut self, rooms: &[RoomAddress]) -> Result<()> {
        for room in rooms {
            if self.joined.insert(room.clone()) {
                let join = Command::JoinRoom { room: room.clone(), since: None };
                self.ask(join).await.with_context(|| format!("in {room}"))?;
            }
        }
        Ok(())
    }

    /// The seq of the last event of each room.
    pub async fn heads(&mut self, rooms: &[RoomAddress]) -> Result<BTreeMap<RoomAddress, Seq>> {
        self.join(rooms).await?;
        let mut heads = BTreeMap::new();
        for room in rooms {
            heads.insert(room.clone(), self.page(room, None, 1).await?.end);
        }
        Ok(heads)
    }

    /// Reads a whole room, page by page from its end to its beginning.
    pub async fn read(&mut self, room: &RoomAddress) -> Result<RoomLog> {
        let page = self.page(room, None, HISTORY_EVENTS).await?;
        let at = Position { epoch: page.epoch, seq: page.end };
        let mut log = RoomLog::from_snapshot(at, page.start, &page.events);
        while !log.start().is_zero() {
            let start = log.start();
            let page = self.page(room, Some(start.next()), HISTORY_EVENTS).await?;
            ensure!(
                log.prepend(&page.page()) && log.start() < start,
                "a page before {start} does not fit: {page:?}"
            );
        }
        Ok(log)
    }

    async fn page(&mut self, room: &RoomAddress, before: Option<Seq>, limit: u16) -> Result<History> {
        let command =
            Command::History { room: room.clone(), before, after: None, around: None, limit: Some(limit) };
        match self.ask(command).await? {
            ServerFrame::History(history) => Ok(history),
            other => bail!("history was answered with {other:?}"),
        }
    }

    async fn ask(&mut self, command: Command) -> Result<ServerFrame> {
        self.next_id += 1;
        let id = Some(RequestId::Number(self.next_id));
        let text = serde_json::to_string(&Request { id: id.clone(), command })?;
        self.socket.send(Message::text(text)).await?;
        timeout(ANSWERS_WITHIN, self.answer(id)).await.context("the observer got no answer")?
    }

    async fn answer(&mut self, id: Option<RequestId>) -> Result<ServerFrame> {
        while let Some(message) = self.socket.next().await {
            let Message::Text(text) = message? else { continue };
            let frame: ServerFrame = serde_json::from_str(&text)?;
            let answers = match &frame {
                ServerFrame::Welcome(welcome) => welcome.id == id,
                ServerFrame::Joined(joined) => joined.id == id,
                ServerFrame::History(history) => history.id == id,
                ServerFrame::Error { failure, .. } => bail!("the observer was refused: {failure}"),
                _ => false,
            };
            if answers {
                return Ok(frame);
            }
        }
        bail!("the observer was cut off")
    }
}
