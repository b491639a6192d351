-- A room is a log. Its events share one clustered tree with those of the other rooms:
-- id = room * 2^40 + seq, so that a page of history is one range and the full-text index can use the same number.
CREATE TABLE rooms (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    epoch INTEGER NOT NULL,
    permanent INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    empty_since INTEGER
);

CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    message_id BLOB NOT NULL,
    author BLOB NOT NULL,
    name TEXT NOT NULL,
    client_message_id BLOB,
    content TEXT NOT NULL,
    created_at INTEGER NOT NULL
);

-- The client's id first: it is time-ordered, so that new entries meet in few pages whoever the authors are.
CREATE UNIQUE INDEX events_by_client_id ON events (client_message_id, author) WHERE client_message_id IS NOT NULL;

CREATE TABLE guests (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    secret BLOB NOT NULL UNIQUE,
    seen_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX guests_by_seen ON guests (seen_at);

CREATE TABLE memberships (
    room INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    guest BLOB NOT NULL REFERENCES guests (id) ON DELETE CASCADE,
    read_seq INTEGER NOT NULL,
    PRIMARY KEY (room, guest)
) WITHOUT ROWID;

CREATE INDEX memberships_by_guest ON memberships (guest);
