-- Kind 2: a direct conversation. Its people, for ever: their ids in order, 16 bytes each. NULL: any other room.
ALTER TABLE rooms ADD COLUMN people BLOB;
CREATE UNIQUE INDEX rooms_by_people ON rooms (people) WHERE people IS NOT NULL;
-- A conversation that somebody took out of their list comes back with the first message after this seq; NULL: it is there.
ALTER TABLE memberships ADD COLUMN closed INTEGER;
