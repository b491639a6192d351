//! One batch, one transaction: messages with their places, several rows a statement.

use std::collections::HashMap;
use std::sync::Arc;

use shared::{ClientMessageId, Posted, RoomName, Seq, UserId};
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{QueryBuilder, Row, Sqlite};

use super::read;
use super::row::{self, corrupt, event_columns, event_id};
use crate::room::RoomId;
use crate::store::{NewPost, Outcome, StoreError, Write};

/// Rows of one statement. Few sizes, so that their prepared forms are found again.
const INSERT_SIZES: [usize; 4] = [500, 50, 8, 1];
/// Ids looked up by one statement; unused places are filled with one of the ids.
const LOOKUP_SIZES: [usize; 3] = [500, 50, 4];

/// The ends of the logs that were written to since the start.
#[derive(Debug, Default)]
pub(super) struct Heads(HashMap<RoomId, Seq>);

impl Heads {
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }

    async fn next(&mut self, connection: &mut SqliteConnection, room: RoomId) -> Result<Seq, StoreError> {
        let head = match self.0.get(&room) {
            Some(&head) => head,
            None => read::head(connection, room).await?,
        };
        self.0.insert(room, head.next());
        Ok(head.next())
    }
}

pub(super) async fn commit(
    pool: &SqlitePool,
    heads: &mut Heads,
    batch: &[Write],
) -> Result<Vec<Outcome>, StoreError> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let known = known_ids(&mut transaction, batch).await?;
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(batch.len());
    let mut fresh: HashMap<(ClientMessageId, UserId), Posted> = HashMap::new();
    let mut rows = Vec::with_capacity(batch.len());
    for write in batch {
        let outcome = match write {
            Write::Post(post) => {
                let key = post.client_message_id.map(|id| (id, post.author));
                match key.and_then(|key| known.get(&key).or_else(|| fresh.get(&key))) {
                    Some(first) => repeated(first, post),
                    None => {
                        let seq = heads.next(&mut transaction, post.room.id).await?;
                        let posted = posted(post, seq);
                        if let Some(key) = key {
                            fresh.insert(key, posted.clone());
                        }
                        rows.push((post.room.id, posted.clone()));
                        Outcome::Posted(posted)
                    }
                }
            }
            other => apply(&mut transaction, other).await?,
        };
        outcomes.push(outcome);
    }
    insert(&mut transaction, &rows).await?;
    transaction.commit().await?;
    Ok(outcomes)
}

fn posted(post: &NewPost, seq: Seq) -> Posted {
    Posted {
        room: post.room.address.clone(),
        sender: post.name.clone(),
        sender_id: post.author,
        content: post.content.clone(),
        timestamp: post.timestamp,
        seq,
        message_id: post.message_id,
        client_message_id: post.client_message_id,
    }
}

/// The same message again is answered as the first time; another one under its id is refused.
fn repeated(first: &Posted, post: &NewPost) -> Outcome {
    if first.room == post.room.address && first.content == post.content {
        Outcome::Repeated(first.clone())
    } else {
        Outcome::IdConflict
    }
}

/// The messages that the batch sends a second time.
async fn known_ids(
    connection: &mut SqliteConnection,
    batch: &[Write],
) -> Result<HashMap<(ClientMessageId, UserId), Posted>, StoreError> {
    let ids: Vec<ClientMessageId> = batch
        .iter()
        .filter_map(|write| match write {
            Write::Post(post) => post.client_message_id,
            _ => None,
        })
        .collect();
    let mut known = HashMap::new();
    for chunk in chunks(&ids, &LOOKUP_SIZES) {
        let size = LOOKUP_SIZES.into_iter().rev().find(|&size| size >= chunk.len()).unwrap_or(chunk.len());
        let mut query = QueryBuilder::<Sqlite>::new(concat!(
            "SELECT ",
            event_columns!(),
            ", (SELECT name FROM rooms WHERE rooms.id = events.id >> 40)",
            " FROM events WHERE client_message_id IN ("
        ));
        let mut places = query.separated(", ");
        for index in 0..size {
            places.push_bind(chunk[index.min(chunk.len() - 1)].uuid().as_bytes().to_vec());
        }
        query.push(")");
        for found in query.build().fetch_all(&mut *connection).await? {
            let room = RoomName::new(found.try_get(7)?).map_err(corrupt)?;
            let posted = row::posted(&found, &room.into())?;
            if let Some(id) = posted.client_message_id {
                known.insert((id, posted.sender_id), posted);
            }
        }
    }
    Ok(known)
}

