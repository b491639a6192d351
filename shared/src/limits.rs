//! All limits of the protocol. The server enforces them for every client, including demo clients.

use crate::fields::object;

/// Maximum length of a user name, in characters (Unicode scalar values after normalisation).
pub const USER_NAME_CHARS: usize = 32;
/// Length of a password, in characters (Unicode scalar values after normalisation).
pub const PASSWORD_LEAST: usize = 8;
pub const PASSWORD_MOST: usize = 128;
/// Maximum length of a password as it is sent, in bytes.
pub const PASSWORD_BYTES: usize = 1_024;
/// Maximum length of a status and of the reading of a name, in user-visible characters.
pub const STATUS_CHARS: usize = 80;
pub const READING_CHARS: usize = 48;
/// Maximum length of the name of a time zone, in bytes.
pub const TIME_ZONE_BYTES: usize = 40;
/// Number of colours that a profile chooses from.
pub const PROFILE_COLOURS: u32 = 8;
/// Maximum length of a mail address, in bytes (RFC 5321, section 4.5.3.1.3).
pub const MAIL_ADDRESS_BYTES: usize = 254;
/// Longest life of an invitation, in days, and how often it can be used at most if that is bounded.
pub const INVITATION_DAYS: u32 = 30;
pub const INVITATION_USES: u32 = 10_000;
/// Maximum length of a room name, in characters (Unicode scalar values after normalisation).
pub const ROOM_NAME_CHARS: usize = 64;
/// Maximum length of the title, the topic and the description of a room, in user-visible characters.
pub const ROOM_TITLE_CHARS: usize = 64;
pub const TOPIC_CHARS: usize = 200;
pub const DESCRIPTION_CHARS: usize = 1_000;
/// Maximum length of the reason that somebody gives for removing somebody, in user-visible characters.
pub const REASON_CHARS: usize = 200;
/// Longest pause that a room can ask for between two messages of a member, in seconds.
pub const SLOW_SECONDS: u32 = 21_600;
/// Longest ban or mute that ends by itself, in seconds.
pub const RESTRICTION_SECONDS: u32 = 366 * 24 * 3_600;
/// Maximum number of restrictions of a room.
pub const RESTRICTIONS_PER_ROOM: usize = 500;
/// Open reports of a room, and of one reporter, at most.
pub const REPORTS_PER_ROOM: usize = 500;
pub const REPORTS_PER_PERSON: usize = 100;
/// How long a link into a room can be used, in seconds: an hour, a day, a week, 30 days.
pub const ROOM_LINK_SECONDS: [u32; 4] = [3_600, 86_400, 604_800, 2_592_000];
/// How often a link into a room can be used at most.
pub const ROOM_LINK_USES: u32 = 1_000;
/// Maximum number of links into a room that can be used.
pub const LINKS_PER_ROOM: usize = 100;
/// How long somebody who was removed from a public room may not come back, in seconds.
pub const REMOVED_FOR_SECONDS: u32 = 600;
/// Maximum number of people invited by the request that creates a room.
pub const INVITED_AT_ONCE: usize = 50;
/// Maximum length of a message text, in user-visible characters (extended grapheme clusters, UAX #29).
pub const CONTENT_GRAPHEMES: usize = 4_000;
/// Maximum length of a message text, in bytes of UTF-8.
pub const CONTENT_BYTES: usize = 16 * 1024;
/// Maximum payload of a WebSocket message or frame from a client, in bytes.
pub const FRAME_BYTES: usize = 64 * 1024;
/// Backlog of live events that a connection may have for any length of time, in bytes. A connection with more is closed
/// as a slow consumer (4008) if its socket accepts nothing for [`STALLED_MILLIS`], or too little within
/// [`SLOW_MILLIS`].
pub const LIVE_QUEUE_BYTES: usize = 256 * 1024;
/// See [`LIVE_QUEUE_BYTES`]; in milliseconds.
pub const STALLED_MILLIS: u64 = 1_000;
/// Of the backlog from this long ago, at most [`LIVE_QUEUE_BYTES`] may remain; in milliseconds.
pub const SLOW_MILLIS: u64 = 10_000;
/// Backlog of live events that a connection may have at any moment, in bytes. More than one commit produces, whose
/// texts have at most 1 MiB.
pub const LIVE_QUEUE_MOST_BYTES: usize = 8 * 1024 * 1024;
/// Number of pieces that a connection's backlog may have at any moment. The bytes of the pieces are shared by all
/// recipients; only the list of pieces belongs to the connection.
pub const LIVE_QUEUE_MOST_PIECES: usize = 4_096;
/// Backlog of live events above which typing and presence are no longer queued for a connection, in bytes.
pub const EPHEMERAL_QUEUE_BYTES: usize = LIVE_QUEUE_BYTES / 2;
/// Target size of one page of a snapshot, resume or history, in bytes.
pub const PAGE_BYTES: usize = 64 * 1024;
/// Maximum length of a request id that is a string, in bytes.
pub const REQUEST_ID_BYTES: usize = 64;
/// Maximum number of rooms that a connection may be in, beside direct conversations.
pub const ROOMS_PER_CONNECTION: usize = 200;
/// Maximum number of rooms that a user may be in, over all connections, beside direct conversations.
pub const ROOMS_PER_PERSON: usize = ROOMS_PER_CONNECTION;
/// Maximum number of people in a direct conversation.
pub const DIRECT_PEOPLE: usize = 9;
/// Maximum number of direct conversations of a user, also those that are not in their list. They do not count as rooms.
pub const DIRECT_PER_PERSON: usize = 1_000;
/// Maximum number of favourite rooms, of muted rooms, and of blocked people of an account.
pub const FAVOURITES: usize = 200;
pub const MUTED_ROOMS: usize = 500;
pub const BLOCKED_PEOPLE: usize = 500;
/// Number of messages in a fresh snapshot of a room.
pub const SNAPSHOT_EVENTS: u16 = 50;
/// Maximum number of events that a resume replays; a larger gap is answered with a snapshot.
pub const RESUME_EVENTS: u64 = 1_000;
/// Maximum number of events per page of history.
pub const HISTORY_EVENTS: u16 = 200;
/// Maximum number of members in `joined` and per page of `members`.
pub const MEMBERS_PAGE: usize = 100;
/// Maximum number of rooms per page of `rooms`.
pub const ROOMS_PAGE: usize = 200;
/// Number of members above which joins, leaves and presence in a room are sent as counts once a second.
pub const BIG_ROOM_MEMBERS: usize = 200;
/// Maximum number of members of a big room whose individual changes a connection may subscribe to.
pub const WATCHED_MEMBERS: usize = 100;
/// Maximum number of individual changes of a big room sent to a demo client per second.
pub const DEMO_CHANGES_PER_SECOND: usize = 50;
/// Maximum length of the emoji of a reaction, in bytes.
pub const EMOJI_BYTES: usize = 64;
/// Maximum number of different emoji in the reactions to a message.
pub const REACTION_KINDS: usize = 50;
/// Maximum number of users that a message lists per emoji; for all emoji together see [`REACTORS_LISTED_IN_ALL`].
pub const REACTORS_LISTED: usize = 50;
/// See [`REACTORS_LISTED`].
pub const REACTORS_LISTED_IN_ALL: usize = 100;
/// Maximum number of users per page of `reactors`.
pub const REACTORS_PAGE: usize = 100;
/// Maximum number of users that a message mentions by name.
pub const MENTIONS: usize = 50;
/// Maximum number of messages requested by `seq` at once.
pub const MESSAGES_ASKED: usize = 50;
/// Maximum number of pinned messages in a room.
pub const PINS: usize = 100;
/// Unread messages are counted up to this number; users see 99+.
pub const UNREAD_COUNTED: u32 = 100;
/// Maximum length of a search query, in characters.
pub const SEARCH_CHARS: usize = 256;
/// Maximum number of words and phrases in a search query.
pub const SEARCH_WORDS: usize = 16;
/// Maximum number of words with a star in a search query: each expands to many words in the index.
pub const SEARCH_STARS: usize = 2;
/// Maximum number of hits per page of a search.
pub const SEARCH_PAGE: usize = 50;
/// TTL of a typing state that is not repeated, in milliseconds.
pub const TYPING_MILLIS: u64 = 6_000;

