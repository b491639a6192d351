//! Every limit of the protocol, in one place. The server enforces them for all clients, the demo's too.

use serde::Serialize;

/// Longest user name, in characters (Unicode scalar values after normalisation).
pub const USER_NAME_CHARS: usize = 32;
/// Longest room name, in characters (Unicode scalar values after normalisation).
pub const ROOM_NAME_CHARS: usize = 64;
/// Longest message text, in user-visible characters (extended grapheme clusters, UAX #29).
pub const CONTENT_GRAPHEMES: usize = 4_000;
/// Longest message text, in bytes of UTF-8.
pub const CONTENT_BYTES: usize = 16 * 1024;
/// Largest WebSocket message and frame a client may send, in bytes of payload.
pub const FRAME_BYTES: usize = 64 * 1024;
/// Live bytes that may wait for one connection for any time. When more wait and its socket takes nothing for
/// [`STALLED_MILLIS`], or too little within [`SLOW_MILLIS`], it is closed with 4008.
pub const LIVE_QUEUE_BYTES: usize = 256 * 1024;
/// See [`LIVE_QUEUE_BYTES`]; in milliseconds.
pub const STALLED_MILLIS: u64 = 1_000;
/// Of what waited so long ago no more than [`LIVE_QUEUE_BYTES`] may still wait; in milliseconds.
pub const SLOW_MILLIS: u64 = 10_000;
/// Live bytes that may wait for one connection at any moment: more than one commit makes, whose texts have 1 MiB.
pub const LIVE_QUEUE_MOST_BYTES: usize = 8 * 1024 * 1024;
/// Pieces that may wait for one connection at any moment. Their bytes are shared by all who wait for them; what a
/// connection has to itself is its list of pieces.
pub const LIVE_QUEUE_MOST_PIECES: usize = 4_096;
/// Live bytes that wait for one connection before typing and presence are no longer queued for it.
pub const EPHEMERAL_QUEUE_BYTES: usize = LIVE_QUEUE_BYTES / 2;
/// Target size of one page of an answer (snapshot, resume, history), in bytes.
pub const PAGE_BYTES: usize = 64 * 1024;
/// Longest text form of a request id, in bytes.
pub const REQUEST_ID_BYTES: usize = 64;
/// Rooms one connection may be in at once.
pub const ROOMS_PER_CONNECTION: usize = 200;
/// Rooms one person may be in at once, with all their connections.
pub const ROOMS_PER_PERSON: usize = ROOMS_PER_CONNECTION;
/// Messages in a fresh snapshot of a room.
pub const SNAPSHOT_EVENTS: u16 = 50;
/// Events a resume replays at most; a larger hole is answered with a snapshot.
pub const RESUME_EVENTS: u64 = 1_000;
/// Events in one page of history at most.
pub const HISTORY_EVENTS: u16 = 200;
/// Members listed in `joined` and in one page of `members` at most.
pub const MEMBERS_PAGE: usize = 100;
/// Rooms listed in one page of `rooms` at most.
pub const ROOMS_PAGE: usize = 200;
/// Members above which joins, leaves and presence of a room go out as counts once a second.
pub const BIG_ROOM_MEMBERS: usize = 200;
/// Members of one big room whose single changes a connection may ask for.
pub const WATCHED_MEMBERS: usize = 100;
/// Single changes of a big room that a client of the demo is sent, per second.
pub const DEMO_CHANGES_PER_SECOND: usize = 50;
/// Longest emoji of a reaction, in bytes.
pub const EMOJI_BYTES: usize = 64;
/// Kinds of reactions to one message.
pub const REACTION_KINDS: usize = 50;
/// People whom a message lists for one kind of reaction, and for all kinds together.
pub const REACTORS_LISTED: usize = 50;
/// See [`REACTORS_LISTED`].
pub const REACTORS_LISTED_IN_ALL: usize = 100;
/// People listed in one page of `reactors` at most.
pub const REACTORS_PAGE: usize = 100;
/// People that one message calls by name.
pub const MENTIONS: usize = 50;
/// Messages asked for by their places in one request.
pub const MESSAGES_ASKED: usize = 50;
/// Pinned messages of one room.
pub const PINS: usize = 100;
/// Unread messages are counted up to here; people are shown 99+.
pub const UNREAD_COUNTED: u32 = 100;
/// Longest search, in characters.
pub const SEARCH_CHARS: usize = 256;
/// Words and phrases of one search.
pub const SEARCH_WORDS: usize = 16;
/// Words with a star of one search: each of them is many words to the index.
pub const SEARCH_STARS: usize = 2;
/// Hits in one page of a search at most.
pub const SEARCH_PAGE: usize = 50;
/// A typing state lives this long unless it is repeated, in milliseconds.
pub const TYPING_MILLIS: u64 = 6_000;

/// How many people a message lists for each of so many kinds of reactions.
pub const fn reactors_listed(kinds: usize) -> usize {
    match REACTORS_LISTED_IN_ALL.checked_div(kinds) {
        Some(share) if share < REACTORS_LISTED => share,
        _ => REACTORS_LISTED,
    }
}

/// The limits in force, told to a client in `welcome`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Limits {
    /// False when the server was started with `--rate-limits off`; sizes hold all the same.
    pub rate_limits: bool,
    /// Messages a second and user, in the long run.
    pub chat_per_second: u32,
    /// Messages a user may send at once after a rest.
    pub chat_burst: u32,
    /// Joins a second and user, in the long run.
    pub joins_per_second: u32,
    /// Joins a user may make at once after a rest.
    pub joins_burst: u32,
    /// Frames of any kind a second and connection, in the long run.
    pub frames_per_second: u32,
    /// Frames a connection may send at once after a rest.
    pub frames_burst: u32,
    /// See [`CONTENT_GRAPHEMES`].
    pub content_graphemes: usize,
    /// See [`CONTENT_BYTES`].
    pub content_bytes: usize,
    /// See [`FRAME_BYTES`].
    pub frame_bytes: usize,
    /// See [`ROOMS_PER_CONNECTION`].
    pub rooms_per_connection: usize,
    /// See [`ROOMS_PER_PERSON`]. None: a server before there was such a limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rooms_per_person: Option<usize>,
}

crate::fields::from_fields! {
    Limits {
        rate_limits: need, chat_per_second: need, chat_burst: need, joins_per_second: need, joins_burst: need,
        frames_per_second: need, frames_burst: need, content_graphemes: need, content_bytes: need,
        frame_bytes: need, rooms_per_connection: need, rooms_per_person: get,
    }
}

impl Limits {
    /// The default rates with the sizes of this build.
    pub const fn standard(rate_limits: bool) -> Self {
        Self {
            rate_limits,
            chat_per_second: 5,
            chat_burst: 20,
            joins_per_second: 5,
            joins_burst: 30,
            frames_per_second: 50,
            frames_burst: 100,
            content_graphemes: CONTENT_GRAPHEMES,
            content_bytes: CONTENT_BYTES,
            frame_bytes: FRAME_BYTES,
            rooms_per_connection: ROOMS_PER_CONNECTION,
            rooms_per_person: Some(ROOMS_PER_PERSON),
        }
    }
}
