//! Finds the fields that the load test needs in JSON frames by byte search: at millions of deliveries a second a JSON
//! parser would dominate the measurement. Relies on compact JSON, or on JSON with a space after each `:`. A `"` inside
//! a text is escaped, so the searched patterns cannot occur there.

use std::sync::LazyLock;

use memchr::memmem::{self, Finder};
use serde_json::Value;

static CONTENT: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(CONTENT_TAG));
static SEQ: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(SEQ_TAG));
static ID: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(br#","id":"#));
const CONTENT_TAG: &[u8] = br#""content":"#;
const SEQ_TAG: &[u8] = br#","seq":"#;

/// Where fields were in the last frame; mostly they are in the same place again.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hints {
    /// Offset of the content from the front.
    content: usize,
    /// Offset of the seq from the end.
    seq: usize,
}

/// The kinds of frames that are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A delivery.
    Message,
    /// A stored post.
    Ack,
    /// A refused request.
    Error,
    /// Missed events: `joined` and `events`.
    Joined,
    /// Signed in.
    Welcome,
    /// Presence, typing and the like.
    Other,
}

/// Identifies a post of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// The client that posted it, counted from 0.
    pub sender: u32,
    /// Index among the client's posts, counted from 0.
    pub number: u32,
}

/// Returns the kind of a frame.
#[inline]
pub fn kind(payload: &[u8]) -> Kind {
    let Some(rest) = payload.strip_prefix(br#"{"type":"#) else {
        return Kind::Other;
    };
    match rest.strip_prefix(b" ").unwrap_or(rest) {
        rest if rest.starts_with(br#""message""#) => Kind::Message,
        rest if rest.starts_with(br#""ack""#) => Kind::Ack,
        rest if rest.starts_with(br#""error""#) => Kind::Error,
        rest if rest.starts_with(br#""joined""#) || rest.starts_with(br#""events""#) => Kind::Joined,
        rest if rest.starts_with(br#""welcome""#) => Kind::Welcome,
        _ => Kind::Other,
    }
}

/// Whether `type` is `word`.
pub fn is_type(payload: &[u8], word: &[u8]) -> bool {
    let Some(rest) = payload.strip_prefix(br#"{"type":"#) else {
        return false;
    };
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    rest.strip_prefix(b"\"")
        .and_then(|rest| rest.strip_prefix(word))
        .is_some_and(|rest| rest.starts_with(b"\""))
}

/// Returns the `seq` of a message or ack.
#[inline]
pub fn seq(payload: &[u8], hints: &mut Hints) -> Option<u64> {
    let guess = payload.len().wrapping_sub(hints.seq);
    let at = if payload.get(guess..).is_some_and(|rest| rest.starts_with(SEQ_TAG)) {
        guess
    } else {
        let at = SEQ.find(payload)?;
        hints.seq = payload.len() - at;
        at
    };
    number(&payload[at + SEQ_TAG.len()..]).map(|(seq, _)| seq)
}

/// Returns the key that [`write_key`] put at the front of the text; none for a message of somebody else.
#[inline]
pub fn key(payload: &[u8], hints: &mut Hints) -> Option<Key> {
    let at = if payload.get(hints.content..).is_some_and(|rest| rest.starts_with(CONTENT_TAG)) {
        hints.content
    } else {
        hints.content = CONTENT.find(payload)?;
        hints.content
    };
    let text = &payload[at + CONTENT_TAG.len()..];
    read_key(text.strip_prefix(b" ").unwrap_or(text).strip_prefix(b"\"")?)
}

/// Returns key and `seq` of each message in a frame with several messages.
pub fn messages(payload: &[u8]) -> impl Iterator<Item = (Option<Key>, Option<u64>)> + '_ {
    CONTENT.find_iter(payload).map(|at| {
        let text = &payload[at..];
        let seq = SEQ.find(text).and_then(|seq| number(&text[seq + SEQ_TAG.len()..]));
        (read_key(&text[(CONTENT_TAG.len() + 1).min(text.len())..]), seq.map(|(seq, _)| seq))
    })
}

/// Whether a text in this frame is all of `text`, escaped in the usual way.
pub fn holds(frame: &[u8], text: &[u8]) -> bool {
    memmem::find(frame, text).is_some_and(|at| {
        let end = frame.get(at + text.len());
        matches!(end, None | Some(b'"' | b'\r'))
    })
}

/// Whether `text` is the text of a JSON frame with one message, whatever the escaping.
pub fn says(frame: &[u8], text: &[u8]) -> bool {
    let text = serde_json::from_slice::<String>(&[b"\"", text, b"\""].concat());
    let Ok((frame, text)) = serde_json::from_slice::<Value>(frame).and_then(|frame| Ok((frame, text?)))
    else {
        return false;
    };
    ["content", "data"].iter().any(|field| frame[field].as_str() == Some(text.as_str()))
}

/// Whether a `welcome` resumed a session.
pub fn is_resumed(payload: &[u8]) -> bool {
    memmem::find(payload, br#","resumed":true"#).is_some()
}

/// Whether a `joined` or `events` is the last page.
pub fn is_last_page(payload: &[u8]) -> bool {
    memmem::find(payload, br#","more":false"#).is_some()
}

/// Reads the key at the front of a text.
#[inline]
pub fn read_key(text: &[u8]) -> Option<Key> {
    let (sender, length) = number(text)?;
    let rest = text[length..].strip_prefix(b".")?;
    let (number, length) = number(rest)?;
    if rest.get(length) != Some(&b' ') {
        return None;
    }
    Some(Key { sender: u32::try_from(sender).ok()?, number: u32::try_from(number).ok()? })
}

/// Returns the request id of an ack, which is the number of the post.
#[inline]
pub fn request_id(payload: &[u8]) -> Option<u64> {
    let at = ID.find(payload)? + ID.needle().len();
    number(&payload[at..]).map(|(id, _)| id)
}

/// Appends a key in the form that [`key`] reads.
pub fn write_key(out: &mut Vec<u8>, key: Key) {
    out.extend_from_slice(format!("{}.{} ", key.sender, key.number).as_bytes());
}

/// Parses the digits at the front. Returns the number and how many digits there are.
#[inline]
pub fn number(bytes: &[u8]) -> Option<(u64, usize)> {
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
        assert_eq!(key(MESSAGE.as_bytes(), &mut Hints::default()), Some(Key { sender: 7, number: 12 }));
        let mut hint = Hints::default();
        assert_eq!(seq(MESSAGE.as_bytes(), &mut hint), Some(345));
        assert_eq!(seq(MESSAGE.as_bytes(), &mut hint), Some(345), "by the hint");
        let longer = MESSAGE.replace("345", "1000");
        assert_eq!(seq(longer.as_bytes(), &mut hint), Some(1000), "in spite of a wrong hint");
        hint = Hints { content: usize::MAX, seq: usize::MAX };
        assert_eq!(seq(MESSAGE.as_bytes(), &mut hint), Some(345));
    }

    #[test]
    fn a_text_is_compared_to_its_end_and_however_it_is_escaped() {
        let text = r#"7.12 say \",\"seq\":99"#.as_bytes();
        assert!(holds(MESSAGE.as_bytes(), text) && says(MESSAGE.as_bytes(), text));
        assert!(holds(b"MSG r 1 4\r\n1.2 \r\n", b"1.2 ") && holds(b"1.2 x", b"1.2 x"));
        for other in [&b"7.12 say"[..], b"7.12 sa"] {
            assert!(!holds(MESSAGE.as_bytes(), other) && !says(MESSAGE.as_bytes(), other));
        }
        assert!(says(br#"{"type":"message","content":"1.2 \u3042\u002f"}"#, "1.2 あ/".as_bytes()));
    }

    #[test]
    fn a_strangers_message_has_no_key() {
        for text in ["hello", "7 apples", "7.", "7.x", "7.8nine", "99999999999.1 x"] {
            assert_eq!(
                key(MESSAGE.replace("7.12 say", text).as_bytes(), &mut Hints::default()),
                None,
                "{text}"
            );
        }
        assert_eq!(key(b"{}", &mut Hints::default()), None);
    }

    #[test]
    fn an_ack_is_read() {
        let ack = br#"{"type":"ack","message_id":"m","room":"a","seq":4,"timestamp":"t","client_message_id":"c","id":31}"#;
        assert_eq!(kind(ack), Kind::Ack);
        assert_eq!(request_id(ack), Some(31));
        assert_eq!(seq(ack, &mut Hints::default()), Some(4));
        assert_eq!(kind(br#"{"type":"error","id":1}"#), Kind::Error);
        assert_eq!(kind(br#"{"type":"presence"}"#), Kind::Other);
        assert!(is_type(br#"{"type": "pong"}"#, b"pong") && !is_type(br#"{"type":"ponger"}"#, b"pong"));
    }

    #[test]
    fn all_messages_of_a_page_are_found() {
        let page = format!(r#"{{"type":"joined","events":[{MESSAGE},{MESSAGE}],"more":false}}"#);
        assert_eq!(kind(page.as_bytes()), Kind::Joined);
        let found: Vec<_> = messages(page.as_bytes()).collect();
        assert_eq!(found, [(Some(Key { sender: 7, number: 12 }), Some(345)); 2]);
        assert!(is_last_page(page.as_bytes()));
        assert!(!is_last_page(page.replace("false", "true").as_bytes()));
    }
}
