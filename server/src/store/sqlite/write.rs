//! Commits one batch in one transaction, in order: messages several rows per statement, everything else one by one.

use std::collections::{HashMap, HashSet};

use shared::{ClientMessageId, ErrorCode, Posted, RoomName, Seq, UserId};
use sqlx::sqlite::SqliteConnection;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::chunks::chunks;
use super::row::{self, corrupt, event_id, message_columns};
use super::sequences::{Place, SequenceAllocator};
use super::{ages, audit, bans, change, doors, moderation, people, remove, reports, room_links};
use crate::room::RoomId;
use crate::store::{NewPost, Outcome, StoreError, Write};

/// Rows per statement. Few sizes, so that prepared statements are found in the cache.
const INSERT_SIZES: [usize; 4] = [500, 50, 8, 1];
/// Ids looked up per statement; unused parameters are filled by repeating one of the ids.
const LOOKUP_SIZES: [usize; 3] = [500, 50, 4];

/// A message that has its `seq` and waits to be inserted.
struct Waiting {
    room: RoomId,
    posted: Posted,
    commit_no: i64,
}

/// What is already stored under the client message ids of a batch.
#[derive(Default)]
struct Known {
    messages: HashMap<(ClientMessageId, UserId), Posted>,
    /// Ids used by changes.
    changes: Vec<(ClientMessageId, UserId)>,
    /// Authors of this batch who are members of a private room, since its memberships changed last.
    members: HashSet<(RoomId, UserId)>,
}

/// The result of a transaction.
pub(super) struct Done {
    pub(super) outcomes: Vec<Outcome>,
    /// The `commit_no` of removed messages.
    pub(super) removed: Vec<u64>,
}

pub(super) async fn commit(
    connection: &mut SqliteConnection,
    sequences: &mut SequenceAllocator,
    batch: &[Write],
) -> Result<Done, StoreError> {
    let mut removed = Vec::new();
    let mut known = known_ids(connection, batch).await?;
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(batch.len());
    let mut waiting: Vec<Waiting> = Vec::with_capacity(batch.len());
    for write in batch {
        let Write::Post(new) = write else {
            // It may refer to a message of this batch.
            insert(connection, &mut waiting).await?;
            outcomes.push(apply(connection, sequences, &mut known, &mut removed, write).await?);
            continue;
        };
        outcomes.push(post(connection, sequences, &mut known, &mut waiting, new).await?);
    }
    insert(connection, &mut waiting).await?;
    Ok(Done { outcomes, removed })
}

async fn post(
    connection: &mut SqliteConnection,
    sequences: &mut SequenceAllocator,
    known: &mut Known,
    waiting: &mut Vec<Waiting>,
    new: &NewPost,
) -> Result<Outcome, StoreError> {
    let key = new.author.client_message_id.map(|id| (id, new.author.id));
    if let Some(key) = key {
        if let Some(first) = known.messages.get(&key) {
            return Ok(repeated(first, new));
        }
        if known.changes.contains(&key) {
            return Ok(Outcome::Refused(ErrorCode::IdConflict));
        }
    }
    if new.room.is_private() && !known.members.contains(&(new.room.id, new.author.id)) {
        if !doors::may_write(connection, &new.room, new.author.id).await? {
            return Ok(Outcome::Refused(ErrorCode::NotAMember));
        }
        known.members.insert((new.room.id, new.author.id));
    }
    if let Some(root) = new.reply_to
        && !waiting.iter().any(|one| one.room == new.room.id && one.posted.seq == root)
        && !exists(connection, new.room.id, root).await?
    {
        return Ok(Outcome::Refused(ErrorCode::NoSuchMessage));
    }
    let Place { seq, commit_no } = sequences.next(connection, new.room.id).await?;
    let posted = posted(new, seq);
    if let Some(key) = key {
        known.messages.insert(key, posted.clone());
    }
    waiting.push(Waiting { room: new.room.id, posted: posted.clone(), commit_no });
    Ok(Outcome::Posted(posted))
}

async fn apply(
    connection: &mut SqliteConnection,
    sequences: &mut SequenceAllocator,
    known: &mut Known,
    removed: &mut Vec<u64>,
    write: &Write,
) -> Result<Outcome, StoreError> {
    match write {
        Write::CreateRoom(new) => doors::create(connection, sequences, new).await,
        Write::Membership(new) => {
            known.members.clear();
            doors::set_membership(connection, sequences, new).await
        }
        Write::Restriction(new) => {
            known.members.clear();
            moderation::set(connection, sequences, new).await
        }
        Write::Details(new) => doors::edit(connection, sequences, new).await,
        Write::Ban(new) => bans::add(connection, new).await,
        Write::LiftBan { id, by, timestamp } => bans::lift(connection, *id, by, *timestamp).await,
        Write::Report(new) => reports::add(connection, new).await,
        Write::ResolveReport(new) => reports::resolve(connection, new).await,
        Write::ExpireReports { texts, rows } => reports::expire(connection, *texts, *rows).await,
        Write::AddRoomLink { link, secret, at } => room_links::add(connection, link, secret, *at).await,
        Write::WithdrawRoomLink { room, id, made_by } => {
            room_links::withdraw(connection, *room, *id, *made_by).await
        }
        Write::UseRoomLink(used) => {
            known.members.clear();
            room_links::use_up(connection, sequences, used).await
        }
        Write::Audit { by, act, timestamp } => {
            audit::record(connection, *timestamp, by, None, None, act).await?;
            Ok(Outcome::Done)
        }
        Write::Change(new) => {
            let key = new.author.client_message_id.map(|id| (id, new.author.id));
            if key.is_some_and(|key| known.messages.contains_key(&key)) {
                return Ok(Outcome::Refused(ErrorCode::IdConflict));
            }
            let outcome = change::apply(connection, sequences, new).await?;
            if let (Some(key), Outcome::Changed(..)) = (key, &outcome) {
                known.changes.push(key);
            }
            Ok(outcome)
        }
        Write::Tick { time, wall } => ages::tick(connection, sequences, *time, *wall).await,
        Write::Trim { room, before, at } => {
            remove::trim(connection, sequences, removed, room, *before, *at).await
        }
        Write::Purge { room, before } => remove::purge(connection, sequences, removed, *room, *before).await,
        other => people::apply(connection, other).await,
    }
}

