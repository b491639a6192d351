-- What somebody may do: 0 a member, 1 an administrator, 2 the owner.
ALTER TABLE accounts ADD COLUMN role INTEGER NOT NULL DEFAULT 0;
CREATE INDEX accounts_of_owners ON accounts (role) WHERE role = 2;

-- Links that let somebody in. Their secrets stand in the fragment of an address.
CREATE TABLE links (
    id BLOB PRIMARY KEY,
    -- The SHA-256 of the secret.
    secret BLOB NOT NULL UNIQUE,
    -- 0: whoever uses it owns the installation; 1: an invitation; 2: a new password for `user`.
    kind INTEGER NOT NULL,
    user BLOB REFERENCES users (id) ON DELETE CASCADE,
    made_by BLOB REFERENCES users (id) ON DELETE CASCADE,
    made_at INTEGER NOT NULL,
    -- It ends when either clock has reached this: in server time, and in UTC.
    ends_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    -- How often it may still be used; none: as often as one likes.
    uses_left INTEGER
) WITHOUT ROWID;

CREATE INDEX links_by_user ON links (user) WHERE user IS NOT NULL;
CREATE INDEX links_by_maker ON links (made_by) WHERE made_by IS NOT NULL;

-- Who was let in so far goes on to be, until the owner decides.
INSERT INTO meta SELECT 'guests', 'on' WHERE EXISTS (SELECT 1 FROM users);
