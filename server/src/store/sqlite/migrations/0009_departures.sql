-- Users of kind 2 were accounts that their owners deleted. Those whose messages are still to be deleted:
CREATE TABLE departures (
    user BLOB PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE
) WITHOUT ROWID;
