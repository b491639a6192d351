//! What somebody may find: messages of public rooms that are not deserted, and of the private rooms that they are a
//! member of. It is decided twice: by the terms that are looked for, and where the messages are read, because the index
//! is derived data.

use shared::limits::ROOMS_PER_PERSON;
use shared::search::{Term, private_term, room_term};
use shared::{RoomAddress, UserId};
use sqlx::sqlite::SqliteConnection;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::super::row;
use crate::store::StoreError;

/// Most rooms that a query lists.
const LISTED: usize = ROOMS_PER_PERSON;
/// Public rooms are listed as well where there are this many times as many private ones: then the list is shorter than
/// what it leaves out.
const RARE: usize = 3;

/// The rooms in which somebody may find something.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Readable {
    /// The one that the query names.
    One(u64),
    /// These.
    Listed(Vec<u64>),
    /// All public ones, and these private ones.
    PublicAnd(Vec<u64>),
    /// Too many to list: only where the messages are read it is decided.
    TooMany,
}

impl Readable {
    /// Returns the FTS expression of messages with all these terms. `None`: without terms the log is read.
    pub(super) fn expression(&self, terms: &[Term]) -> Option<String> {
        if terms.is_empty() {
            return None;
        }
        let words = terms.iter().map(quoted).collect::<Vec<_>>().join(" AND ");
        let any = |rooms: &[u64]| {
            let rooms = rooms.iter().map(|&room| quoted(&whole(room_term(room))));
            rooms.collect::<Vec<_>>().join(" OR ")
        };
        let private = quoted(&whole(private_term()));
        Some(match self {
            Self::One(_) | Self::TooMany => words,
            Self::Listed(rooms) => format!("{words} AND ({})", any(rooms)),
            Self::PublicAnd(rooms) if rooms.is_empty() => format!("({words}) NOT {private}"),
            Self::PublicAnd(rooms) => {
                format!("(({words}) NOT {private}) OR ({words} AND ({}))", any(rooms))
            }
        })
    }

    /// Returns the rooms as a JSON array if they are few.
    pub(super) fn list(&self) -> Option<String> {
        let Self::Listed(rooms) = self else { return None };
        Some(format!("{rooms:?}"))
    }

    /// Returns the room that the query names.
    pub(super) const fn named(&self) -> Option<u64> {
        match self {
            Self::One(room) => Some(*room),
            _ => None,
        }
    }
}

const fn whole(text: String) -> Term {
    Term { text, is_prefix: false }
}

/// Quotes a term, so that user input is never parsed as FTS syntax.
fn quoted(term: &Term) -> String {
    let star = if term.is_prefix { "*" } else { "" };
    format!("\"{}\"{star}", term.text.replace('"', "\"\""))
}

/// Returns the room at an address if `viewer` may read it. For the address of a private room only the viewer's own ones
/// are looked at, so that one that is hidden takes as long as one that does not exist.
pub(super) async fn room_at(
    connection: &mut SqliteConnection,
    address: &RoomAddress,
    viewer: UserId,
) -> Result<Option<Readable>, StoreError> {
    let query = if address.is_private() {
        sqlx::query(OWN_ROOM).bind(address.as_str()).bind(row::blob(viewer.uuid()))
    } else {
        sqlx::query("SELECT id FROM rooms WHERE name = ? AND kind = 0").bind(address.as_str())
    };
    let row = query.fetch_optional(connection).await?;
    row.map(|row| Ok(Readable::One(row.try_get::<i64, _>(0)? as u64))).transpose()
}

/// `+` keeps the index on names out.
pub(super) const OWN_ROOM: &str =
    "SELECT rooms.id FROM memberships CROSS JOIN rooms ON rooms.id = memberships.room
     WHERE +rooms.name = ?1 AND memberships.user = ?2 AND kind <> 0";

/// Returns the rooms that `viewer` may read, if there are any.
pub(super) async fn rooms(
    connection: &mut SqliteConnection,
    viewer: UserId,
) -> Result<Option<Readable>, StoreError> {
    let query = sqlx::query(
        "SELECT 1, id FROM (SELECT rooms.id FROM memberships CROSS JOIN rooms ON rooms.id = memberships.room
                            WHERE memberships.user = ?1 AND kind <> 0 ORDER BY rooms.id DESC LIMIT ?2 + 1)
         UNION ALL SELECT iif(empty_since IS NULL OR permanent, 0, 2), id FROM (SELECT * FROM rooms WHERE kind = 0 LIMIT ?2 + 1)
         UNION ALL SELECT 3, count(*) FROM (SELECT 1 FROM rooms WHERE kind > 0 LIMIT ?3)",
    );
    let most_private = (LISTED * RARE + 1) as i64;
    let query = query.bind(row::blob(viewer.uuid())).bind(LISTED as i64).bind(most_private);
    let (mut private, mut public, mut public_in_all, mut private_in_all) = (Vec::new(), Vec::new(), 0, 0);
    for row in query.fetch_all(connection).await? {
        let number = row.try_get::<i64, _>(1)? as u64;
        match row.try_get::<i64, _>(0)? {
            1 => private.push(number),
            3 => private_in_all = number as usize,
            is_deserted => {
                public_in_all += 1;
                public.extend((is_deserted == 0).then_some(number));
            }
        }
    }
    if private.len() > LISTED {
        return Ok(Some(Readable::TooMany));
    }
    let listed = public.len() + private.len();
    if public_in_all <= LISTED && listed <= LISTED && private_in_all > listed * RARE {
        private.extend(public);
        return Ok((listed > 0).then_some(Readable::Listed(private)));
    }
    Ok(Some(Readable::PublicAnd(private)))
}

/// Appends the condition that the room of `messages.id` may be read. Not as `EXISTS`, which SQLite may turn into a join
/// that begins with the rooms.
pub(super) fn push_condition(query: &mut QueryBuilder<Sqlite>, viewer: UserId) {
    query.push("(SELECT kind = 0 OR EXISTS (SELECT 1 FROM memberships WHERE room = rooms.id AND user = ");
    query.push_bind(row::blob(viewer.uuid()));
    query.push(") FROM rooms WHERE rooms.id = messages.id >> 40 AND (empty_since IS NULL OR permanent))");
}
