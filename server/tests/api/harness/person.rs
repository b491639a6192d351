//! A client with a WebSocket.

use std::collections::VecDeque;
use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use shared::{
    Action, Auth, ClientMessageId, Command, Failure, Joined, Position, PresenceStatus, Request, RequestId,
    ResumeRoom, RoomAddress, RoomEvent, Seq, ServerFrame, UserId, UserName, Welcome,
};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest};

use super::frames::{acked, joined};
use super::{Acked, LIMIT, change, chat, new_id, text};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closed {
    With(u16, String),
    /// Without a close frame.
    Broken,
}

impl Closed {
    /// The code of the close frame.
    pub fn code(&self) -> Option<u16> {
        match self {
            Self::With(code, _) => Some(*code),
            Self::Broken => None,
        }
    }
}

/// A client with a WebSocket. Frames that no call has consumed yet are kept in order.
pub struct Person {
    socket: WebSocketStream<TcpStream>,
    kept: VecDeque<(String, ServerFrame)>,
    welcome: Option<Welcome>,
    next_id: u64,
}

impl Person {
    /// Opens a WebSocket and sends nothing.
    pub async fn open(address: SocketAddr, path: &str) -> Self {
        Self::on(TcpStream::connect(address).await.expect("the server listens"), path).await
    }

    /// [`Self::open`] on an existing connection.
    pub async fn on(stream: TcpStream, path: &str) -> Self {
        Self::on_with(stream, path, &[]).await
    }

    /// [`Self::open`] as a proxy opens it for `client`.
    pub async fn forwarded(address: SocketAddr, client: &'static str) -> Self {
        let stream = TcpStream::connect(address).await.expect("the server listens");
        Self::on_with(stream, "/ws", &[("x-forwarded-for", client)]).await
    }

