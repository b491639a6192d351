-- What an account prefers, on all its devices. Rooms are kept by their addresses: one may come back.
CREATE TABLE favourites (
    user BLOB NOT NULL REFERENCES accounts (user) ON DELETE CASCADE,
    -- Its place in the order of the owner.
    place INTEGER NOT NULL,
    room TEXT NOT NULL,
    PRIMARY KEY (user, place)
) WITHOUT ROWID;

CREATE TABLE muted_rooms (
    user BLOB NOT NULL REFERENCES accounts (user) ON DELETE CASCADE,
    room TEXT NOT NULL,
    PRIMARY KEY (user, room)
) WITHOUT ROWID;

-- Whose messages an account does not want.
CREATE TABLE blocked (
    user BLOB NOT NULL REFERENCES accounts (user) ON DELETE CASCADE,
    other BLOB NOT NULL REFERENCES accounts (user) ON DELETE CASCADE,
    PRIMARY KEY (user, other)
) WITHOUT ROWID;

CREATE INDEX blocked_by_other ON blocked (other);
