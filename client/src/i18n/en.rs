//! English.

use super::texts::{Errors, SearchProblems, Texts};

pub const TEXTS: Texts = Texts {
    tagline: "A square for people to meet. Give a name and you are in.",
    your_name: "Your name",
    name_hint: "Up to 32 characters. Others see it beside your messages.",
    name_placeholder: "For example Hanako",
    enter: "Enter the square",
    name_empty: "Please give a name.",
    name_too_long: |limit| format!("A name has at most {limit} characters."),
    name_forbidden: "The name has a character that cannot be seen. Please type it again.",

    skip_to_composer: "Skip to the message box",
    rooms: "Rooms",
    your_rooms: "Your rooms",
    other_rooms: "Other rooms",
    no_rooms: "You are in no room. Choose one below or name a new one.",
    new_room: "Join or create a room",
    new_room_placeholder: "Name of a room",
    join: "Join",
    room_tilde: "A room's name does not begin with “~”.",
    room_dots: "A room’s name is more than dots.",
    leave_room: |room| format!("Leave {room}"),
    open_rooms: "Show rooms",
    close: "Close",
    people: |count, shown| if count == 1 { "1 person".to_owned() } else { format!("{shown} people") },
    unread: |count| format!("{count} unread"),
    mentions: |count| {
        if count == "1" { "1 mention of you".to_owned() } else { format!("{count} mentions of you") }
    },
    draft: "Draft",
    no_room_open: "No room is open",
    go_to_general: "Go to general",

    messages_of: |room| format!("Messages in {room}"),
    loading_messages: "Loading the messages…",
    loading_older: "Loading older messages…",
    older_failed: "The older messages could not be loaded.",
    loading_newer: "Loading newer messages…",
    newer_failed: "The newer messages could not be loaded.",
    new_from_here: "New",
    beginning: |room| format!("This is the beginning of {room}."),
    empty_room: "Nobody has written here yet. The first word is yours.",
    today: "Today",
    yesterday: "Yesterday",
    jump_to_latest: "Jump to the latest",
    new_messages: |count, shown| {
        if count == 1 { "1 new message".to_owned() } else { format!("{shown} new messages") }
    },
    sending: "Sending…",
    uncertain: "Nobody can tell any more whether this was sent.",
    retry: "Try again",
    discard: "Discard",
    you: "you",
    announcement: |author, text| format!("{author}: {text}"),
    announce_many: |_, shown| format!("{shown} new messages"),

    write_to: |room| format!("Message to {room}"),
    send: "Send",
    send_hint: "Enter sends, Shift+Enter breaks the line",
    characters_left: |count| format!("{count} characters left"),
    too_long: |over, limit| format!("{over} characters too many; a message has at most {limit}."),
    too_many_bytes: "The message is too long. Please send it in parts.",
    far_too_long: |limit| {
        format!(
            "Far too long: a message has at most {limit} characters. The text stays here; please send it in parts."
        )
    },
    typing_one: |a| format!("{a} is typing…"),
    typing_two: |a, b| format!("{a} and {b} are typing…"),
    typing_many: |a, others| format!("{a} and {others} others are typing…"),

    members: "People",
    open_members: "Show people",
    online: "online",
    away: "away",
    offline: "offline",
    more_members: |count| format!("Show more ({count})"),

    connection_lost: "The connection is lost.",
    connecting: "Connecting…",
    next_try: |seconds, shown| {
        if seconds == 1 {
            "Next try in 1 second.".to_owned()
        } else {
            format!("Next try in {shown} seconds.")
        }
    },
    retry_now: "Retry now",
    messages_wait: "You can go on writing; it is sent as soon as the connection is back.",
    stopped: "The server has closed the connection.",
    removed: "A moderator has removed you from this server.",
    barred: "The server answers, but something on the way to it does not let this page connect: most often a proxy that does not pass WebSockets on.",
    foreign_origin: |origin| {
        format!(
            "This server does not let pages from {origin} connect. Whoever runs it can allow them with the flag --allow-origin {origin}."
        )
    },
    plain_http: "This address is not encrypted (http). Messages work, but here browsers allow neither the microphone nor notifications nor passkeys.",

    renamed: |asked, got| format!("{asked} is taken here, so you are {got}."),
    new_guest: |name| format!("Your earlier visit has ended. You are now here as {name}."),
    session_ended: "Your visit has ended. Give a name to come back.",
    not_joined: |room, reason| format!("{room} could not be joined. {reason}"),
    message_not_found: "That message is not there any more. Here is the latest.",
    dismiss: "Dismiss",

    settings: "Settings",
    signed_in_as: "You are here as",
    language: "Language",
    theme: "Appearance",
    theme_system: "As the system",
    theme_light: "Light",
    theme_dark: "Dark",
    sign_out: "Leave Hiroba",
    sign_out_explained: "Your name becomes free for others, and this tab forgets who you were.",
    parting_question: "Leave all the same?",
    loses_drafts: |count, shown| {
        if count == 1 {
            "1 text that you began will be lost.".to_owned()
        } else {
            format!("{shown} texts that you began will be lost.")
        }
    },
    loses_unsent: |count, shown| {
        if count == 1 {
            "1 message or change has not been sent and will be lost.".to_owned()
        } else {
            format!("{shown} messages or changes have not been sent and will be lost.")
        }
    },

    message_actions: "What to do with the message",
    react: "React",
    reply: "Reply",
    edit: "Edit",
    more_actions: "More",
    copy_link: "Copy link",
    copy_text: "Copy text",
    pin: "Pin to the room",
    unpin: "Unpin",
    mark_unread: "Mark unread from here",
    edit_history: "Earlier texts",
    delete: "Delete",
    link_copied: "The link is copied.",
    text_copied: "The text is copied.",
    copy_failed: "The browser did not allow copying.",
    message_label: |author, time, text| format!("{author}, {time}: {text}"),
    deleted: "This message was deleted.",
    edited: "(edited)",
    edited_at: |when| format!("Edited on {when}"),
    pinned: "Pinned",
    edit_box: "Text of the message",
    save: "Save",
    cancel: "Cancel",
    edit_hint: "Enter saves, Esc cancels",
    delete_question: "Delete this message?",
    delete_explained: "It disappears for everybody, and nobody can bring it back.",
    first_version: "First text",
    present_version: "Present text",

    replying_to: |name| format!("Replying to {name}"),
    cancel_reply: "Do not reply",
    quote_deleted: "Reply to a message that was deleted",
    quote_missing: "Reply to a message that is no longer there",
    replies: "Replies",
    show_replies: "Show replies",
    no_replies: "Nobody has replied yet. “Reply” on the message makes the first one.",
    pins: "Pinned messages",
    no_pins: "Nothing is pinned yet. Open the menu of a message and pin it: everybody in the room finds it here.",
    go_to_message: "Go to the message",
    loading: "Loading…",
    load_failed: "That could not be loaded.",
    try_again: "Try again",
    show_more: "Show more",

    reactors: |names, others, shown| match (names, others) {
        ([], _) => String::new(),
        ([one], 0) => (*one).to_owned(),
        ([first @ .., last], 0) => format!("{} and {last}", first.join(", ")),
        (names, 1) => format!("{} and 1 other", names.join(", ")),
        (names, _) => format!("{} and {shown} others", names.join(", ")),
    },
    emoji: "Emoji",
    emoji_search: "Search emoji",
    emoji_often: "Often used",
    emoji_all: "All",
    emoji_none: "No emoji is called that.",

    mention_whom: "People to mention",
    mention_everybody: "everybody in this room",

    search: "Search",
    search_messages: "Search messages",
    search_clear: "Clear the search",
    search_hint: "Finds messages of all public rooms that have every word. Japanese, Chinese and Korean are found by any part, even a single character; upper and lower case, full and half width, letters with and without accents are the same.",
    search_filters: [
        ("from:Hanako", "by this person"),
        ("in:general", "in this room"),
        ("after:2026-11-23", "after this day"),
        ("before:2026-11-24", "before this day"),
        ("has:link", "with a link"),
        ("has:reaction", "with a reaction"),
        ("\"…\"", "exactly these words, in this order"),
        ("word*", "words that begin so"),
        ("-word", "without this word; also -\"…\", -from:, -in:, -has:"),
    ],
    search_found: |count, shown, more| match (count, more) {
        (1, false) => "1 message".to_owned(),
        (_, false) => format!("{shown} messages"),
        (_, true) => format!("The newest {shown} messages"),
    },
    search_nothing: |query| format!("Nothing was found for “{query}”."),
    search_incomplete: "The search index is being made anew. Until that is done, older messages may be missing.",
    search_nothing_hint: "Fewer words or fewer filters find more.",
    searching: "Searching…",
    search_problems: SearchProblems {
        too_long: |limit| format!("Please search for at most {limit} characters."),
        too_many_words: |limit| format!("Please search for at most {limit} words."),
        too_many_stars: |limit| format!("Please put a star behind at most {limit} words."),
        nothing: "Please type a word to look for.",
        star: "Please put at least two characters before the star.",
        day: "Please write a day as 2026-11-24.",
        has: "has: takes “link”, “file” or “reaction”.",
        name: "That name is not possible.",
        twice: "Please give each filter once.",
        minus: "before: and after: cannot have a minus.",
        other: "The search was not understood. The filters are explained below.",
    },

    errors: Errors {
        invalid_name: "The name is not possible.",
        content_empty: "The message has no text.",
        content_too_long: "The message is too long.",
        not_a_member: "You are not in this room.",
        forbidden: "Only its author may do that.",
        no_such_message: "The message is not there any more.",
        too_many: "There are as many as is possible. Take one away first.",
        too_many_rooms: "You are in as many rooms as is possible. Leave one first.",
        id_conflict: "The message was sent before with another text.",
        rate_limited: |seconds| {
            if seconds == 1 {
                "That was too fast. Please wait a second.".to_owned()
            } else {
                format!("That was too fast. Please wait {seconds} seconds.")
            }
        },
        unavailable: "The server cannot store anything at the moment. Please try again later.",
        internal: "Something went wrong on the server. Please try again.",
        other: "The server did not understand the request. Reloading the page may help.",
    },
};
