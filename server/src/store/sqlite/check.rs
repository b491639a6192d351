//! Checks that the stored logs keep the store's invariants.

use std::fmt::Display;
use std::path::Path;

use sqlx::sqlite::SqliteConnection;
use sqlx::{ConnectOptions, Row};

use super::files;

/// The result of a full check.
#[derive(Debug, Default)]
pub struct Findings {
    pub rooms: i64,
    pub messages: i64,
    pub changes: i64,
    /// What is wrong, in sentences; empty if all data is intact.
    pub faults: Vec<String>,
}

/// Each query returns one row per fault, as a sentence.
const QUESTIONS: [&str; 8] = [
    // Seqs of a room are 1, 2, 3 … over messages and changes, except for what retention removed.
    "SELECT 'room ' || rooms.name || ' has ' || count(places.id) || ' events where its places say '
            || (max(places.id) - (rooms.id << 40) - rooms.horizon)
     FROM rooms
     JOIN (SELECT id FROM messages UNION ALL SELECT id FROM changes) AS places ON places.id >> 40 = rooms.id
     WHERE rooms.state = 0
     GROUP BY rooms.id
     HAVING count(places.id) <> max(places.id) - (rooms.id << 40) - rooms.horizon
         OR min(places.id) <> (rooms.id << 40) + rooms.horizon + 1",
    "SELECT 'event ' || id || ' has no room' FROM (SELECT id FROM messages UNION ALL SELECT id FROM changes) AS events
     WHERE NOT EXISTS (SELECT 1 FROM rooms WHERE rooms.id = events.id >> 40)",
    "SELECT 'two events have the place ' || commit_no || ' in the whole log'
     FROM (SELECT commit_no FROM messages UNION ALL SELECT commit_no FROM changes)
     GROUP BY commit_no HAVING count(*) > 1",
    "SELECT 'event ' || messages.id || ' is a message and a change' FROM messages JOIN changes USING (id)",
    "SELECT 'message ' || messages.id || ' holds a change that is not there' FROM messages
     WHERE changed > 0 AND NOT EXISTS
           (SELECT 1 FROM changes WHERE changes.id = (messages.id >> 40 << 40) + changed AND target = messages.id)",
    "SELECT 'message ' || id || ' was deleted and has still something to it' FROM messages
     WHERE deleted AND (content <> '' OR original IS NOT NULL OR mentions IS NOT NULL OR pinned
                        OR EXISTS (SELECT 1 FROM reactions WHERE message = messages.id)
                        OR EXISTS (SELECT 1 FROM changes WHERE target = messages.id AND content IS NOT NULL))",
    "SELECT 'a reaction is to message ' || message || ', which is not there' FROM reactions
     WHERE NOT EXISTS (SELECT 1 FROM messages WHERE id = message)",
    "SELECT 'a mention is in message ' || message || ', which is not there' FROM mentions
     WHERE NOT EXISTS (SELECT 1 FROM messages WHERE id = message)",
];

/// Returns whether the error means that the file itself is damaged.
pub(super) fn is_damage(error: &anyhow::Error) -> bool {
    const CORRUPT: i32 = 11;
    const NOT_A_DATABASE: i32 = 26;
    code(error).is_some_and(|code| matches!(code, CORRUPT | NOT_A_DATABASE))
}

/// Returns whether the error is that of a locked database or a full disk.
pub(super) fn may_pass(error: &anyhow::Error) -> bool {
    const BUSY: i32 = 5;
    const FULL: i32 = 13;
    code(error).is_some_and(|code| matches!(code, BUSY | FULL))
}

/// SQLite's primary result code.
fn code(error: &anyhow::Error) -> Option<i32> {
    let extended = error.chain().find_map(|cause| match cause.downcast_ref()? {
        sqlx::Error::Database(error) => error.code()?.parse::<i32>().ok(),
        _ => None,
    });
    extended.map(|code| code & 0xFF)
}

/// Builds the error message for a damaged file.
pub(super) fn damaged(file: &Path, how: impl Display) -> anyhow::Error {
    let file = file.display();
    anyhow::anyhow!(
        "{file} is damaged ({how}): stop the server, keep a copy of the data folder, and restore a backup into an \
         empty one; hiroba check says how far the damage goes"
    )
}

/// Returns what is wrong with the file itself, if anything.
pub(super) async fn damage(file: &Path) -> anyhow::Result<Option<String>> {
    let mut connection = match files::options(file)?.read_only(true).connect().await {
        Ok(connection) => connection,
        Err(error) => return told(error.into()).map(Some),
    };
    match pages(&mut connection).await {
        Ok(faults) => Ok(faults.into_iter().next()),
        Err(error) => told(error.into()).map(Some),
    }
}

/// Returns a description of damage; any other error is passed on.
fn told(error: anyhow::Error) -> anyhow::Result<String> {
    if is_damage(&error) { Ok(error.root_cause().to_string()) } else { Err(error) }
}

/// Returns what is wrong with the pages of the file and their structure.
async fn pages(connection: &mut SqliteConnection) -> Result<Vec<String>, sqlx::Error> {
    let mut faults = Vec::new();
    for answer in sqlx::query("PRAGMA quick_check").fetch_all(connection).await? {
        let answer: String = answer.try_get(0)?;
        if answer != "ok" {
            faults.push(answer);
        }
    }
    Ok(faults)
}

pub(super) async fn check(connection: &mut SqliteConnection) -> anyhow::Result<Findings> {
    let faults = match pages(connection).await {
        Ok(faults) => faults,
        Err(error) => vec![told(error.into())?],
    };
    // A damaged file cannot be queried.
    if !faults.is_empty() {
        return Ok(Findings { faults, ..Findings::default() });
    }
    let row = sqlx::query(
        "SELECT (SELECT count(*) FROM rooms WHERE state = 0), (SELECT count(*) FROM messages),
                (SELECT count(*) FROM changes)",
    );
    let row = row.fetch_one(&mut *connection).await?;
    let (rooms, messages, changes) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let mut faults = Vec::new();
    for question in QUESTIONS {
        for fault in sqlx::query(question).fetch_all(&mut *connection).await? {
            faults.push(fault.try_get(0)?);
        }
    }
    Ok(Findings { rooms, messages, changes, faults })
}
