//! Reads reactions to messages.

use shared::limits::{PAGE_BYTES, REACTORS_LISTED, REACTORS_PAGE, reactors_listed};
use shared::{Emoji, Person, Posted, Reaction, ReactorAt, Seq, UserId};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::page_fill::{self, PageLimit};
use super::row::{self, corrupt, event_id};
use crate::room::RoomId;
use crate::store::{Page, StoreError};

/// Loads the reactions of a message. Most messages were never changed and need no query.
pub(super) async fn add_reactions(
    connection: &mut SqliteConnection,
    room: RoomId,
    posted: &mut Posted,
    viewer: UserId,
) -> Result<(), StoreError> {
    if may_have_reactions(posted) {
        posted.reactions = reactions(connection, event_id(room, posted.seq), viewer).await?;
    }
    Ok(())
}

pub(super) fn may_have_reactions(posted: &Posted) -> bool {
    posted.changed_seq.is_some() && !posted.deleted
}

pub(super) async fn reactions(
    connection: &mut SqliteConnection,
    message: i64,
    viewer: UserId,
) -> Result<Vec<Reaction>, StoreError> {
    let query = sqlx::query(
        "SELECT emoji, user, name, count FROM
            (SELECT emoji, user, name, kind_seq, seq, count(*) OVER kind AS count,
                    row_number() OVER (kind ORDER BY seq) AS place
             FROM reactions WHERE message = ?1 WINDOW kind AS (PARTITION BY emoji))
         WHERE place <= ?2 OR user = ?3 ORDER BY kind_seq, seq",
    );
    let query = query.bind(message).bind(REACTORS_LISTED as i64).bind(row::blob(viewer.uuid()));
    let mut reactions: Vec<Reaction> = Vec::new();
    for row in query.fetch_all(connection).await? {
        let emoji: &str = row.try_get(0)?;
        if reactions.last().is_none_or(|last| last.emoji.as_str() != emoji) {
            let (emoji, count) = (Emoji::known(emoji).map_err(corrupt)?, row.try_get::<i64, _>(3)? as u64);
            reactions.push(Reaction { emoji, count, users: Vec::new() });
        }
        let Some(reaction) = reactions.last_mut() else { continue };
        reaction.users.push(Person { user_id: UserId::new(row::uuid(&row, 1)?), user: row::name(&row, 2)? });
    }
    let listed = reactors_listed(reactions.len());
    for reaction in &mut reactions {
        let own = reaction.users.iter().skip(listed).rfind(|reactor| reactor.user_id == viewer).cloned();
        reaction.users.truncate(listed);
        reaction.users.extend(own);
    }
    Ok(reactions)
}

/// Returns the users who reacted with `emoji`, after the seq `after`; `None` if the message does not exist or was
/// deleted.
pub(super) async fn reactors(
    connection: &mut SqliteConnection,
    message: i64,
    emoji: &Emoji,
    after: Seq,
) -> Result<Option<Page<ReactorAt>>, StoreError> {
    if !is_there(connection, message).await? {
        return Ok(None);
    }
    let query = sqlx::query(
        "SELECT seq, user, name FROM reactions WHERE message = ? AND emoji = ? AND seq > ? ORDER BY seq LIMIT ?",
    );
    let query = query.bind(message).bind(emoji.as_str()).bind(after.0.min(i64::MAX as u64) as i64);
    let query = query.bind(REACTORS_PAGE as i64 + 1);
    let read = |row: &SqliteRow| {
        let (user_id, user) = (UserId::new(row::uuid(row, 1)?), row::name(row, 2)?);
        Ok(ReactorAt { seq: Seq(row.try_get::<i64, _>(0)? as u64), user_id, user })
    };
    // Names have at most 32 characters, so a limit on the number of people is enough.
    let limit = PageLimit { count: REACTORS_PAGE, bytes: PAGE_BYTES };
    let (items, next) = page_fill::rows(connection, query, limit, read, |_| 0).await?;
    Ok(Some(Page { items, more: next.is_some() }))
}

/// Returns whether the message exists and is not deleted.
pub(super) async fn is_there(connection: &mut SqliteConnection, message: i64) -> Result<bool, StoreError> {
    let query = sqlx::query("SELECT EXISTS (SELECT 1 FROM messages WHERE id = ? AND NOT deleted)");
    Ok(query.bind(message).fetch_one(connection).await?.try_get(0)?)
}
