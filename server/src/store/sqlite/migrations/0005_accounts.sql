-- Users of kind 1 are accounts: somebody who is the same tomorrow and on other devices.
CREATE TABLE accounts (
    user BLOB PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    -- The form in which names are compared.
    name_key TEXT NOT NULL UNIQUE,
    -- An argon2id hash in PHC form.
    password TEXT NOT NULL,
    -- Nobody can sign in.
    disabled INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;

-- What names of accounts look like (UTS #39): no other account may look the same.
CREATE TABLE names (
    look TEXT PRIMARY KEY,
    user BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE INDEX names_by_user ON names (user);

-- Secrets of accounts are refresh tokens. Each replaces its predecessor, which counts once more for a short time while
-- its successor was not used; then there are two successors, and the one that is used first goes on.
-- The SHA-256 of what all refresh tokens of a session share. Without it nobody can end the session by a wrong token.
ALTER TABLE sessions ADD COLUMN family BLOB;
CREATE UNIQUE INDEX sessions_by_family ON sessions (family) WHERE family IS NOT NULL;
ALTER TABLE sessions ADD COLUMN predecessor BLOB;
ALTER TABLE sessions ADD COLUMN sibling BLOB;
-- In server time; none for guests, whose users have it.
ALTER TABLE sessions ADD COLUMN refreshed_at INTEGER;
CREATE INDEX sessions_by_refresh ON sessions (refreshed_at) WHERE refreshed_at IS NOT NULL;

-- Keys that sign access tokens (ES256, PKCS #8).
CREATE TABLE signing_keys (id INTEGER PRIMARY KEY, private BLOB NOT NULL, made_at INTEGER NOT NULL);

INSERT INTO meta VALUES ('installation', lower(hex(randomblob(16))));
