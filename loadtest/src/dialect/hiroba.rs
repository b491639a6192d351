//! Hiroba's protocol, version 1.

use anyhow::{Result, bail};
use shared::{
    Auth, Command, Epoch, Position, Request, ResumeRoom, RoomAddress, Seq, ServerFrame, UserName, Welcome,
};

use super::{Delivery, Heard, Post, Seat};
use crate::client::Connection;
use crate::payload::{self, Hints, Key, Kind};

pub(super) async fn enter(connection: &mut Connection, name: &str, room: &str) -> Result<Seat> {
    let welcome = sign_in(connection, name).await?;
    ask(connection, Command::JoinRoom { room: RoomAddress::new(room)?, since: None })?;
    let joined = answer(connection, |frame| match frame {
        ServerFrame::Joined(joined) => Some(joined),
        _ => None,
    })
    .await?;
    Ok(Seat {
        head: joined.seq.0,
        epoch: Some(joined.epoch),
        session: welcome.session,
        limits: welcome.limits,
    })
}

/// Signs in as a new guest, in no room.
async fn sign_in(connection: &mut Connection, name: &str) -> Result<Welcome> {
    ask(
        connection,
        Command::Auth(Auth {
            username: Some(UserName::new(name)?),
            protocol: Some(shared::frame::PROTOCOL),
            rooms: Some(Vec::new()),
            ..Auth::default()
        }),
    )?;
    answer(connection, |frame| match frame {
        ServerFrame::Welcome(welcome) => Some(welcome),
        _ => None,
    })
    .await
}

/// A client that reconnects: its session, and how far it has read one room.
#[derive(Debug, Clone)]
pub struct Returning {
    /// The session secret of the first `welcome`.
    pub session: String,
    pub room: String,
    /// The log that `seq` belongs to.
    pub epoch: Epoch,
    /// The last event received.
    pub seq: u64,
}

/// Queues the `auth` of a client that reconnects.
///
/// # Errors
/// The name of the room is invalid.
pub fn come_back(connection: &mut Connection, who: Returning) -> Result<()> {
    let since = Some(Position { epoch: who.epoch, seq: Seq(who.seq) });
    let room = ResumeRoom { room: RoomAddress::new(&who.room)?, since };
    ask(
        connection,
        Command::Auth(Auth {
            protocol: Some(shared::frame::PROTOCOL),
            session: Some(who.session),
            rooms: Some(vec![room]),
            ..Auth::default()
        }),
    )
}

/// Whether a search by a signed-in client finds the post `key` in `room` at `seq`.
///
/// # Errors
/// The server refused, or the connection broke.
pub async fn search(connection: &mut Connection, room: &str, key: Key, seq: u64) -> Result<bool> {
    let mut text = Vec::new();
    payload::write_key(&mut text, key);
    let text = String::from_utf8(text)?;
    let query = format!("in:{room} \"{}\"", text.trim());
    ask(connection, Command::Search { query, limit: Some(50), cursor: None })?;
    let hits = answer(connection, |frame| match frame {
        ServerFrame::SearchResults(results) => Some(results.hits),
        _ => None,
    })
    .await?;
    Ok(hits.iter().any(|hit| hit.message.seq() == Seq(seq)))
}

fn ask(connection: &mut Connection, command: Command) -> Result<()> {
    connection.queue(&serde_json::to_vec(&Request { id: None, command })?);
    Ok(())
}

async fn answer<T>(connection: &mut Connection, mut pick: impl FnMut(ServerFrame) -> Option<T>) -> Result<T> {
    connection
        .await_message(|message| match serde_json::from_slice(message)? {
            ServerFrame::Error { failure, .. } => bail!(failure),
            frame => Ok(pick(frame)),
        })
        .await
}

pub(super) fn write_post(out: &mut Vec<u8>, post: &Post<'_>, with_id: bool) {
    out.extend_from_slice(br#"{"type":"chat","room":""#);
    out.extend_from_slice(post.room.as_bytes());
    out.extend_from_slice(br#"","content":""#);
    out.extend_from_slice(post.text);
    if let Some(id) = post.client_message_id {
        out.extend_from_slice(br#"","client_message_id":""#);
        let mut buffer = uuid::Uuid::encode_buffer();
        out.extend_from_slice(id.as_hyphenated().encode_lower(&mut buffer).as_bytes());
    }
    if with_id {
        out.extend_from_slice(format!("\",\"id\":{}}}", post.key.number).as_bytes());
    } else {
        out.extend_from_slice(br#""}"#);
    }
}

#[inline]
pub(super) fn read<'a>(message: &'a [u8], hints: &mut Hints) -> Heard<'a> {
    match payload::kind(message) {
        Kind::Message => {
            Heard::Delivery(Delivery { key: payload::key(message, hints), seq: payload::seq(message, hints) })
        }
        Kind::Ack => match (payload::request_id(message), payload::seq(message, &mut Hints::default())) {
            (Some(number), Some(seq)) => Heard::Ack { number, seq },
            _ => Heard::Ack { number: u64::MAX, seq: 0 },
        },
        Kind::Error => Heard::Refusal(message),
        Kind::Joined => Heard::Missed(message),
        Kind::Welcome => Heard::Welcome { resumed: payload::is_resumed(message) },
        Kind::Other => Heard::Other,
    }
}
