//! The text protocol of NATS, as far as subscribers of one subject need it. Frames form a byte stream: a line may begin
//! in one and end in the next.

use anyhow::{Context, Result, bail};
use memchr::memchr;

use super::{Delivery, Heard, Post, Seat};
use crate::client::Connection;
use crate::payload;

/// Longest line without its payload, in bytes; the server's `INFO` is the longest one.
const LONGEST_LINE: usize = 16 * 1024;

pub(super) async fn enter(connection: &mut Connection, name: &str, room: &str) -> Result<Seat> {
    let connect = format!(
        "CONNECT {{\"verbose\":false,\"pedantic\":false,\"echo\":true,\"lang\":\"rust\",\"version\":\"1\",\
         \"protocol\":1,\"name\":\"{name}\"}}\r\nSUB {room} 1\r\nPING\r\n"
    );
    connection.queue(connect.as_bytes());
    connection
        .await_message(|line| {
            if line.starts_with(b"-ERR") {
                bail!("the server said {}", String::from_utf8_lossy(line).trim());
            }
            Ok(line.starts_with(b"PONG").then_some(()))
        })
        .await?;
    Ok(Seat::default())
}

/// Returns the length of a line, and for `MSG` of the payload after it.
pub(super) fn cut(bytes: &[u8]) -> Result<Option<usize>> {
    let Some(end) = memchr(b'\n', bytes) else {
        if bytes.len() > LONGEST_LINE {
            bail!("the server sent a line without end");
        }
        return Ok(None);
    };
    if !bytes.starts_with(b"MSG ") {
        return Ok(Some(end + 1));
    }
    let line = bytes[..end].strip_suffix(b"\r").unwrap_or(&bytes[..end]);
    let length = memchr::memrchr(b' ', line).and_then(|at| payload::number(&line[at + 1..]));
    let (length, _) = length.context("a message of NATS without length")?;
    Ok(Some(end + 1 + usize::try_from(length)? + 2))
}

pub(super) fn write_post(out: &mut Vec<u8>, post: &Post<'_>) {
    out.extend_from_slice(format!("PUB {} {}\r\n", post.room, post.text.len()).as_bytes());
    out.extend_from_slice(post.text);
    out.extend_from_slice(b"\r\n");
}

#[inline]
pub(super) fn read(packet: &[u8]) -> Heard<'_> {
    if packet.starts_with(b"MSG ") {
        let text = memchr(b'\n', packet).map(|end| &packet[end + 1..]);
        return Heard::Delivery(Delivery { key: text.and_then(payload::read_key), seq: None });
    }
    if packet.starts_with(b"PING") {
        return Heard::Question(b"PONG\r\n");
    }
    if packet.starts_with(b"-ERR") { Heard::Refusal(packet) } else { Heard::Other }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::Key;

    #[test]
    fn packets_are_cut_where_they_end() {
        let stream = b"MSG room 1 9\r\n1.2 hello\r\nPING\r\n";
        assert_eq!(cut(stream).unwrap(), Some(25));
        assert_eq!(cut(&stream[25..]).unwrap(), Some(6));
        assert_eq!(cut(b"MSG room 1").unwrap(), None);
        assert!(cut(b"MSG room x\r\n").is_err());
        assert!(cut(&vec![b'x'; LONGEST_LINE + 1]).is_err());
    }

    #[test]
    fn packets_are_understood() {
        let key = Some(Key { sender: 1, number: 2 });
        assert_eq!(read(b"MSG room 1 9\r\n1.2 hello\r\n"), Heard::Delivery(Delivery { key, seq: None }));
        assert_eq!(read(b"PING\r\n"), Heard::Question(b"PONG\r\n"));
        assert_eq!(read(b"INFO {}\r\n"), Heard::Other);
        assert!(matches!(read(b"-ERR 'x'\r\n"), Heard::Refusal(_)));
        let mut out = Vec::new();
        let key = Key { sender: 1, number: 2 };
        write_post(&mut out, &Post { room: "r", key, text: b"1.2 hello", client_message_id: None });
        assert_eq!(out, b"PUB r 9\r\n1.2 hello\r\n");
    }
}
