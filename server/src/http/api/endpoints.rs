//! What is possible over HTTP only, for the description: accounts, who comes in, administration, reports, links into rooms.
//! Each is carried out by a handler of its own in the folder above.

use axum::http::Method;

use super::operation::{Field, Kind, Operation, may, need};

const NAME: Field = need("name", Kind::Text, "the name of the account");
const PASSWORD: Field = need("password", Kind::Text, "the password");
const LINK: Field = need("link", Kind::Text, "the secret of the link");
const ID: Field = need("id", Kind::Id, "which one");
const NUMBER: Field = need("id", Kind::Number, "which one");
const ROOM: Field = need("room", Kind::Text, "the address of a room that you are in");
const AFTER: Field = may("after", Kind::Text, "only what comes after this name");
const BEFORE: Field = may("before", Kind::Number, "only what has an id below this one");
const LIMIT: Field = may("limit", Kind::Number, "how many at most");
const OPEN: Field = may("open", Kind::Flag, "only those that are open, or only those that are not");
const LASTS: Field = may("expires_in", Kind::Number, "how long it can be used, in seconds");
const USES: Field = may("uses", Kind::Number, "how many may use it");
const REASON: Field = may("reason", Kind::Text, "why");

/// What the audit log is filtered by.
const AUDIT: &[Field] = &[
    may("act", Kind::Text, "only acts of this kind"),
    may("by", Kind::Text, "only what this account did: its id, or its name at that time"),
    may("member", Kind::Text, "only what was done to this one"),
    may("room", Kind::Text, "only in the room at this address"),
    may("since", Kind::Text, "not before this time"),
    may("until", Kind::Text, "before this time"),
    BEFORE,
    LIMIT,
];

const fn get(path: &'static str, id: &'static str, summary: &'static str, answer: &'static str) -> Operation {
    of(Method::GET, path, id, summary, &[], answer)
}

const fn of(
    method: Method,
    path: &'static str,
    command: &'static str,
    summary: &'static str,
    fields: &'static [Field],
    answer: &'static str,
) -> Operation {
    Operation { method, path, command, summary, fields, answer }
}

