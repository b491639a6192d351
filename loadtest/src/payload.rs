//! Finds what the load test needs in a frame's JSON by searching bytes: at millions of deliveries a second a JSON
//! parser would be what is measured. It relies on compact JSON; a `"` inside a text is escaped, so that the
//! searched pieces cannot occur there.

use std::sync::LazyLock;

use memchr::memmem::Finder;

static CONTENT: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(br#","content":""#));
static SEQ: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(SEQ_TAG));
static ID: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(br#","id":"#));
const SEQ_TAG: &[u8] = br#","seq":"#;

/// The frames that are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A delivery.
    Message,
    /// A stored post.
    Ack,
    /// A refused request.
    Error,
    /// Presence, typing and the like.
    Other,
}

/// Which post of which client a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// The client that posted it, counted from 0.
    pub sender: u32,
    /// Its how manieth post, counted from 0.
    pub number: u32,
}

/// What kind of frame this is.
#[inline]
pub fn kind(payload: &[u8]) -> Kind {
    match payload.strip_prefix(br#"{"type":""#) {
        Some(rest) if rest.starts_with(br#"message""#) => Kind::Message,
        Some(rest) if rest.starts_with(br#"ack""#) => Kind::Ack,
        Some(rest) if rest.starts_with(br#"error""#) => Kind::Error,
        _ => Kind::Other,
    }
}

/// The `seq` of a message or ack. `hint` remembers how far from the end it stood in the last frame.
#[inline]
pub fn seq(payload: &[u8], hint: &mut usize) -> Option<u64> {
    let guess = payload.len().wrapping_sub(*hint);
    let at = if payload.get(guess..).is_some_and(|rest| rest.starts_with(SEQ_TAG)) {
        guess
    } else {
        let at = SEQ.find(payload)?;
        *hint = payload.len() - at;
        at
    };
    number(&payload[at + SEQ_TAG.len()..]).map(|(seq, _)| seq)
}

/// The key that [`write_key`] put at the front of the text; none for a message of somebody else.
#[inline]
pub fn key(payload: &[u8]) -> Option<Key> {
    let text = &payload[CONTENT.find(payload)? + CONTENT.needle().len()..];
    let (sender, length) = number(text)?;
    let rest = text[length..].strip_prefix(b".")?;
    let (number, length) = number(rest)?;
    if rest.get(length) != Some(&b' ') {
        return None;
    }
    Some(Key { sender: u32::try_from(sender).ok()?, number: u32::try_from(number).ok()? })
}

/// The request id of an ack, which is the number of the post.
#[inline]
pub fn request_id(payload: &[u8]) -> Option<u64> {
    let at = ID.find(payload)? + ID.needle().len();
    number(&payload[at..]).map(|(id, _)| id)
}

/// Appends the key in the form that [`key`] reads.
pub fn write_key(out: &mut Vec<u8>, key: Key) {
    out.extend_from_slice(format!("{}.{} ", key.sender, key.number).as_bytes());
}

/// The digits at the front as a number, and how many they are.
#[inline]
fn number(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0_u64;
    let mut length = 0;
    while let Some(digit) = bytes.get(length).map(|byte| byte.wrapping_sub(b'0')).filter(|&digit| digit < 10)
    {
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
        length += 1;
    }
    (length > 0).then_some((value, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: &str = r#"{"type":"message","room":"a","sender":"load-7","sender_id":"x","content":"7.12 say \",\"seq\":99","timestamp":"t","seq":345,"message_id":"m"}"#;

    #[test]
    fn a_message_is_read() {
        assert_eq!(kind(MESSAGE.as_bytes()), Kind::Message);
        assert_eq!(key(MESSAGE.as_bytes()), Some(Key { sender: 7, number: 12 }));
        let mut hint = 0;
        assert_eq!(seq(MESSAGE.as_bytes(), &mut hint), Some(345));
        assert_eq!(seq(MESSAGE.as_bytes(), &mut hint), Some(345), "by the hint");
        let longer = MESSAGE.replace("345", "1000");
        assert_eq!(seq(longer.as_bytes(), &mut hint), Some(1000), "in spite of a wrong hint");
        hint = usize::MAX;
        assert_eq!(seq(MESSAGE.as_bytes(), &mut hint), Some(345));
    }

    #[test]
    fn a_strangers_message_has_no_key() {
        for text in ["hello", "7 apples", "7.", "7.x", "7.8nine", "99999999999.1 x"] {
            assert_eq!(key(MESSAGE.replace("7.12 say", text).as_bytes()), None, "{text}");
        }
        assert_eq!(key(b"{}"), None);
    }

    #[test]
    fn an_ack_is_read() {
        let ack = br#"{"type":"ack","message_id":"m","room":"a","seq":4,"timestamp":"t","client_message_id":"c","id":31}"#;
        assert_eq!(kind(ack), Kind::Ack);
        assert_eq!(request_id(ack), Some(31));
        assert_eq!(seq(ack, &mut 0), Some(4));
        assert_eq!(kind(br#"{"type":"error","id":1}"#), Kind::Error);
        assert_eq!(kind(br#"{"type":"presence"}"#), Kind::Other);
    }
}
