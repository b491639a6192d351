//! Changes of rooms themselves: who belongs to a private room, what somebody is in a room, what a room tells of itself.
//! Each writes an event to the room's log, in one transaction with what it changes.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use shared::{
    Change, Changed, ErrorCode, Person, RoomDetails, RoomKind, RoomRole, ShortText, Timestamp, UserId,
};
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::read::{kind_number, role_number, room_columns, room_info};
use super::row::{self, corrupt, event_id};
use super::sequences::SequenceAllocator;
use super::{audit, change as changes, direct, moderation, room_links, rooms};
use crate::room::{RoomId, RoomInfo};
use crate::store::{Act, MembershipChange, NewDetails, NewMembership, NewPrivateRoom, Outcome, StoreError};

/// What `content` holds of a change of a room, as JSON.
#[derive(Default, Serialize, Deserialize)]
struct Stored {
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<Person>,
    #[serde(default)]
    role: RoomRole,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<ShortText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<RoomDetails>,
}

/// Returns what is stored as the content of a change of a room; `None` for one of a message.
pub(super) fn content(change: &Change) -> Result<Option<String>, StoreError> {
    let stored = match change.clone() {
        Change::MemberAdded { member, role } | Change::RoleChanged { member, role } => {
            Stored { member: Some(member), role, ..Stored::default() }
        }
        Change::MemberRemoved { member, reason } => {
            Stored { member: Some(member), reason, ..Stored::default() }
        }
        Change::DetailsChanged(details) => Stored { details: Some(details), ..Stored::default() },
        _ => return Ok(None),
    };
    serde_json::to_string(&stored).map(Some).map_err(corrupt)
}

/// Reads what [`content`] returned for a change with this stored number.
pub(super) fn change(kind: i64, content: &str) -> Result<Change, StoreError> {
    let Stored { member, role, reason, details } = serde_json::from_str(content).map_err(corrupt)?;
    let member = member.ok_or_else(|| corrupt(anyhow::anyhow!("a change of a membership names nobody")));
    Ok(match kind {
        8 => Change::MemberAdded { member: member?, role },
        9 => Change::MemberRemoved { member: member?, reason },
        10 => Change::RoleChanged { member: member?, role },
        _ => Change::DetailsChanged(details.unwrap_or_default()),
    })
}

/// Creates a private room with its first members, or finds what was created before.
pub(super) async fn create(
    connection: &mut SqliteConnection,
    sequences: &mut SequenceAllocator,
    new: &NewPrivateRoom,
) -> Result<Outcome, StoreError> {
    let author = row::blob(new.author.id.uuid());
    let client_id = new.author.client_message_id.map(|id| row::blob(id.uuid()));
    if let Some(id) = &client_id {
        let select = concat!("SELECT ", room_columns!(), " FROM rooms WHERE client_id = ? AND creator = ?");
        let query = sqlx::query(select).bind(&id[..]).bind(&author[..]);
        if let Some(row) = query.fetch_optional(&mut *connection).await? {
            return Ok(Outcome::Room(Arc::new(room_info(&row)?)));
        }
    }
    let people = (new.kind == RoomKind::Direct).then(|| direct::key(new));
    if let Some(people) = &people
        && let Some(room) = direct::find(connection, people).await?
    {
        return Ok(Outcome::Room(room));
    }
    if !new.make {
        return Ok(Outcome::Refused(ErrorCode::TooMany));
    }
    let Some(number) = rooms::free_number(connection, row::HIGHEST_ROOM).await? else {
        return Ok(Outcome::Refused(ErrorCode::TooMany));
    };
    let RoomDetails { title, topic, description, .. } = &new.details;
    let query = sqlx::query(concat!(
        "INSERT INTO rooms (id, name, epoch, permanent, created_at, kind, title, topic, description, creator, client_id, people)
         VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING ",
        room_columns!()
    ));
    let query = query.bind(number).bind(new.address.as_str()).bind(new.epoch.get() as i64);
    let query = query.bind(new.timestamp.millis()).bind(kind_number(new.kind));
    let query = query
        .bind(text(title.as_ref()))
        .bind(text(topic.as_ref()))
        .bind(text(description.as_ref()))
        .bind(author)
        .bind(client_id)
        .bind(people);
    let room = Arc::new(room_info(&query.fetch_one(&mut *connection).await?)?);
    let by = Person { user_id: new.author.id, user: new.author.name.clone() };
    let mut events = Vec::with_capacity(1 + new.members.len());
    let first_role = if new.kind == RoomKind::Direct { RoomRole::Member } else { RoomRole::Moderator };
    let others = new.members.iter().map(|member| (member, RoomRole::Member));
    for (member, role) in std::iter::once((&by, first_role)).chain(others) {
        if add(connection, room.id, member.user_id, role).await? {
            if new.kind == RoomKind::Direct && member.user_id != by.user_id {
                // It arrives with the first message.
                let query = sqlx::query("UPDATE memberships SET closed = 0 WHERE room = ? AND user = ?");
                let query = query.bind(room.id.0).bind(row::blob(member.user_id.uuid()));
                query.execute(&mut *connection).await?;
            }
            let change = Change::MemberAdded { member: member.clone(), role };
            events.push(append(connection, sequences, &room, Some(&by), new.timestamp, change).await?);
        }
    }
    Ok(Outcome::Created(room, events))
}

