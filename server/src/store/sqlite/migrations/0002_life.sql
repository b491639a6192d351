-- What can happen to a message after it was written. Messages and changes take their places in one count (seq) and
-- in one order over all rooms (commit_no); each kind has a table, so that a page of history reads messages only.
ALTER TABLE events RENAME TO messages;
ALTER TABLE messages ADD COLUMN reply_to INTEGER;
-- 16 bytes for each person that is called; one byte before them when everybody is.
ALTER TABLE messages ADD COLUMN mentions BLOB;
-- The seq of the last change that the row holds; 0: none.
ALTER TABLE messages ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN edited_at INTEGER;
-- The first text of a message that was edited.
ALTER TABLE messages ADD COLUMN original TEXT;
ALTER TABLE messages ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN commit_no INTEGER NOT NULL DEFAULT 0;

-- Ids of messages are ordered by time.
UPDATE messages SET commit_no = numbered.place
FROM (SELECT id, row_number() OVER (ORDER BY message_id) AS place FROM messages) AS numbered
WHERE numbered.id = messages.id;

DROP INDEX events_by_client_id;
CREATE UNIQUE INDEX messages_by_client_id ON messages (client_message_id, author) WHERE client_message_id IS NOT NULL;
CREATE UNIQUE INDEX messages_by_commit ON messages (commit_no);
CREATE INDEX messages_by_root ON messages (reply_to) WHERE reply_to IS NOT NULL;
CREATE INDEX messages_pinned ON messages (id) WHERE pinned;

CREATE TABLE changes (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    -- The id of the message.
    target INTEGER NOT NULL,
    -- None: the server did it.
    author BLOB,
    name TEXT,
    client_message_id BLOB,
    content TEXT,
    mentions BLOB,
    emoji TEXT,
    created_at INTEGER NOT NULL,
    commit_no INTEGER NOT NULL
);

CREATE UNIQUE INDEX changes_by_client_id ON changes (client_message_id, author) WHERE client_message_id IS NOT NULL;
CREATE UNIQUE INDEX changes_by_commit ON changes (commit_no);
CREATE INDEX edits_by_message ON changes (target) WHERE kind = 1;

CREATE TABLE reactions (
    message INTEGER NOT NULL,
    emoji TEXT NOT NULL,
    user BLOB NOT NULL,
    name TEXT NOT NULL,
    seq INTEGER NOT NULL,
    -- The seq of the first reaction of this kind, as long as there is one: the order of kinds.
    kind_seq INTEGER NOT NULL,
    PRIMARY KEY (message, emoji, user)
) WITHOUT ROWID;

-- Everybody has an empty id.
CREATE TABLE mentions (
    user BLOB NOT NULL,
    message INTEGER NOT NULL,
    PRIMARY KEY (user, message)
) WITHOUT ROWID;

CREATE INDEX mentions_by_message ON mentions (message);

-- A read mark lives as long as its guest, a membership ends earlier.
CREATE TABLE reads (
    room INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    guest BLOB NOT NULL REFERENCES guests (id) ON DELETE CASCADE,
    read_seq INTEGER NOT NULL,
    PRIMARY KEY (room, guest)
) WITHOUT ROWID;

CREATE INDEX reads_by_guest ON reads (guest);
INSERT INTO reads SELECT room, guest, read_seq FROM memberships;
ALTER TABLE memberships DROP COLUMN read_seq;

-- Everything up to here was removed by age.
ALTER TABLE rooms ADD COLUMN horizon INTEGER NOT NULL DEFAULT 0;

-- log_id: another one after a restore. commits: no later commit_no was ever given to something that is gone.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('log_id', lower(hex(randomblob(16)))), ('commits', '0');
