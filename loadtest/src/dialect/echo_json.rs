//! A minimal JSON protocol for a room server.
//!
//! `{"type":"join","room":R}` is answered with `{"type":"joined","room":R}`; after
//! `{"type":"publish","room":R,"data":D}` every member, including the sender, gets
//! `{"type":"message","room":R,"data":D}`. Compact, with fields in this order.

use anyhow::Result;
use memchr::memmem;

use super::{Delivery, Heard, Post, Seat};
use crate::client::Connection;
use crate::payload;

pub(super) async fn enter(connection: &mut Connection, room: &str) -> Result<Seat> {
    connection.queue(format!(r#"{{"type":"join","room":"{room}"}}"#).as_bytes());
    connection.await_message(|message| Ok(payload::is_type(message, b"joined").then_some(()))).await?;
    Ok(Seat::default())
}

pub(super) fn write_post(out: &mut Vec<u8>, post: &Post<'_>) {
    out.extend_from_slice(br#"{"type":"publish","room":""#);
    out.extend_from_slice(post.room.as_bytes());
    out.extend_from_slice(br#"","data":""#);
    out.extend_from_slice(post.text);
    out.extend_from_slice(br#""}"#);
}

#[inline]
pub(super) fn read(message: &[u8]) -> Heard<'_> {
    const DATA: &[u8] = br#","data":""#;
    if !message.starts_with(br#"{"type":"message""#) {
        return Heard::Other;
    }
    let key = memmem::find(message, DATA).and_then(|at| payload::read_key(&message[at + DATA.len()..]));
    Heard::Delivery(Delivery { key, seq: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::Key;

    #[test]
    fn what_is_published_is_what_is_read() {
        let mut out = Vec::new();
        let key = Key { sender: 1, number: 2 };
        write_post(&mut out, &Post { room: "r", key, text: b"1.2 hello", client_message_id: None });
        assert_eq!(out, br#"{"type":"publish","room":"r","data":"1.2 hello"}"#);
        let delivery = String::from_utf8(out).unwrap().replace("publish", "message");
        assert_eq!(read(delivery.as_bytes()), Heard::Delivery(Delivery { key: Some(key), seq: None }));
        assert_eq!(read(br#"{"type":"joined","room":"r"}"#), Heard::Other);
    }
}
