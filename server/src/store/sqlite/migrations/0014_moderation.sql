-- How a room is used: seconds that a member waits between two messages; whether it can only be read.
ALTER TABLE rooms ADD COLUMN slow_seconds INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rooms ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;

-- What somebody may not do in a room.
CREATE TABLE restrictions (
    room INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    user BLOB NOT NULL,
    -- 0: be in the room; 1: write in it.
    kind INTEGER NOT NULL,
    -- The user's name at that time.
    name TEXT NOT NULL,
    by_user BLOB NOT NULL,
    by_name TEXT NOT NULL,
    reason TEXT,
    created_at INTEGER NOT NULL,
    -- By the wall clock. None: until somebody lifts it.
    until INTEGER,
    PRIMARY KEY (room, user, kind)
) WITHOUT ROWID;

-- Who did what to whom. Rooms and people are kept as they were called: the entry outlives them.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at INTEGER NOT NULL,
    act TEXT NOT NULL,
    by_user BLOB NOT NULL,
    by_name TEXT NOT NULL,
    room TEXT,
    user BLOB,
    name TEXT,
    -- JSON, by the act.
    detail TEXT
);

CREATE INDEX audit_by_actor ON audit (by_user, id);
CREATE INDEX audit_by_user ON audit (user, id) WHERE user IS NOT NULL;
CREATE INDEX audit_by_room ON audit (room, id) WHERE room IS NOT NULL;

-- Who may not come to the server, or from where nobody may.
CREATE TABLE bans (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user BLOB,
    name TEXT,
    by_user BLOB NOT NULL,
    by_name TEXT NOT NULL,
    -- None: only the user may not come.
    address TEXT,
    reason TEXT,
    created_at INTEGER NOT NULL,
    -- By the wall clock. None: until somebody lifts it.
    until INTEGER
);
