-- Who finds a room and comes in: 0: everybody, by its name; 1: its members, by an opaque id that `name` holds.
ALTER TABLE rooms ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
-- Few or many of a kind decide how a search looks for what may be read.
CREATE INDEX rooms_by_kind ON rooms (kind);
-- 0: in use; 1: is being removed in pieces, and its name is free.
ALTER TABLE rooms ADD COLUMN state INTEGER NOT NULL DEFAULT 0;
UPDATE rooms SET state = 1 WHERE name LIKE '~gone-%';
-- What the room tells of itself.
ALTER TABLE rooms ADD COLUMN title TEXT;
ALTER TABLE rooms ADD COLUMN topic TEXT;
ALTER TABLE rooms ADD COLUMN description TEXT;
-- Who created it, and their own id for it: a repeated request finds the room.
ALTER TABLE rooms ADD COLUMN creator BLOB;
ALTER TABLE rooms ADD COLUMN client_id BLOB;
CREATE UNIQUE INDEX rooms_by_client_id ON rooms (client_id, creator) WHERE client_id IS NOT NULL;

-- What somebody is in the room: 0: a member; 1: a moderator.
ALTER TABLE memberships ADD COLUMN role INTEGER NOT NULL DEFAULT 0;
-- Changes of kinds 8 to 11 are of the room itself: their `target` is their own id, and `content` is JSON.
