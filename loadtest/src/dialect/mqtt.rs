//! MQTT 3.1.1, as far as subscribers of one topic need it, with quality of service 0. Boundaries of packets and frames
//! are independent.

use anyhow::{Result, bail};

use super::{Delivery, Heard, Post, Seat};
use crate::client::Connection;
use crate::payload;

const CONNECT: u8 = 0x10;
const CONNACK: u8 = 0x20;
const PUBLISH: u8 = 0x30;
const SUBSCRIBE: u8 = 0x82;
const SUBACK: u8 = 0x90;

/// Connect flags: a clean session, no will.
const CLEAN: u8 = 0x02;

pub(super) async fn enter(connection: &mut Connection, name: &str, room: &str) -> Result<Seat> {
    let mut packet = Vec::new();
    let mut body = text("MQTT");
    // Protocol level 4, and no keep-alive: idle connections stay idle.
    body.extend_from_slice(&[4, CLEAN, 0, 0]);
    body.extend_from_slice(&text(name));
    write_packet(&mut packet, CONNECT, &[&body]);
    write_packet(&mut packet, SUBSCRIBE, &[&[0, 1], &text(room), &[0]]);
    connection.queue(&packet);
    connection
        .await_message(|packet| match *packet {
            [CONNACK, 2, _, 0] => Ok(None),
            [SUBACK, 3, 0, 1, 0..=2] => Ok(Some(())),
            _ if packet[0] & 0xF0 == PUBLISH => Ok(None),
            _ => bail!("the broker refused with {packet:?}"),
        })
        .await?;
    Ok(Seat::default())
}

fn text(text: &str) -> Vec<u8> {
    [&(text.len() as u16).to_be_bytes(), text.as_bytes()].concat()
}

fn write_packet(out: &mut Vec<u8>, kind: u8, parts: &[&[u8]]) {
    let mut length: usize = parts.iter().map(|part| part.len()).sum();
    out.push(kind);
    loop {
        let more = if length > 0x7F { 0x80 } else { 0 };
        out.push(more | (length & 0x7F) as u8);
        length >>= 7;
        if length == 0 {
            break;
        }
    }
    for part in parts {
        out.extend_from_slice(part);
    }
}

/// Returns where the body begins and where the packet ends.
#[inline]
fn measure(bytes: &[u8]) -> Result<Option<(usize, usize)>> {
    let mut length = 0;
    for (index, &byte) in bytes.iter().skip(1).take(4).enumerate() {
        length |= usize::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            return Ok(Some((index + 2, index + 2 + length)));
        }
    }
    if bytes.len() > 4 {
        bail!("a packet of MQTT with a wrong length");
    }
    Ok(None)
}

/// Returns the length of a packet.
pub(super) fn cut(bytes: &[u8]) -> Result<Option<usize>> {
    Ok(measure(bytes)?.map(|(_, end)| end))
}

pub(super) fn write_post(out: &mut Vec<u8>, post: &Post<'_>) {
    let topic = (post.room.len() as u16).to_be_bytes();
    write_packet(out, PUBLISH, &[&topic, post.room.as_bytes(), post.text]);
}

#[inline]
pub(super) fn read(packet: &[u8]) -> Heard<'_> {
    if packet[0] & 0xF0 != PUBLISH {
        return Heard::Other;
    }
    let text = measure(packet).ok().flatten().and_then(|(body, _)| {
        let body = &packet[body..];
        let topic = usize::from(u16::from_be_bytes(*body.first_chunk()?));
        body.get(2 + topic..)
    });
    Heard::Delivery(Delivery { key: text.and_then(payload::read_key), seq: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::Key;

    #[test]
    fn a_publish_is_what_is_delivered() {
        let key = Key { sender: 1, number: 2 };
        for length in [10, 200, 20_000] {
            let text = format!("1.2 {}", "x".repeat(length));
            let mut out = Vec::new();
            write_post(&mut out, &Post { room: "room", key, text: text.as_bytes(), client_message_id: None });
            assert_eq!(cut(&out).unwrap(), Some(out.len()));
            assert_eq!(read(&out), Heard::Delivery(Delivery { key: Some(key), seq: None }));
            assert!(cut(&out[..out.len() - 1]).unwrap().is_some_and(|length| length == out.len()));
        }
    }

    #[test]
    fn packets_are_cut_where_they_end() {
        assert_eq!(cut(&[CONNACK]).unwrap(), None);
        assert_eq!(cut(&[CONNACK, 2, 0, 0, 0x30]).unwrap(), Some(4));
        assert!(cut(&[0x30, 0xFF, 0xFF, 0xFF, 0xFF]).is_err());
        assert_eq!(read(&[0xD0, 0]), Heard::Other);
    }
}