/// All of them.
#[rustfmt::skip]
pub static ENDPOINTS: &[Operation] = &[
    of(Method::POST, "/api/v1/sign-up", "sign_up", "Make an account, and sign in; a guest becomes it by its secret",
        &[NAME, PASSWORD, may("link", Kind::Text, "an invitation")], "AccountSession"),
    of(Method::POST, "/api/v1/sign-in", "sign_in", "Sign in: a page gets a cookie, a program an access token",
        &[NAME, PASSWORD, may("link", Kind::Text, "the link of the owner")], "AccountSession"),
    of(Method::POST, "/api/v1/refresh", "refresh", "Exchange the cookie for a new one and an access token", &[], "AccountSession"),
    of(Method::POST, "/api/v1/sign-out", "sign_out", "End the session of the cookie", &[], "done"),
    of(Method::POST, "/api/v1/password", "change_password", "Change the password",
        &[PASSWORD, need("new_password", Kind::Text, "the new one")], "done"),
    get("/api/v1/account", "account", "Read one's account", "Account"),
    of(Method::PATCH, "/api/v1/account", "rename", "Change one's name", &[NAME], "Account"),
    of(Method::POST, "/api/v1/account/delete", "delete_account", "Delete one's account",
        &[PASSWORD, need("delete_messages", Kind::Flag, "whether what one wrote goes too")], "done"),
    of(Method::POST, "/api/v1/account/mail", "change_mail", "Give an address for a forgotten password",
        &[need("mail", Kind::Text, "the address"), PASSWORD], "accepted"),
    of(Method::POST, "/api/v1/account/mail/delete", "remove_mail", "Take it away", &[PASSWORD], "done"),
    get("/api/v1/account/download", "download_account", "Download what is stored about one, a JSON object a line", "lines"),
    of(Method::POST, "/api/v1/confirm-mail", "confirm_mail", "Confirm an address by a link", &[LINK], "ConfirmedMail"),
    of(Method::POST, "/api/v1/forgotten-password", "forgotten_password", "Have a link for a new password sent",
        &[need("account", Kind::Text, "the name or the address")], "accepted"),
    of(Method::POST, "/api/v1/reset-password", "reset_password", "Use a link for a new password, and sign in",
        &[LINK, PASSWORD], "AccountSession"),
    of(Method::PUT, "/api/v1/profile", "set_profile", "Replace what one tells of oneself; the fields are those of Profile", &[], "done"),
    get("/api/v1/sessions", "sessions", "List where one is signed in", "Sessions"),
    of(Method::DELETE, "/api/v1/sessions/{id}", "end_session", "End one of these sessions", &[ID], "done"),
    get("/api/v1/preferences", "preferences", "Read one's favourites, muted rooms and whom one has blocked", "Preferences"),
    of(Method::PUT, "/api/v1/preferences/favourites", "set_favourites", "Replace one's favourites",
        &[need("rooms", Kind::Texts, "addresses of rooms, in order")], "done"),
    of(Method::PUT, "/api/v1/preferences/rooms/{room}/muted", "mute_room", "Mute a room for oneself", &[ROOM], "done"),
    of(Method::DELETE, "/api/v1/preferences/rooms/{room}/muted", "unmute_room", "Unmute it", &[ROOM], "done"),
    of(Method::PUT, "/api/v1/blocked/{user_id}", "block", "Block somebody",
        &[need("user_id", Kind::Id, "whom")], "done"),
    of(Method::DELETE, "/api/v1/blocked/{user_id}", "unblock", "Unblock them", &[need("user_id", Kind::Id, "whom")], "done"),
    get("/api/v1/entrance", "entrance", "Who may come in", "Entrance"),
    of(Method::PATCH, "/api/v1/entrance", "change_entrance", "Decide who may come in (owners)",
        &[may("sign_up", Kind::OneOf(&["open", "invitation", "closed"]), "who may make an account"),
          may("guests", Kind::Flag, "whether guests may come in")], "done"),
    get("/api/v1/invitations", "invitations", "List the invitations that can be used (administrators)", "Invitations"),
    of(Method::POST, "/api/v1/invitations", "make_invitation", "Make an invitation (administrators)",
        &[LASTS, USES, may("unlimited", Kind::Flag, "whether as many may use it as like")], "NewLink"),
    of(Method::DELETE, "/api/v1/invitations/{id}", "withdraw_invitation", "Withdraw an invitation (administrators)", &[ID], "done"),
    of(Method::POST, "/api/v1/reset-links", "make_reset_link", "Make a link for a new password (administrators)", &[NAME], "NewLink"),
    of(Method::GET, "/api/v1/users", "users", "List accounts by name (administrators)",
        &[may("q", Kind::Text, "what names contain"), AFTER, LIMIT], "Users"),
    of(Method::PATCH, "/api/v1/users/{id}", "change_user", "Disable an account (administrators), or give it a role (owners)",
        &[ID, may("role", Kind::OneOf(&["member", "admin", "owner"]), "what it is from now on"),
          may("disabled", Kind::Flag, "whether nobody can sign in")], "done"),
    of(Method::GET, "/api/v1/all-rooms", "all_rooms", "List all public rooms (administrators)", &[AFTER, LIMIT], "ListedRooms"),
    of(Method::PATCH, "/api/v1/all-rooms/{room}", "change_room", "Archive a public room, or keep it (administrators)",
        &[need("room", Kind::Text, "its name"), may("archived", Kind::Flag, "whether it can only be read"),
          may("permanent", Kind::Flag, "whether it stays when nobody is in it")], "done"),
    get("/api/v1/bans", "bans", "List who is banned from the server (administrators)", "Bans"),
    of(Method::POST, "/api/v1/bans", "ban", "Ban somebody, or a network, from the server (administrators)",
        &[may("name", Kind::Text, "whom; or give one of the others"), may("user_id", Kind::Id, "whom"),
          may("address", Kind::Text, "which IP address, with its network"),
          may("seconds", Kind::Number, "how long; without it, until it is lifted"), REASON,
          may("with_addresses", Kind::Flag, "whether the addresses that they come from are banned too")], "Bans"),
    of(Method::DELETE, "/api/v1/bans/{id}", "lift_ban", "Lift a ban (administrators)", &[NUMBER], "done"),
    of(Method::GET, "/api/v1/audit", "audit", "Read the audit log (administrators)", AUDIT, "AuditPage"),
    of(Method::GET, "/api/v1/audit/download", "download_audit", "Download it, an entry a line (administrators)", AUDIT, "lines"),
    of(Method::POST, "/api/v1/rooms/{room}/messages/{target}/reports", "report", "Report somebody else's message",
        &[ROOM, need("target", Kind::Number, "the position of the message"), REASON], "done"),
    of(Method::GET, "/api/v1/rooms/{room}/reports", "room_reports", "List the reports of a room (moderators)", &[ROOM, OPEN, BEFORE], "Reports"),
    of(Method::GET, "/api/v1/reports", "reports", "List all reports (administrators)", &[OPEN, BEFORE], "Reports"),
    of(Method::POST, "/api/v1/reports/{id}/resolve", "resolve_report", "Settle a report",
        &[NUMBER, may("note", Kind::Text, "what was done")], "done"),
    of(Method::GET, "/api/v1/rooms/{room}/links", "room_links", "List the links into a room", &[ROOM], "RoomLinks"),
    of(Method::POST, "/api/v1/rooms/{room}/links", "make_room_link", "Make a link into a room", &[ROOM, LASTS, USES], "NewLink"),
    of(Method::DELETE, "/api/v1/rooms/{room}/links/{id}", "withdraw_room_link", "Withdraw a link", &[ROOM, ID], "done"),
    of(Method::POST, "/api/v1/join", "use_room_link", "Use a link into a room: one is a member from now on", &[LINK], "RoomLinkUsed"),
    of(Method::POST, "/api/v1/join/preview", "preview_room_link", "Read where a link leads", &[LINK], "RoomLinkPreview"),
];

/// Those that need nobody to be signed in, or a cookie.
pub const WITHOUT_TOKEN: [&str; 9] = [
    "sign_up",
    "sign_in",
    "refresh",
    "sign_out",
    "entrance",
    "forgotten_password",
    "confirm_mail",
    "reset_password",
    "preview_room_link",
];
