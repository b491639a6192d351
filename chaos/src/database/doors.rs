//! What is stored of private rooms, and who was a member when, by their logs.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde_json::Value;
use shared::limits::DESCRIPTION_CHARS;
use shared::{ClientMessageId, RoomDetails, RoomRole, Seq, ShortText, UserId};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use uuid::Uuid;

/// The least kind of changes that are of the room itself.
pub(super) const FIRST_KIND: i64 = 8;

/// A change of a room itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DoorEvent {
    Added(UserId, RoomRole),
    Removed(UserId),
    Role(UserId, RoomRole),
    Details(RoomDetails),
}

/// What is stored of a private room beside its messages.
#[derive(Debug, Default)]
pub struct StoredDoors {
    pub details: RoomDetails,
    pub creator: Option<UserId>,
    pub client_id: Option<ClientMessageId>,
    /// The rows of `memberships`.
    pub members: BTreeMap<UserId, RoomRole>,
    /// Who was ever banned, by the audit log.
    pub ever_banned: BTreeSet<UserId>,
    /// Members who are banned at the end.
    pub banned_members: usize,
    /// Changes of the room itself, ordered by seq.
    pub events: Vec<(Seq, DoorEvent)>,
}

impl StoredDoors {
    /// Reads a room from a row `kind, title, topic, description, creator, client_id`; `None` if it is public.
    pub(super) async fn read(
        connection: &mut SqliteConnection,
        id: i64,
        row: &SqliteRow,
    ) -> Result<Option<Self>> {
        if row.try_get::<i64, _>("kind")? == 0 {
            return Ok(None);
        }
        let text = |column: &str| {
            let text: Option<&str> = row.try_get(column)?;
            anyhow::Ok(text.map(|text| ShortText::within(text, DESCRIPTION_CHARS)).transpose()?)
        };
        let (title, topic, description) = (text("title")?, text("topic")?, text("description")?);
        let uuid = |column: &str| {
            let bytes: Option<&[u8]> = row.try_get(column)?;
            anyhow::Ok(bytes.map(Uuid::from_slice).transpose()?)
        };
        let query = sqlx::query("SELECT user, role FROM memberships WHERE room = ?").bind(id);
        let mut members = BTreeMap::new();
        for row in query.fetch_all(&mut *connection).await? {
            let role = if row.try_get::<i64, _>(1)? == 1 { RoomRole::Moderator } else { RoomRole::Member };
            members.insert(UserId::new(Uuid::from_slice(row.try_get(0)?)?), role);
        }
        let mut ever_banned = BTreeSet::new();
        let query = sqlx::query("SELECT DISTINCT user FROM audit WHERE act = 'restrict' AND room = ?");
        for row in query.bind(row.try_get::<&str, _>("name")?).fetch_all(&mut *connection).await? {
            ever_banned.insert(UserId::new(Uuid::from_slice(row.try_get(0)?)?));
        }
        let query = sqlx::query(
            "SELECT count(*) FROM restrictions JOIN memberships USING (room, user)
             WHERE room = ? AND kind = 0 AND (until IS NULL OR until > 1000 * unixepoch())",
        );
        let banned_members = query.bind(id).fetch_one(connection).await?.try_get::<i64, _>(0)? as usize;
        Ok(Some(Self {
            ever_banned,
            banned_members,
            details: RoomDetails { title, topic, description, ..RoomDetails::default() },
            creator: uuid("creator")?.map(UserId::new),
            client_id: uuid("client_id")?.map(ClientMessageId::new),
            members,
            events: Vec::new(),
        }))
    }

    /// What the user was after each change of their membership.
    pub fn standings(&self, user: UserId) -> Standings {
        let changes = self.events.iter().filter_map(|(seq, event)| match event {
            DoorEvent::Added(member, role) | DoorEvent::Role(member, role) if *member == user => {
                Some((*seq, Some(*role)))
            }
            DoorEvent::Removed(member) if *member == user => Some((*seq, None)),
            _ => None,
        });
        Standings(changes.collect())
    }