/// Changes a membership.
pub(super) async fn set_membership(
    connection: &mut SqliteConnection,
    sequences: &mut SequenceAllocator,
    new: &NewMembership,
) -> Result<Outcome, StoreError> {
    let NewMembership { room, by, member, change, timestamp } = new;
    if !is_member(connection, room.id, by.user_id).await? {
        return Ok(Outcome::Refused(ErrorCode::NotAMember));
    }
    let id = row::blob(member.user_id.uuid());
    let change = match change {
        MembershipChange::Added => {
            if is_member(connection, room.id, member.user_id).await? {
                return Ok(Outcome::Done);
            }
            if moderation::is_banned(connection, room.id, member.user_id, *timestamp).await? {
                return Ok(Outcome::Refused(ErrorCode::Banned));
            }
            if !add(connection, room.id, member.user_id, RoomRole::Member).await? {
                return Ok(Outcome::Refused(ErrorCode::NoSuchUser));
            }
            moderation::forget_ended_ban(connection, room.id, member.user_id).await?;
            Change::MemberAdded { member: member.clone(), role: RoomRole::Member }
        }
        MembershipChange::Removed { reason } => {
            let query = sqlx::query("DELETE FROM memberships WHERE room = ? AND user = ?");
            let removed = query.bind(room.id.0).bind(id).execute(&mut *connection).await?;
            if removed.rows_affected() == 0 {
                return Ok(Outcome::Done);
            }
            // Whoever is removed may know the links that others have made.
            let made_by = (by.user_id == member.user_id).then_some(member.user_id);
            room_links::withdraw_all(connection, room.id, made_by).await?;
            if by.user_id != member.user_id {
                let act = Act::RemoveMember { reason: reason.clone() };
                audit::record(connection, *timestamp, by, Some(room), Some(member), &act).await?;
            }
            Change::MemberRemoved { member: member.clone(), reason: reason.clone() }
        }
        MembershipChange::Role(role) => {
            let query = sqlx::query("SELECT role FROM memberships WHERE room = ? AND user = ?");
            let query = query.bind(room.id.0).bind(&id[..]);
            let Some(row) = query.fetch_optional(&mut *connection).await? else {
                return Ok(Outcome::Refused(ErrorCode::NoSuchUser));
            };
            if row.try_get::<i64, _>(0)? == role_number(*role) {
                return Ok(Outcome::Done);
            }
            let query = sqlx::query("UPDATE memberships SET role = ? WHERE room = ? AND user = ?");
            query.bind(role_number(*role)).bind(room.id.0).bind(id).execute(&mut *connection).await?;
            let act = Act::SetRoomRole { role: *role };
            audit::record(connection, *timestamp, by, Some(room), Some(member), &act).await?;
            Change::RoleChanged { member: member.clone(), role: *role }
        }
    };
    let removes = matches!(change, Change::MemberRemoved { .. });
    let mut events = vec![append(connection, sequences, room, Some(by), *timestamp, change).await?];
    if removes {
        events.extend(succeed(connection, sequences, room, *timestamp).await?);
    }
    Ok(Outcome::RoomChanged(events))
}

/// Makes the oldest account a moderator of a private room that has none. Returns the event.
pub(super) async fn succeed(
    connection: &mut SqliteConnection,
    sequences: &mut SequenceAllocator,
    room: &RoomInfo,
    timestamp: Timestamp,
) -> Result<Option<Changed>, StoreError> {
    if room.kind != RoomKind::Private {
        return Ok(None);
    }
    let query = sqlx::query(
        "SELECT users.id, users.name FROM memberships JOIN users ON users.id = memberships.user
         JOIN accounts ON accounts.user = users.id
         WHERE room = ?1 AND NOT EXISTS (SELECT 1 FROM memberships WHERE room = ?1 AND role = ?2)
         ORDER BY accounts.created_at, users.id LIMIT 1",
    );
    let query = query.bind(room.id.0).bind(role_number(RoomRole::Moderator));
    let Some(row) = query.fetch_optional(&mut *connection).await? else { return Ok(None) };
    let member = Person { user_id: UserId::new(row::uuid(&row, 0)?), user: row::name(&row, 1)? };
    let query = sqlx::query("UPDATE memberships SET role = ? WHERE room = ? AND user = ?");
    let query = query.bind(role_number(RoomRole::Moderator)).bind(room.id.0);
    query.bind(row::blob(member.user_id.uuid())).execute(&mut *connection).await?;
    let change = Change::RoleChanged { member, role: RoomRole::Moderator };
    append(connection, sequences, room, None, timestamp, change).await.map(Some)
}

