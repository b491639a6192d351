//! The requests of the protocol that are possible over HTTP: all but those that are about a connection.

use axum::http::Method;

use super::operation::{Field, Kind, Operation, may, need};

const ROOM: Field = need("room", Kind::Text, "the address of a room that you are in");
const OPEN: Field =
    need("room", Kind::Text, "the name of a public room, or the address of one that you are in");
const TARGET: Field = need("target", Kind::Number, "the position of the message");
const MEMBER: Field = need("user_id", Kind::Id, "the id of the person");
const ID: Field = may("user_id", Kind::Id, "the id of the person; or give the name");
const NAME: Field = may("username", Kind::Text, "the name of the person");
const EMOJI: Field = need("emoji", Kind::Text, "the emoji");
const OWN_ID: Field = may(
    "client_message_id",
    Kind::Id,
    "an id of your own (UUID), so that the same request can be repeated without doing it twice",
);
const EPOCH: Field =
    may("epoch", Kind::Number, "the log that the position counts in; refused if the room has another now");
const RESTRICTION: Kind = Kind::OneOf(&["ban", "mute"]);
const AFTER: Field = may("after", Kind::Number, "only what comes after this position");
const BEFORE: Field = may("before", Kind::Number, "only what comes before this position");
const LIMIT: Field = may("limit", Kind::Number, "how many at most");
const REASON: Field = may("reason", Kind::Text, "why; it is shown to them");
const TITLE: Field = may("title", Kind::Text, "what a private room is called");
const TOPIC: Field = may("topic", Kind::Text, "one line; empty to take it away");
const DESCRIPTION: Field = may("description", Kind::Text, "more about the room; empty to take it away");

const ROOMS: &str = "/api/v1/rooms";
const ONE: &str = "/api/v1/rooms/{room}";
const JOIN: &str = "/api/v1/rooms/{room}/join";
const LEAVE: &str = "/api/v1/rooms/{room}/leave";
const MEMBERS: &str = "/api/v1/rooms/{room}/members";
const ONE_MEMBER: &str = "/api/v1/rooms/{room}/members/{user_id}";
const ROLE: &str = "/api/v1/rooms/{room}/members/{user_id}/role";
const RESTRICTIONS: &str = "/api/v1/rooms/{room}/restrictions";
const ONE_RESTRICTION: &str = "/api/v1/rooms/{room}/restrictions/{kind}/{user_id}";
const MESSAGES: &str = "/api/v1/rooms/{room}/messages";
const MESSAGE: &str = "/api/v1/rooms/{room}/messages/{target}";
const REPLIES: &str = "/api/v1/rooms/{room}/messages/{target}/replies";
const VERSIONS: &str = "/api/v1/rooms/{room}/messages/{target}/versions";
const REACTION: &str = "/api/v1/rooms/{room}/messages/{target}/reactions/{emoji}";
const PIN: &str = "/api/v1/rooms/{room}/messages/{target}/pin";
const PINS: &str = "/api/v1/rooms/{room}/pins";
const READ: &str = "/api/v1/rooms/{room}/read";
const UNREAD: &str = "/api/v1/rooms/{room}/unread";

