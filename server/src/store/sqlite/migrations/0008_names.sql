-- What the names of accounts looked like before they were changed: until then, in server time, nobody else gets them.
CREATE TABLE former_names (
    look TEXT NOT NULL,
    user BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    free_at INTEGER NOT NULL,
    PRIMARY KEY (look, user)
) WITHOUT ROWID;

CREATE INDEX former_names_by_user ON former_names (user);