/// Changes what a room tells of itself.
pub(super) async fn edit(
    connection: &mut SqliteConnection,
    sequences: &mut SequenceAllocator,
    new: &NewDetails,
) -> Result<Outcome, StoreError> {
    let select = concat!("SELECT ", room_columns!(), " FROM rooms WHERE id = ? AND epoch = ? AND state = 0");
    let query = sqlx::query(select).bind(new.room.id.0).bind(new.room.epoch.get() as i64);
    let Some(row) = query.fetch_optional(&mut *connection).await? else {
        return Ok(Outcome::Refused(ErrorCode::NotAMember));
    };
    let room = room_info(&row)?;
    if room.is_private() && !is_member(connection, room.id, new.by.user_id).await? {
        return Ok(Outcome::Refused(ErrorCode::NotAMember));
    }
    let details = new.change.clone().apply(&room.details);
    if details == *room.details {
        return Ok(Outcome::Done);
    }
    let query = sqlx::query(
        "UPDATE rooms SET title = ?, topic = ?, description = ?, slow_seconds = ?, archived = ?, permanent = ?
         WHERE id = ?",
    );
    let query = query
        .bind(text(details.title.as_ref()))
        .bind(text(details.topic.as_ref()))
        .bind(text(details.description.as_ref()))
        .bind(details.slow_seconds)
        .bind(details.archived)
        .bind(details.permanent);
    query.bind(room.id.0).execute(&mut *connection).await?;
    record_use(connection, new, &room.details, &details).await?;
    let change = Change::DetailsChanged(details);
    let changed = append(connection, sequences, &new.room, Some(&new.by), new.timestamp, change).await?;
    Ok(Outcome::RoomChanged(vec![changed]))
}

/// Records changes of how a room is used; what it tells of itself is for its members only.
async fn record_use(
    connection: &mut SqliteConnection,
    new: &NewDetails,
    before: &RoomDetails,
    after: &RoomDetails,
) -> Result<(), StoreError> {
    let act = Act::EditRoom {
        slow_seconds: Some(after.slow_seconds).filter(|seconds| *seconds != before.slow_seconds),
        archived: Some(after.archived).filter(|archived| *archived != before.archived),
        permanent: Some(after.permanent).filter(|permanent| *permanent != before.permanent),
    };
    if act == (Act::EditRoom { slow_seconds: None, archived: None, permanent: None }) {
        return Ok(());
    }
    audit::record(connection, new.timestamp, &new.by, Some(&new.room), None, &act).await
}

/// Whether somebody may write to a room.
pub(super) async fn may_write(
    connection: &mut SqliteConnection,
    room: &RoomInfo,
    user: UserId,
) -> Result<bool, StoreError> {
    Ok(room.kind == RoomKind::Public || is_member(connection, room.id, user).await?)
}

/// Whether somebody is a member of a private room.
pub(super) async fn is_member(
    connection: &mut SqliteConnection,
    room: RoomId,
    user: UserId,
) -> Result<bool, StoreError> {
    let query = sqlx::query("SELECT 1 FROM memberships WHERE room = ? AND user = ?");
    Ok(query.bind(room.0).bind(row::blob(user.uuid())).fetch_optional(connection).await?.is_some())
}

/// Adds a membership of a user who is known and has not gone. Returns whether there is a new one.
async fn add(
    connection: &mut SqliteConnection,
    room: RoomId,
    user: UserId,
    role: RoomRole,
) -> Result<bool, StoreError> {
    let query = sqlx::query(
        "INSERT INTO memberships (room, user, role) SELECT ?1, ?2, ?3
         WHERE EXISTS (SELECT 1 FROM users WHERE id = ?2 AND kind != 2) AND EXISTS (SELECT 1 FROM rooms WHERE id = ?1)
         ON CONFLICT DO NOTHING",
    );
    let query = query.bind(room.0).bind(row::blob(user.uuid())).bind(role_number(role));
    Ok(query.execute(connection).await?.rows_affected() > 0)
}

/// Appends an event about the room itself to its log.
pub(super) async fn append(
    connection: &mut SqliteConnection,
    sequences: &mut SequenceAllocator,
    room: &RoomInfo,
    by: Option<&Person>,
    timestamp: Timestamp,
    change: Change,
) -> Result<Changed, StoreError> {
    let place = sequences.next(connection, room.id).await?;
    let changed = Changed {
        room: room.address.clone(),
        seq: place.seq,
        target: place.seq,
        by: by.cloned(),
        timestamp,
        client_message_id: None,
        change,
    };
    let id = event_id(room.id, place.seq);
    changes::insert(connection, id, id, &changed, &place).await?;
    Ok(changed)
}

pub(super) fn text(text: Option<&ShortText>) -> Option<&str> {
    text.map(ShortText::as_str)
}