/// All of them, by path.
pub static OPERATIONS: [Operation; 30] = [
    Operation {
        method: Method::GET,
        path: ROOMS,
        command: "list_rooms",
        summary: "List the public rooms, by name",
        fields: &[may("after", Kind::Text, "only rooms after this one"), LIMIT],
        answer: "rooms",
    },
    Operation {
        method: Method::POST,
        path: ROOMS,
        command: "create_room",
        summary: "Create a private room, or open the direct conversation of some people",
        fields: &[
            need("kind", Kind::OneOf(&["private", "direct"]), "what to create"),
            TITLE,
            TOPIC,
            DESCRIPTION,
            may("user_ids", Kind::Ids, "whom to invite, or whose conversation it is"),
            may("usernames", Kind::Texts, "for a conversation: the same by name"),
            OWN_ID,
        ],
        answer: "joined",
    },
    Operation {
        method: Method::PATCH,
        path: ONE,
        command: "edit_room",
        summary: "Change what a room tells of itself, or how it is used",
        fields: &[
            ROOM,
            TITLE,
            TOPIC,
            DESCRIPTION,
            may("slow_seconds", Kind::Number, "how long members wait between two messages; 0: not at all"),
            may("archived", Kind::Flag, "whether it can only be read"),
            may("permanent", Kind::Flag, "whether it stays when nobody is in it"),
        ],
        answer: "done",
    },
    Operation {
        method: Method::POST,
        path: JOIN,
        command: "join_room",
        summary: "Join a room, and read its latest messages",
        fields: &[OPEN],
        answer: "joined",
    },
    Operation {
        method: Method::POST,
        path: LEAVE,
        command: "leave_room",
        summary: "Leave a room",
        fields: &[ROOM],
        answer: "left",
    },
    Operation {
        method: Method::GET,
        path: MEMBERS,
        command: "members",
        summary: "List the members of a room",
        fields: &[ROOM, may("after", Kind::Id, "only members after this one"), LIMIT],
        answer: "members",
    },
    Operation {
        method: Method::POST,
        path: MEMBERS,
        command: "invite",
        summary: "Make somebody a member of a private room",
        fields: &[ROOM, ID, NAME],
        answer: "done",
    },
    Operation {
        method: Method::DELETE,
        path: ONE_MEMBER,
        command: "remove_member",
        summary: "End somebody's membership; they may come back into a public room after ten minutes",
        fields: &[ROOM, MEMBER, REASON],
        answer: "done",
    },
    Operation {
        method: Method::PUT,
        path: ROLE,
        command: "set_room_role",
        summary: "Make a member a moderator of the room, or not any more",
        fields: &[
            ROOM,
            MEMBER,
            need("role", Kind::OneOf(&["member", "moderator"]), "what they are from now on"),
        ],
        answer: "done",
    },
    Operation {
        method: Method::GET,
        path: RESTRICTIONS,
        command: "list_restrictions",
        summary: "List the bans and mutes of a room",
        fields: &[ROOM],
        answer: "restrictions",
    },
    Operation {
        method: Method::POST,
        path: RESTRICTIONS,
        command: "restrict",
        summary: "Ban or mute somebody in a room",
        fields: &[
            ROOM,
            need("kind", RESTRICTION, "which of both"),
            ID,
            NAME,
            may("seconds", Kind::Number, "how long; without it, until it is lifted"),
            REASON,
        ],
        answer: "done",
    },
    Operation {
        method: Method::DELETE,
        path: ONE_RESTRICTION,
        command: "lift_restriction",
        summary: "End a ban or mute",
        fields: &[ROOM, need("kind", RESTRICTION, "which of both"), MEMBER],
        answer: "done",
    },
    Operation {
        method: Method::GET,
        path: MESSAGES,
        command: "history",
        summary: "Read messages: the latest, or those before, after or around a position",
        fields: &[ROOM, BEFORE, AFTER, may("around", Kind::Number, "those around this position"), LIMIT],
        answer: "history",
    },
    Operation {
        method: Method::POST,
        path: MESSAGES,
        command: "chat",
        summary: "Write a message; a public room is joined first",
        fields: &[
            OPEN,
            need("content", Kind::Text, "the text"),
            may("reply_to", Kind::Number, "the position of the message that it answers"),
            OWN_ID,
        ],
        answer: "ack",
    },
    Operation {
        method: Method::GET,
        path: MESSAGE,
        command: "get_messages",
        summary: "Read one message",
        fields: &[ROOM, need("target", Kind::OnlySeq, "the position of the message")],
        answer: "messages",
    },
    Operation {
        method: Method::PATCH,
        path: MESSAGE,
        command: "edit_message",
        summary: "Change the text of your message",
        fields: &[ROOM, TARGET, need("content", Kind::Text, "the new text"), EPOCH, OWN_ID],
        answer: "ack",
    },
    Operation {
        method: Method::DELETE,
        path: MESSAGE,
        command: "delete_message",
        summary: "Delete a message",
        fields: &[ROOM, TARGET, EPOCH, OWN_ID],
        answer: "ack",
    },
    Operation {
        method: Method::GET,
        path: REPLIES,
        command: "list_replies",
        summary: "List the replies to a message",
        fields: &[ROOM, TARGET, AFTER],
        answer: "messages",
    },
    Operation {
        method: Method::GET,
        path: VERSIONS,
        command: "list_versions",
        summary: "List the texts that a message has had",
        fields: &[ROOM, TARGET, AFTER, BEFORE],
        answer: "versions",
    },
    Operation {
        method: Method::GET,
        path: REACTION,
        command: "list_reactors",
        summary: "List who reacted to a message with an emoji",
        fields: &[ROOM, TARGET, EMOJI, AFTER],
        answer: "reactors",
    },
    Operation {
        method: Method::PUT,
        path: REACTION,
        command: "add_reaction",
        summary: "React to a message",
        fields: &[ROOM, TARGET, EMOJI, EPOCH, OWN_ID],
        answer: "ack",
    },
    Operation {
        method: Method::DELETE,
        path: REACTION,
        command: "remove_reaction",
        summary: "Take a reaction back",
        fields: &[ROOM, TARGET, EMOJI, EPOCH, OWN_ID],
        answer: "ack",
    },
    Operation {
        method: Method::PUT,
        path: PIN,
        command: "pin_message",
        summary: "Pin a message",
        fields: &[ROOM, TARGET, EPOCH, OWN_ID],
        answer: "ack",
    },
    Operation {
        method: Method::DELETE,
        path: PIN,
        command: "unpin_message",
        summary: "Unpin a message",
        fields: &[ROOM, TARGET, EPOCH, OWN_ID],
        answer: "ack",
    },
    Operation {
        method: Method::GET,
        path: PINS,
        command: "list_pins",
        summary: "List the pinned messages",
        fields: &[ROOM, AFTER, BEFORE],
        answer: "messages",
    },
    Operation {
        method: Method::PUT,
        path: READ,
        command: "mark_read",
        summary: "Mark everything up to a position as read",
        fields: &[ROOM, need("seq", Kind::Number, "the last position that was read")],
        answer: "read",
    },
    Operation {
        method: Method::GET,
        path: UNREAD,
        command: "count_unread",
        summary: "Count what is unread",
        fields: &[ROOM],
        answer: "read",
    },
    Operation {
        method: Method::PUT,
        path: UNREAD,
        command: "mark_unread",
        summary: "Mark everything from a position on as unread",
        fields: &[ROOM, need("seq", Kind::Number, "the first position that is unread")],
        answer: "read",
    },
    Operation {
        method: Method::GET,
        path: "/api/v1/search",
        command: "search",
        summary: "Search all rooms that you may read",
        fields: &[
            need(
                "query",
                Kind::Text,
                "words, phrases in quotation marks, and filters as in docs/protocol.md",
            ),
            LIMIT,
            may("cursor", Kind::Number, "where the page before ended"),
        ],
        answer: "search_results",
    },
    Operation {
        method: Method::POST,
        path: "/api/v1/announcements",
        command: "announce",
        summary: "Tell everybody on the server something",
        fields: &[need("content", Kind::Text, "the text")],
        answer: "done",
    },
];