fn posted(new: &NewPost, seq: Seq) -> Posted {
    Posted {
        room: new.room.address.clone(),
        sender: new.author.name.clone(),
        sender_id: new.author.id,
        content: Some(new.content.clone()),
        timestamp: new.timestamp,
        seq,
        message_id: new.message_id,
        client_message_id: new.author.client_message_id,
        reply_to: new.reply_to,
        mentions: new.mentions.clone(),
        changed_seq: None,
        edited_at: None,
        deleted: false,
        pinned: false,
        reactions: Vec::new(),
    }
}

/// The same message again returns its first outcome, even if it was edited or deleted since; a different one under the
/// same id is refused.
fn repeated(first: &Posted, new: &NewPost) -> Outcome {
    let same_text =
        first.deleted || first.edited_at.is_some() || first.content.as_ref() == Some(&new.content);
    if first.room == new.room.address && first.reply_to == new.reply_to && same_text {
        Outcome::Repeated(first.clone())
    } else {
        Outcome::Refused(ErrorCode::IdConflict)
    }
}

async fn exists(connection: &mut SqliteConnection, room: RoomId, seq: Seq) -> Result<bool, StoreError> {
    let query = sqlx::query("SELECT 1 FROM messages WHERE id = ? AND NOT deleted");
    Ok(query.bind(event_id(room, seq)).fetch_optional(connection).await?.is_some())
}

/// Looks up the client message ids of the batch among stored messages and changes.
async fn known_ids(connection: &mut SqliteConnection, batch: &[Write]) -> Result<Known, StoreError> {
    let ids: Vec<ClientMessageId> = batch
        .iter()
        .filter_map(|write| match write {
            Write::Post(new) => new.author.client_message_id,
            Write::Change(new) => new.author.client_message_id,
            _ => None,
        })
        .collect();
    let mut known = Known::default();
    for chunk in chunks(&ids, &LOOKUP_SIZES) {
        let mut query = QueryBuilder::<Sqlite>::new(concat!(
            "SELECT ",
            message_columns!(),
            ", (SELECT name FROM rooms WHERE rooms.id = messages.id >> 40)",
            " FROM messages WHERE client_message_id IN ("
        ));
        bind_ids(&mut query, chunk);
        for found in query.build().fetch_all(&mut *connection).await? {
            let room = RoomName::known(found.try_get(13)?).map_err(corrupt)?;
            let posted = row::posted(&found, &room.into())?;
            if let Some(id) = posted.client_message_id {
                known.messages.insert((id, posted.sender_id), posted);
            }
        }
        let select = "SELECT client_message_id, author FROM changes WHERE client_message_id IN (";
        let mut query = QueryBuilder::<Sqlite>::new(select);
        bind_ids(&mut query, chunk);
        for found in query.build().fetch_all(&mut *connection).await? {
            if let Some(id) = row::client_id(&found, 0)? {
                known.changes.push((id, UserId::new(row::uuid(&found, 1)?)));
            }
        }
    }
    Ok(known)
}

fn bind_ids(query: &mut QueryBuilder<Sqlite>, chunk: &[ClientMessageId]) {
    let size = LOOKUP_SIZES.into_iter().rev().find(|&size| size >= chunk.len()).unwrap_or(chunk.len());
    let mut places = query.separated(", ");
    for index in 0..size {
        places.push_bind(row::blob(chunk[index.min(chunk.len() - 1)].uuid()));
    }
    query.push(")");
}

async fn insert(connection: &mut SqliteConnection, waiting: &mut Vec<Waiting>) -> Result<(), StoreError> {
    for chunk in chunks(waiting, &INSERT_SIZES) {
        let mut query = QueryBuilder::<Sqlite>::new(
            "INSERT INTO messages (id, message_id, author, name, client_message_id, content, created_at, reply_to,
             mentions, commit_no) ",
        );
        query.push_values(chunk, |mut values, Waiting { room, posted, commit_no }| {
            values
                .push_bind(event_id(*room, posted.seq))
                .push_bind(row::blob(posted.message_id.uuid()))
                .push_bind(row::blob(posted.sender_id.uuid()))
                .push_bind(posted.sender.as_str())
                .push_bind(posted.client_message_id.map(|id| row::blob(id.uuid())))
                .push_bind(posted.content.as_ref().map_or("", shared::MessageText::as_str))
                .push_bind(posted.timestamp.millis())
                .push_bind(posted.reply_to.map(|root| event_id(*room, root)))
                .push_bind(row::mention_bytes(&posted.mentions))
                .push_bind(commit_no);
        });
        query.build().execute(&mut *connection).await?;
        for Waiting { room, posted, .. } in chunk.iter().filter(|one| !one.posted.mentions.is_empty()) {
            change::add_mentions(connection, event_id(*room, posted.seq), &posted.mentions).await?;
        }
    }
    waiting.clear();
    Ok(())
}
