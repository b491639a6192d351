-- Who somebody is (users) and where they are signed in (sessions) are two things. Memberships, marks and authorship
-- belong to users.
CREATE TABLE users (
    id BLOB PRIMARY KEY,
    -- 0: guest.
    kind INTEGER NOT NULL,
    name TEXT NOT NULL,
    -- In server time.
    seen_at INTEGER NOT NULL
) WITHOUT ROWID;

INSERT INTO users SELECT id, 0, name, seen_at FROM guests;
CREATE INDEX guests_by_seen_at ON users (seen_at) WHERE kind = 0;

CREATE TABLE sessions (
    id BLOB PRIMARY KEY,
    user BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- The SHA-256 of what the client keeps.
    secret BLOB NOT NULL UNIQUE
) WITHOUT ROWID;

INSERT INTO sessions SELECT randomblob(16), id, secret FROM guests;
CREATE INDEX sessions_by_user ON sessions (user);

CREATE TABLE memberships_of_users (
    room INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    user BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (room, user)
) WITHOUT ROWID;

INSERT INTO memberships_of_users SELECT room, guest FROM memberships;
DROP TABLE memberships;
ALTER TABLE memberships_of_users RENAME TO memberships;
CREATE INDEX memberships_by_user ON memberships (user);

CREATE TABLE reads_of_users (
    room INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    user BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    read_seq INTEGER NOT NULL,
    PRIMARY KEY (room, user)
) WITHOUT ROWID;

INSERT INTO reads_of_users SELECT room, guest, read_seq FROM reads;
DROP TABLE reads;
ALTER TABLE reads_of_users RENAME TO reads;
CREATE INDEX reads_by_user ON reads (user);

DROP TABLE guests;