    /// What the room told of itself from `from` on.
    pub fn details_since(&self, from: Seq) -> impl Iterator<Item = &RoomDetails> {
        let told = self.events.iter().filter(|(_, event)| matches!(event, DoorEvent::Details(_)));
        let since = told.map(|(seq, _)| *seq).take_while(|seq| *seq <= from).last().unwrap_or(from);
        self.events.iter().filter_map(move |(seq, event)| match event {
            DoorEvent::Details(details) if *seq >= since => Some(details),
            _ => None,
        })
    }
}

/// What a user was in a room from which position on, in order; `None` when no member.
#[derive(Debug, Default)]
pub struct Standings(Vec<(Seq, Option<RoomRole>)>);

impl Standings {
    /// What the user was at a position.
    pub fn at(&self, seq: Seq) -> Option<RoomRole> {
        self.0.iter().take_while(|(since, _)| *since <= seq).last().and_then(|(_, role)| *role)
    }

    /// What the user is in the end.
    pub fn last(&self) -> Option<RoomRole> {
        self.0.last().and_then(|(_, role)| *role)
    }

    /// Whether the user was at some time from a position on what `is` asks for.
    pub fn since(&self, from: Seq, is: impl Fn(Option<RoomRole>) -> bool) -> bool {
        is(self.at(from)) || self.0.iter().any(|(since, role)| *since > from && is(*role))
    }

    /// Whether an event at this position may reach the user as it happens: up to the end of their membership.
    pub fn may_see(&self, seq: Seq) -> bool {
        self.at(seq).is_some() || self.0.iter().any(|(at, role)| *at == seq && role.is_none())
    }

    /// Whether an answer that was given when the room was at `at` may have held it: also if they became a member later.
    pub fn may_read(&self, seq: Seq, at: Seq) -> bool {
        self.may_see(seq) || self.0.iter().any(|(since, role)| role.is_some() && seq < *since && *since <= at)
    }
}

/// Reads a change of a room itself; `None` for one that tells nothing.
pub(super) fn event(kind: i64, content: Option<&str>) -> Result<DoorEvent> {
    let content: Value = serde_json::from_str(content.context("a change of a room says nothing")?)?;
    let user = || serde_json::from_value(content["member"]["user_id"].clone()).context("it names nobody");
    let role = || match &content["role"] {
        Value::Null => Ok(RoomRole::default()),
        role => serde_json::from_value(role.clone()),
    };
    Ok(match kind {
        8 => DoorEvent::Added(user()?, role()?),
        9 => DoorEvent::Removed(user()?),
        10 => DoorEvent::Role(user()?, role()?),
        // Objects are read from text only.
        _ => DoorEvent::Details(serde_json::from_str(&content["details"].to_string())?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_sees_what_happens_and_reads_what_was_before() {
        let user = UserId::new(Uuid::from_u128(1));
        let added = DoorEvent::Added(user, RoomRole::Member);
        let events = [(2, added.clone()), (5, DoorEvent::Removed(user)), (9, added)];
        let events = events.map(|(seq, event)| (Seq(seq), event)).to_vec();
        let standings = StoredDoors { events, ..StoredDoors::default() }.standings(user);
        let seen: Vec<u64> = (1..=10).filter(|&seq| standings.may_see(Seq(seq))).collect();
        assert_eq!(seen, [2, 3, 4, 5, 9, 10], "the removal itself is told");
        let read: Vec<u64> = (1..=10).filter(|&seq| standings.may_read(Seq(seq), Seq(8))).collect();
        assert_eq!(read, [1, 2, 3, 4, 5, 9, 10], "6 to 8 were not theirs to read yet");
        assert!(standings.may_read(Seq(7), Seq(9)));
        assert!(standings.since(Seq(5), |role| role.is_none()));
        assert!(!standings.since(Seq(9), |role| role.is_none()));
        assert_eq!((standings.last(), standings.at(Seq(1))), (Some(RoomRole::Member), None));
    }
}