/// Returns how many users a message lists per emoji if its reactions have `kinds` different emoji.
pub const fn reactors_listed(kinds: usize) -> usize {
    match REACTORS_LISTED_IN_ALL.checked_div(kinds) {
        Some(share) if share < REACTORS_LISTED => share,
        _ => REACTORS_LISTED,
    }
}

object! {
    /// The limits in force, sent to clients in `welcome`.
    pub struct Limits {
        /// False if the server runs with `--rate-limits off`; size limits apply in any case.
        pub rate_limits: bool = need,
        /// Sustained messages per second and user.
        pub chat_per_second: u32 = need,
        /// Messages that a user may send in a burst after a pause.
        pub chat_burst: u32 = need,
        /// Sustained joins per second and user.
        pub joins_per_second: u32 = need,
        /// Joins that a user may make in a burst after a pause.
        pub joins_burst: u32 = need,
        /// Sustained frames of any kind per second and connection.
        pub frames_per_second: u32 = need,
        /// Frames that a connection may send in a burst after a pause.
        pub frames_burst: u32 = need,
        /// See [`CONTENT_GRAPHEMES`].
        pub content_graphemes: usize = need,
        /// See [`CONTENT_BYTES`].
        pub content_bytes: usize = need,
        /// See [`FRAME_BYTES`].
        pub frame_bytes: usize = need,
        /// See [`ROOMS_PER_CONNECTION`].
        pub rooms_per_connection: usize = need,
        /// See [`ROOMS_PER_PERSON`]. `None` from servers that predate this limit.
        pub rooms_per_person: Option<usize> = get,
    }
}

impl Limits {
    /// Returns the default rates with the sizes of this build.
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
