//! The original demo's protocol. It does not answer a join, but answers come in the order of requests: after the `pong`
//! the join has happened.

use anyhow::Result;

use super::{Delivery, Heard, Seat};
use crate::client::Connection;
use crate::payload::{self, Hints, Kind};

pub(super) async fn enter(connection: &mut Connection, name: &str, room: &str) -> Result<Seat> {
    connection.queue(format!(r#"{{"type":"auth","username":"{name}"}}"#).as_bytes());
    connection.queue(format!(r#"{{"type":"join_room","room":"{room}"}}"#).as_bytes());
    connection.queue(br#"{"type":"ping"}"#);
    connection.await_message(|message| Ok(payload::is_type(message, b"pong").then_some(()))).await?;
    Ok(Seat::default())
}

#[inline]
pub(super) fn read<'a>(message: &'a [u8], hints: &mut Hints) -> Heard<'a> {
    match payload::kind(message) {
        Kind::Message => Heard::Delivery(Delivery { key: payload::key(message, hints), seq: None }),
        Kind::Error => Heard::Refusal(message),
        _ => Heard::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::Key;

    #[test]
    fn deliveries_with_and_without_spaces() {
        for message in [
            r#"{"type":"message","room":"a","sender":"b","content":"3.4 hi","timestamp":"t"}"#,
            r#"{"type": "message", "room": "a", "sender": "b", "content": "3.4 hi", "timestamp": "t"}"#,
        ] {
            let key = Some(Key { sender: 3, number: 4 });
            let heard = read(message.as_bytes(), &mut Hints::default());
            assert_eq!(heard, Heard::Delivery(Delivery { key, seq: None }), "{message}");
        }
        assert_eq!(read(br#"{"type":"presence"}"#, &mut Hints::default()), Heard::Other);
    }
}
