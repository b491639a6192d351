-- The confirmed mail address of an account, and the form in which addresses are compared.
ALTER TABLE accounts ADD COLUMN mail TEXT;
ALTER TABLE accounts ADD COLUMN mail_key TEXT;
CREATE UNIQUE INDEX accounts_by_mail ON accounts (mail_key) WHERE mail_key IS NOT NULL;

-- Links of kind 3 confirm that `user` reads what is sent to `mail`.
ALTER TABLE links ADD COLUMN mail TEXT;
