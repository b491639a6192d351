-- Links that let people into a room. Their secrets stand in the fragment of an address.
CREATE TABLE room_links (
    id BLOB PRIMARY KEY,
    -- The SHA-256 of the secret.
    secret BLOB NOT NULL UNIQUE,
    room INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    made_by BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    made_at INTEGER NOT NULL,
    -- It ends when either clock has reached this: in server time, and in UTC.
    ends_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    uses_left INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX room_links_of_room ON room_links (room, made_by);
CREATE INDEX room_links_by_maker ON room_links (made_by);
