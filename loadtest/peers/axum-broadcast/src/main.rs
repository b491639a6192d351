//! A room server on axum's WebSocket and tokio's broadcast channel, as a first version is usually written. A reader
//! that falls behind by more than the channel's capacity loses messages, as the channel's documentation says.
//!
//! Usage: `axum-broadcast PORT`

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use axum::Router;
use axum::extract::State;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::routing::get;
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{Receiver, Sender, channel};

/// Backlog of the slowest reader of a room, in messages.
const CAPACITY: usize = 1_024;
/// Read buffer of each connection, in bytes; the library's default is 128 KiB.
const READ_BUFFER: usize = 4 * 1024;

type Rooms = Arc<Mutex<HashMap<String, Sender<Utf8Bytes>>>>;

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Command {
    Join { room: String },
    Publish { room: String, data: String },
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Frame<'a> {
    Joined { room: &'a str },
    Message { room: &'a str, data: &'a str },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let argument = std::env::args().nth(1).context("usage: axum-broadcast PORT")?;
    if argument == "--version" {
        println!("axum {}, tokio {}", version("axum"), version("tokio"));
        return Ok(());
    }
    let upgrade = async |State(rooms): State<Rooms>, upgrade: WebSocketUpgrade| {
        upgrade.read_buffer_size(READ_BUFFER).on_upgrade(|socket| talk(socket, rooms))
    };
    let router = Router::new().fallback(get(upgrade)).with_state(Rooms::default());
    let socket = tokio::net::TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind((Ipv4Addr::LOCALHOST, argument.parse()?).into())?;
    let listener =
        axum::serve::ListenerExt::tap_io(socket.listen(4_096)?, |stream: &mut tokio::net::TcpStream| {
            let _ = stream.set_nodelay(true);
        });
    Ok(axum::serve(listener, router).await?)
}

/// Returns the version of a dependency of this program.
fn version(name: &str) -> &'static str {
    let entry = format!("name = \"{name}\"\nversion = \"");
    let rest = include_str!("../../../../Cargo.lock").split(entry.as_str()).nth(1);
    rest.and_then(|rest| rest.split('"').next()).unwrap_or("unknown")
}

async fn talk(mut socket: WebSocket, rooms: Rooms) {
    let mut inbox: Option<Receiver<Utf8Bytes>> = None;
    loop {
        tokio::select! {
            message = socket.recv() => {
                let Some(Ok(message)) = message else { return };
                let Message::Text(text) = message else { continue };
                let Ok(command) = serde_json::from_str(&text) else { return };
                match command {
                    Command::Join { room } => {
                        inbox = Some(sender(&rooms, &room).subscribe());
                        if socket.send(Message::Text(encode(&Frame::Joined { room: &room }))).await.is_err() {
                            return;
                        }
                    }
                    Command::Publish { room, data } => {
                        // An error only means that nobody is in the room.
                        let _ = sender(&rooms, &room).send(encode(&Frame::Message { room: &room, data: &data }));
                    }
                }
            }
            message = next(&mut inbox) => match message {
                Ok(text) => if socket.send(Message::Text(text)).await.is_err() {
                    return;
                },
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            },
        }
    }
}

async fn next(inbox: &mut Option<Receiver<Utf8Bytes>>) -> Result<Utf8Bytes, RecvError> {
    match inbox {
        Some(inbox) => inbox.recv().await,
        None => std::future::pending().await,
    }
}

fn sender(rooms: &Rooms, room: &str) -> Sender<Utf8Bytes> {
    let mut rooms = rooms.lock().unwrap_or_else(PoisonError::into_inner);
    rooms.entry(room.to_owned()).or_insert_with(|| channel(CAPACITY).0).clone()
}

fn encode(frame: &Frame<'_>) -> Utf8Bytes {
    serde_json::to_string(frame).unwrap_or_default().into()
}
