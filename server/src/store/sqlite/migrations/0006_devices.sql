-- Where an account is signed in, for its owner to recognise and to end. Times are UTC, for people to read; ages of sessions
-- are counted in server time (`refreshed_at`).
ALTER TABLE sessions ADD COLUMN user_agent TEXT;
-- The address that the session was last opened or refreshed from.
ALTER TABLE sessions ADD COLUMN address TEXT;
ALTER TABLE sessions ADD COLUMN opened_at INTEGER;
ALTER TABLE sessions ADD COLUMN used_at INTEGER;
