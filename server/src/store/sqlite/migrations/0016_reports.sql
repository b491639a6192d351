-- Messages that somebody reported, as they were then.
CREATE TABLE reports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    room INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    author BLOB NOT NULL,
    author_name TEXT NOT NULL,
    written_at INTEGER NOT NULL,
    -- None: not kept any more.
    content TEXT,
    by_user BLOB NOT NULL,
    by_name TEXT NOT NULL,
    reason TEXT,
    created_at INTEGER NOT NULL,
    -- Who settled it; none while it is open.
    resolved_by BLOB,
    resolved_name TEXT,
    resolved_at INTEGER,
    note TEXT,
    -- When, in server time.
    closed_at INTEGER
);

CREATE UNIQUE INDEX reports_open ON reports (room, seq, by_user) WHERE resolved_by IS NULL;
CREATE INDEX reports_of_room ON reports (room, id);
CREATE INDEX reports_by_author ON reports (author);
CREATE INDEX reports_by_reporter ON reports (by_user);
CREATE INDEX reports_closed ON reports (closed_at) WHERE closed_at IS NOT NULL;
