//! A room server that misbehaves on request. It speaks `echo-json`, and as much of Hiroba's protocol as a storm needs.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio_tungstenite::tungstenite::Message;

/// The fault that it makes in every seventh delivery of a connection; in a resume, in the first event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lie {
    /// No fault.
    None,
    /// Drops it.
    Loses,
    /// Sends it twice.
    Doubles,
    /// Sends it after the next one.
    Swaps,
    /// Sends it with another text.
    Garbles,
    /// Also sends a message of somebody else.
    Invents,
    /// Sends no acks, where there are acks.
    KeepsAcks,
    /// Sends each ack twice.
    DoublesAcks,
    /// Sends acks with another seq.
    MisplacesAcks,
}

const EVERY: u64 = 7;

/// A running server; its thread ends with the program.
pub struct Liar {
    address: SocketAddr,
}

struct Member {
    outbox: UnboundedSender<String>,
    deliveries: u64,
    held: Option<String>,
}

#[derive(Default)]
struct Room {
    log: Vec<Value>,
    members: HashMap<u64, Member>,
}

struct Site {
    lie: Lie,
    rooms: Mutex<HashMap<String, Room>>,
}

impl Liar {
    pub fn start(lie: Lie) -> Self {
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                let site = Arc::new(Site { lie, rooms: Mutex::default() });
                for id in 0.. {
                    let (stream, _) = listener.accept().await.unwrap();
                    tokio::spawn(talk(stream, site.clone(), id));
                }
            });
        });
        Self { address: told.recv().unwrap() }
    }

    /// The URL of its WebSocket.
    pub fn url(&self) -> String {
        format!("ws://{}/", self.address)
    }
}

async fn talk(stream: TcpStream, site: Arc<Site>, id: u64) {
    let Ok(socket) = tokio_tungstenite::accept_async(stream).await else { return };
    let (mut sink, mut source) = socket.split();
    let (outbox, mut waiting) = unbounded_channel::<String>();
    tokio::spawn(async move {
        while let Some(text) = waiting.recv().await {
            if sink.send(Message::text(text)).await.is_err() {
                return;
            }
        }
        let _ = sink.close().await;
    });
    while let Some(Ok(message)) = source.next().await {
        if let Ok(text) = message.to_text()
            && let Ok(frame) = serde_json::from_str::<Value>(text)
        {
            site.hear(&frame, id, &outbox);
        }
    }
    for room in site.rooms.lock().unwrap().values_mut() {
        room.members.remove(&id);
    }
}

impl Site {
    fn hear(&self, frame: &Value, id: u64, outbox: &UnboundedSender<String>) {
        let mut rooms = self.rooms.lock().unwrap();
        let name = frame["room"].as_str().unwrap_or_default().to_owned();
        let member = Member { outbox: outbox.clone(), deliveries: 0, held: None };
        match frame["type"].as_str().unwrap_or_default() {
            "join" => {
                rooms.entry(name.clone()).or_default().members.insert(id, member);
                let _ = outbox.send(format!(r#"{{"type":"joined","room":"{name}"}}"#));
            }
            "publish" => {
                let write =
                    |said: &str| format!(r#"{{"type":"message","room":"{name}","data":{}}}"#, json!(said));
                let room = rooms.entry(name.clone()).or_default();
                room.deliver(frame["data"].as_str().unwrap(), &write, self.lie);
            }
            "auth" => {
                let resumed = frame["session"].is_string();
                let _ = outbox.send(welcome(resumed));
                for resume in frame["rooms"].as_array().into_iter().flatten() {
                    let name = resume["room"].as_str().unwrap_or_default();
                    let room = rooms.entry(name.to_owned()).or_default();
                    let seq = resume["seq"].as_u64().unwrap_or_default() as usize;
                    let mut events = room.log[seq..].to_vec();
                    match self.lie {
                        Lie::Loses if !events.is_empty() => drop(events.remove(0)),
                        Lie::Doubles if !events.is_empty() => events.insert(0, events[0].clone()),
                        _ => {}
                    }
                    let _ = outbox.send(joined(name, room.log.len(), &events));
                    room.members.insert(id, Member { outbox: outbox.clone(), deliveries: 0, held: None });
                }
            }
            "join_room" => {
                let room = rooms.entry(name.clone()).or_default();
                room.members.insert(id, member);
                let _ = outbox.send(joined(&name, room.log.len(), &[]));
            }
            "chat" => {
                let room = rooms.entry(name.clone()).or_default();
                let seq = room.log.len() + 1;
                let write = |said: &str| {
                    let said = json!(said);
                    format!(r#"{{"type":"message","room":"{name}","content":{said},"seq":{seq}}}"#)
                };
                let said = frame["content"].as_str().unwrap();
                room.log.push(serde_json::from_str(&write(said)).unwrap());
                room.deliver(said, &write, self.lie);
                let (times, seq) = match self.lie {
                    Lie::KeepsAcks => (0, seq),
                    Lie::DoublesAcks => (2, seq),
                    Lie::MisplacesAcks => (1, seq + 1),
                    _ => (1, seq),
                };
                for _ in 0..times {
                    let ack = format!(r#"{{"type":"ack","room":"{name}","seq":{seq},"id":{}}}"#, frame["id"]);
                    let _ = outbox.send(ack);
                }
            }
            _ => {}
        }
    }
}

impl Room {
    fn deliver(&mut self, said: &str, write: &dyn Fn(&str) -> String, lie: Lie) {
        let text = &write(said);
        for member in self.members.values_mut() {
            member.deliveries += 1;
            let chosen = member.deliveries.is_multiple_of(EVERY);
            match lie {
                Lie::Loses if chosen => continue,
                Lie::Swaps if chosen => member.held = Some(text.clone()),
                Lie::Garbles if chosen => drop(member.outbox.send(write(&format!("{said}!")))),
                Lie::Invents if chosen => drop(member.outbox.send(write("hello"))),
                _ => {}
            }
            let replaced = chosen && matches!(lie, Lie::Swaps | Lie::Garbles);
            if !replaced {
                let _ = member.outbox.send(text.clone());
            }
            if lie == Lie::Doubles && chosen {
                let _ = member.outbox.send(text.clone());
            }
            if !chosen && let Some(held) = member.held.take() {
                let _ = member.outbox.send(held);
            }
        }
    }
}

fn welcome(resumed: bool) -> String {
    let frame = json!({"client_id": "6e1f3f1e-93c4-4b0e-8a53-31a6f3a8f2ad", "username": "a", "message": "hello",
                       "timestamp": "2026-11-23T04:05:07.012Z", "protocol": 1,
                       "session": "8f14e45fceea167a5a36dedd4bea2543"});
    let rest = frame.to_string();
    let resumed = if resumed { r#","resumed":true"# } else { "" };
    format!(r#"{{"type":"welcome",{}{resumed}}}"#, &rest[1..rest.len() - 1])
}

fn joined(room: &str, seq: usize, events: &[Value]) -> String {
    let events: Vec<String> = events
        .iter()
        .map(|event| {
            format!(
                r#"{{"type":"message","room":"{room}","content":{},"seq":{}}}"#,
                event["content"], event["seq"]
            )
        })
        .collect();
    format!(
        r#"{{"type":"joined","room":"{room}","epoch":1,"seq":{seq},"read_seq":0,"snapshot":false,"events":[{}],"more":false,"member_count":1}}"#,
        events.join(",")
    )
}