    async fn on_with(stream: TcpStream, path: &str, headers: &[(&'static str, &'static str)]) -> Self {
        stream.set_nodelay(true).unwrap();
        let address = stream.peer_addr().unwrap();
        let mut request = format!("ws://{address}{path}").into_client_request().unwrap();
        for &(name, value) in headers {
            request.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        let handshake = tokio_tungstenite::client_async(request, stream);
        let (socket, _) = timeout(LIMIT, handshake).await.expect("a handshake in time").expect("a handshake");
        Self { socket, kept: VecDeque::new(), welcome: None, next_id: 1 }
    }

    /// Connects a returning guest, with a session and these positions.
    pub async fn resume(address: SocketAddr, session: &str, positions: &[(&RoomAddress, Position)]) -> Self {
        let rooms = positions
            .iter()
            .map(|(room, position)| ResumeRoom { room: (*room).clone(), since: Some(*position) });
        let mut person = Self::open(address, "/ws").await;
        let auth =
            Auth { session: Some(session.to_owned()), rooms: Some(rooms.collect()), ..guest("stranger") };
        person.sign_in(auth).await;
        person
    }

    /// Signs in and waits for `welcome`, which must be the first frame.
    pub async fn sign_in(&mut self, auth: Auth) -> Welcome {
        self.send(Command::Auth(auth)).await;
        match self.next().await {
            ServerFrame::Welcome(welcome) => {
                self.welcome = Some(welcome.clone());
                welcome
            }
            other => panic!("the first frame is {other:?}"),
        }
    }

    /// The `welcome` of the sign-in.
    pub fn welcome(&self) -> &Welcome {
        self.welcome.as_ref().expect("signed in")
    }

    pub fn id(&self) -> UserId {
        self.welcome().client_id
    }

    /// The assigned name.
    pub fn name(&self) -> &str {
        self.welcome().username.as_str()
    }

    /// The secret that resumes the session.
    pub fn session(&self) -> String {
        self.welcome().session.clone().expect("protocol 1")
    }

    /// Sends a command without an id.
    pub async fn send(&mut self, command: Command) {
        self.send_request(&Request { id: None, command }).await;
    }

    /// Sends a command with a new request id and returns the id.
    pub async fn ask(&mut self, command: Command) -> RequestId {
        let id = RequestId::Number(self.next_id);
        self.next_id += 1;
        self.send_request(&Request { id: Some(id.clone()), command }).await;
        id
    }

    /// Waits for the answer to [`Self::ask`].
    pub async fn answer(&mut self, id: &RequestId) -> Result<ServerFrame, Failure> {
        let frame = self.expect(|frame| (frame.request_id() == Some(id)).then(|| frame.clone())).await;
        match frame {
            ServerFrame::Error { failure, .. } => Err(failure),
            frame => Ok(frame),
        }
    }

    /// Sends a command and waits for its answer.
    pub async fn request(&mut self, command: Command) -> Result<ServerFrame, Failure> {
        let id = self.ask(command).await;
        self.answer(&id).await
    }

    /// Posts a message and waits for its ack.
    pub async fn say(&mut self, room: &RoomAddress, content: &str) -> Acked {
        self.say_as(room, content, new_id()).await.expect("the message is accepted")
    }

    /// Posts a message with this id and waits for the answer.
    pub async fn say_as(
        &mut self,
        room: &RoomAddress,
        content: &str,
        id: ClientMessageId,
    ) -> Result<Acked, Failure> {
        self.request(chat(room, content, id))
            .await
            .map(|frame| acked(&frame).expect("a chat is answered by an ack"))
    }

    /// Changes a message and waits for the ack.
    pub async fn change(&mut self, room: &RoomAddress, target: Seq, action: Action) -> Acked {
        let answer = self.request(change(room, target, action)).await.expect("the change is accepted");
        acked(&answer).expect("a change is answered by an ack")
    }

    /// Replies to a message and waits for the answer.
    pub async fn reply(&mut self, room: &RoomAddress, to: Seq, content: &str) -> Result<Acked, Failure> {
        let command = Command::Post {
            room: room.clone(),
            content: text(content),
            client_message_id: Some(new_id()),
            reply_to: Some(to),
        };
        self.request(command).await.map(|frame| acked(&frame).expect("a chat is answered by an ack"))
    }

    pub async fn join(&mut self, room: &RoomAddress) -> Joined {
        let answer = self.request(Command::JoinRoom { room: room.clone(), since: None }).await;
        joined(&answer.expect("the room opens")).expect("a join is answered by `joined`")
    }

    /// Returns all events of a room; it must have at most [`shared::limits::RESUME_EVENTS`].
    pub async fn everything(&mut self, room: &RoomAddress) -> Vec<RoomEvent> {
        let epoch = self.join(room).await.epoch;
        let since = Some(Position { epoch, seq: Seq::ZERO });
        let answer = self.request(Command::JoinRoom { room: room.clone(), since }).await;
        let Joined { mut events, mut more, snapshot, .. } = joined(&answer.unwrap()).unwrap();
        assert!(!snapshot, "the room has too many events for this");
        while more {
            let page = self.expect(|frame| match frame {
                ServerFrame::Events(page) if page.room == *room => Some(page.clone()),
                _ => None,
            });
            let page = page.await;
            more = page.more;
            events.extend(page.events);
        }
        assert!(events.iter().map(RoomEvent::seq).eq((1..=events.len() as u64).map(Seq)), "1, 2, 3 …");
        events
    }

    pub async fn leave(&mut self, room: &RoomAddress) {
        let answer = self.request(Command::LeaveRoom { room: room.clone() }).await;
        assert!(matches!(answer, Ok(ServerFrame::Left { .. })), "{answer:?}");
    }

    /// Sets the presence status of this connection.
    pub async fn be(&mut self, status: PresenceStatus) {
        let answer = self.request(Command::SetPresence { status }).await;
        assert!(matches!(answer, Ok(ServerFrame::Done { .. })), "{answer:?}");
    }

    /// Sends a string verbatim in a text frame.
    pub async fn send_text(&mut self, frame: &str) {
        self.send_message(Message::text(frame)).await;
    }

    /// [`Self::send_text`] to a server that may have closed the connection.
    pub async fn try_send_text(&mut self, frame: &str) -> Result<(), Closed> {
        let sent = timeout(LIMIT, self.socket.send(Message::text(frame))).await.expect("sent in time");
        sent.map_err(|_| Closed::Broken)
    }

    /// Sends a message of any kind.
    pub async fn send_message(&mut self, message: Message) {
        timeout(LIMIT, self.socket.send(message))
            .await
            .expect("sent in time")
            .expect("the connection is open");
    }

    async fn send_request(&mut self, request: &Request) {
        self.send_text(&serde_json::to_string(request).unwrap()).await;
    }

    /// Returns the next frame.
    pub async fn next(&mut self) -> ServerFrame {
        self.next_with_text().await.1
    }

    /// Returns the next frame and its text.
    pub async fn next_with_text(&mut self) -> (String, ServerFrame) {
        match self.kept.pop_front() {
            Some(kept) => kept,
            None => self.read().await,
        }
    }

    /// [`Self::next`] on a connection that may end.
    pub async fn try_next(&mut self) -> Result<ServerFrame, Closed> {
        match self.kept.pop_front() {
            Some((_, frame)) => Ok(frame),
            None => Ok(timeout(LIMIT, self.receive()).await.expect("a frame in time")?.1),
        }
    }

    /// Returns the first match of `pick` among the kept and the coming frames. The other frames are kept.
    pub async fn expect<T>(&mut self, pick: impl FnMut(&ServerFrame) -> Option<T>) -> T {
        self.expect_within(LIMIT, pick).await
    }

    /// [`Self::expect`] with another timeout.
    pub async fn expect_within<T>(
        &mut self,
        limit: std::time::Duration,
        mut pick: impl FnMut(&ServerFrame) -> Option<T>,
    ) -> T {
        if let Some(found) = self.find_kept(&mut pick) {
            return found;
        }
        let search = async {
            loop {
                let (text, frame) = self.receive().await.expect("the connection stays open");
                if let Some(found) = pick(&frame) {
                    return found;
                }
                self.kept.push_back((text, frame));
            }
        };
        if let Ok(found) = timeout(limit, search).await {
            return found;
        }
        panic!("the expected frame did not come; the last ones were {:#?}", self.last_kept());
    }

    fn find_kept<T>(&mut self, pick: &mut impl FnMut(&ServerFrame) -> Option<T>) -> Option<T> {
        for index in 0..self.kept.len() {
            if let Some(found) = pick(&self.kept[index].1) {
                self.kept.remove(index);
                return Some(found);
            }
        }
        None
    }

    /// Returns every frame so far: all that the server had sent to this connection when it read our ping.
    pub async fn so_far(&mut self) -> Vec<(String, ServerFrame)> {
        let id = self.ask(Command::Ping).await;
        let mut frames: Vec<_> = self.kept.drain(..).collect();
        loop {
            let (text, frame) = self.read().await;
            if frame.request_id() == Some(&id) {
                return frames;
            }
            frames.push((text, frame));
        }
    }

    /// Asserts that no frame so far matches `pick`; discards these frames.
    pub async fn expect_none<T: std::fmt::Debug>(&mut self, pick: impl FnMut(&ServerFrame) -> Option<T>) {
        let found: Vec<T> = self.so_far().await.iter().map(|(_, frame)| frame).filter_map(pick).collect();
        assert!(found.is_empty(), "this should not have come: {found:?}");
    }

    /// Waits until the server closes, discarding the frames before.
    pub async fn closed(&mut self) -> Closed {
        self.closed_within(LIMIT).await
    }

    /// [`Self::closed`] with another timeout.
    pub async fn closed_within(&mut self, limit: std::time::Duration) -> Closed {
        let search = async {
            loop {
                match self.receive().await {
                    Ok(_) => {}
                    Err(closed) => return closed,
                }
            }
        };
        timeout(limit, search).await.expect("the server closes in time")
    }

    /// Closes with this code and waits for the end.
    pub async fn close(mut self, code: u16) {
        let frame = CloseFrame { code: CloseCode::from(code), reason: "".into() };
        self.send_message(Message::Close(Some(frame))).await;
        let _ = self.closed().await;
    }

    /// Resets the connection without a close frame, as when the program is gone.
    pub fn abort(self) {
        let stream = socket2::SockRef::from(self.socket.get_ref());
        stream.set_linger(Some(std::time::Duration::ZERO)).unwrap();
    }

    /// Returns the next frame or the end, without a timeout. Pings are answered meanwhile.
    pub async fn receive(&mut self) -> Result<(String, ServerFrame), Closed> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => {
                    let frame: ServerFrame = serde_json::from_str(&text)
                        .unwrap_or_else(|error| panic!("not a frame of the protocol: {error}: {text}"));
                    assert_ne!(frame, ServerFrame::Unknown, "{text}");
                    return Ok((text.to_string(), frame));
                }
                Some(Ok(Message::Close(Some(close)))) => {
                    return Err(Closed::With(close.code.into(), close.reason.to_string()));
                }
                Some(Ok(Message::Binary(_))) => panic!("the server sends text only"),
                Some(Ok(Message::Close(None)) | Err(_)) | None => return Err(Closed::Broken),
                Some(Ok(_)) => {}
            }
        }
    }

    async fn read(&mut self) -> (String, ServerFrame) {
        let received = timeout(LIMIT, self.receive()).await.expect("a frame in time");
        received.expect("the connection stays open")
    }

    fn last_kept(&self) -> Vec<&str> {
        let last = self.kept.iter().rev().take(8);
        last.map(|(text, _)| &text[..text.floor_char_boundary(160)]).collect()
    }
}

/// Sign-in of a guest with this name and protocol 1.
pub fn guest(name: &str) -> Auth {
    Auth { username: Some(UserName::new(name).unwrap()), protocol: Some(1), ..Auth::default() }
}
