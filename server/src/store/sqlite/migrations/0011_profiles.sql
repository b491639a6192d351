-- What an account tells others of itself, as JSON; NULL: nothing.
ALTER TABLE accounts ADD COLUMN profile TEXT;