async fn insert(connection: &mut SqliteConnection, rows: &[(RoomId, Posted)]) -> Result<(), StoreError> {
    for chunk in chunks(rows, &INSERT_SIZES) {
        let mut query = QueryBuilder::<Sqlite>::new(concat!("INSERT INTO events (", event_columns!(), ") "));
        query.push_values(chunk, |mut values, (room, posted)| {
            values
                .push_bind(event_id(*room, posted.seq))
                .push_bind(posted.message_id.uuid().as_bytes().to_vec())
                .push_bind(posted.sender_id.uuid().as_bytes().to_vec())
                .push_bind(posted.sender.as_str())
                .push_bind(posted.client_message_id.map(|id| id.uuid().as_bytes().to_vec()))
                .push_bind(posted.content.as_str())
                .push_bind(posted.timestamp.millis());
        });
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// Cuts `items` into pieces of the given sizes, the largest first; the last piece may be smaller than the smallest.
fn chunks<'a, T>(mut items: &'a [T], sizes: &[usize]) -> Vec<&'a [T]> {
    let mut chunks = Vec::new();
    for &size in sizes {
        while items.len() >= size {
            let (chunk, rest) = items.split_at(size);
            chunks.push(chunk);
            items = rest;
        }
    }
    if !items.is_empty() {
        chunks.push(items);
    }
    chunks
}

async fn apply(connection: &mut SqliteConnection, write: &Write) -> Result<Outcome, StoreError> {
    let query = match write {
        Write::Post(_) => return Ok(Outcome::Done),
        Write::OpenRoom { name, epoch, permanent, at } => {
            let query = sqlx::query(
                "INSERT INTO rooms (name, epoch, permanent, created_at) VALUES (?, ?, ?, ?)
                 ON CONFLICT (name) DO UPDATE SET empty_since = NULL, permanent = max(permanent, excluded.permanent)
                 RETURNING id, name, epoch, permanent",
            );
            let query = query.bind(name.as_str()).bind(epoch.get() as i64).bind(permanent).bind(at.millis());
            let row = query.fetch_one(connection).await?;
            return Ok(Outcome::Room(Arc::new(read::room_info(&row)?)));
        }
        Write::SetLive { room, empty_since } => {
            let query = sqlx::query("UPDATE rooms SET empty_since = ? WHERE id = ?");
            query.bind(empty_since.map(shared::Timestamp::millis)).bind(room.0)
        }
        Write::SaveGuest { guest, secret, at } => {
            let query = sqlx::query(
                "INSERT INTO guests (id, name, secret, seen_at) VALUES (?, ?, ?, ?)
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name, seen_at = excluded.seen_at",
            );
            let query = query.bind(guest.id.uuid().as_bytes().to_vec()).bind(guest.name.as_str());
            query.bind(&secret[..]).bind(at.millis())
        }
        Write::Seen { guest, at } => {
            let query = sqlx::query("UPDATE guests SET seen_at = ? WHERE id = ?");
            query.bind(at.millis()).bind(guest.uuid().as_bytes().to_vec())
        }
        // A guest may have been forgotten meanwhile; then there is nothing to note.
        Write::SetMember { room, guest, read: Some(read) } => {
            let query = sqlx::query(
                "INSERT INTO memberships (room, guest, read_seq) SELECT ?1, ?2, ?3
                 WHERE EXISTS (SELECT 1 FROM guests WHERE id = ?2) AND EXISTS (SELECT 1 FROM rooms WHERE id = ?1)
                 ON CONFLICT (room, guest) DO UPDATE SET read_seq = excluded.read_seq",
            );
            query.bind(room.0).bind(guest.uuid().as_bytes().to_vec()).bind(read.0 as i64)
        }
        Write::SetMember { room, guest, read: None } => {
            let query = sqlx::query("DELETE FROM memberships WHERE room = ? AND guest = ?");
            query.bind(room.0).bind(guest.uuid().as_bytes().to_vec())
        }
        Write::ForgetGuests { before } => {
            sqlx::query("DELETE FROM guests WHERE seen_at <= ?").bind(before.millis())
        }
    };
    query.execute(connection).await?;
    Ok(Outcome::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_cover_everything_in_order() {
        let items: Vec<usize> = (0..1_234).collect();
        let sizes: Vec<usize> = chunks(&items, &INSERT_SIZES).iter().map(|chunk| chunk.len()).collect();
        assert_eq!(sizes[..4], [500, 500, 50, 50]);
        assert_eq!(chunks(&items, &INSERT_SIZES).concat(), items);
    }
}
