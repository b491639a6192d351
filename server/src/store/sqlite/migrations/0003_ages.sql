-- Ages are counted in time that the servers on this data saw pass (server_time.rs): how much it was when it was noted
-- last, and what the wall clock showed then.
CREATE TABLE clock (time INTEGER NOT NULL, wall INTEGER NOT NULL);

-- Until now ages were counted on the wall clock. The count goes on from the last moment known that is not to come.
INSERT INTO clock
WITH now (at) AS (SELECT unixepoch() * 1000),
     known (at) AS (SELECT created_at FROM messages UNION ALL SELECT created_at FROM changes
                    UNION ALL SELECT seen_at FROM guests UNION ALL SELECT empty_since FROM rooms),
     last (at) AS (SELECT coalesce(max(known.at), (SELECT at FROM now)) FROM known WHERE known.at <= (SELECT at FROM now))
SELECT at, at FROM last;

UPDATE guests SET seen_at = (SELECT time FROM clock) WHERE seen_at > (SELECT time FROM clock);
UPDATE rooms SET empty_since = (SELECT time FROM clock) WHERE empty_since > (SELECT time FROM clock);

-- Everything up to this place in the whole log was stored by then.
CREATE TABLE ages (time INTEGER PRIMARY KEY, commit_no INTEGER NOT NULL);

-- One row for each hour in which messages were stored. After a clock that went back, later messages count as young.
INSERT INTO ages
SELECT max(time), max(commit_no)
FROM (SELECT commit_no, max(min(created_at, (SELECT time FROM clock))) OVER (ORDER BY commit_no) AS time FROM messages)
GROUP BY time / 3600000;
