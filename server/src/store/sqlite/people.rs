//! Writes guests, memberships and read marks.

use shared::ErrorCode;
use sqlx::sqlite::SqliteConnection;
use sqlx::{QueryBuilder, Sqlite};

use super::chunks::chunks;
use super::{rooms, row};
use crate::server_time::ServerTime;
use crate::store::{Outcome, StoreError, Write};

/// Guests per statement.
const SEEN_SIZES: [usize; 4] = [500, 50, 8, 1];

pub(super) async fn apply(connection: &mut SqliteConnection, write: &Write) -> Result<Outcome, StoreError> {
    let query = match write {
        Write::Post(_) | Write::Change(_) | Write::Tick { .. } | Write::Trim { .. } | Write::Purge { .. } => {
            return Ok(Outcome::Done);
        }
        Write::OpenRoom { name, make, epoch, permanent, at } => {
            return if *make {
                rooms::open(connection, name, *epoch, *permanent, *at, row::HIGHEST_ROOM).await
            } else {
                let found = rooms::reopen(connection, name, *permanent).await?;
                Ok(found.map_or(Outcome::Refused(ErrorCode::InvalidName), Outcome::Room))
            };
        }
        Write::SetLive { room, empty_since } => {
            // A room that is being purged is not changed.
            let sql = "UPDATE rooms SET empty_since = ? WHERE id = ? AND name NOT LIKE '~gone-%'";
            let query = sqlx::query(sql);
            query.bind(empty_since.map(ServerTime::millis)).bind(room.0)
        }
        Write::SaveGuest { guest, secret, at } => {
            let query = sqlx::query(
                "INSERT INTO guests (id, name, secret, seen_at) VALUES (?, ?, ?, ?)
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name, seen_at = excluded.seen_at",
            );
            let query = query.bind(row::blob(guest.id.uuid())).bind(guest.name.as_str());
            query.bind(&secret[..]).bind(at.millis())
        }
        Write::Seen { guests, at } => {
            for chunk in chunks(guests, &SEEN_SIZES) {
                let mut query = QueryBuilder::<Sqlite>::new("UPDATE guests SET seen_at = ");
                query.push_bind(at.millis()).push(" WHERE id IN (");
                let mut places = query.separated(", ");
                for guest in chunk {
                    places.push_bind(row::blob(guest.uuid()));
                }
                query.push(")").build().execute(&mut *connection).await?;
            }
            return Ok(Outcome::Done);
        }
        // The guest may have been forgotten in the meantime; then there is nothing to write.
        Write::SetMember { room, guest, member: true } => {
            let query = sqlx::query(
                "INSERT INTO memberships (room, guest) SELECT ?1, ?2
                 WHERE EXISTS (SELECT 1 FROM guests WHERE id = ?2) AND EXISTS (SELECT 1 FROM rooms WHERE id = ?1)
                 ON CONFLICT DO NOTHING",
            );
            query.bind(room.0).bind(row::blob(guest.uuid()))
        }
        Write::SetMember { room, guest, member: false } => {
            let query = sqlx::query("DELETE FROM memberships WHERE room = ? AND guest = ?");
            query.bind(room.0).bind(row::blob(guest.uuid()))
        }
        Write::SetRead { room, guest, read } => {
            let query = sqlx::query(
                "INSERT INTO reads (room, guest, read_seq) SELECT ?1, ?2, ?3
                 WHERE EXISTS (SELECT 1 FROM guests WHERE id = ?2) AND EXISTS (SELECT 1 FROM rooms WHERE id = ?1)
                 ON CONFLICT (room, guest) DO UPDATE SET read_seq = excluded.read_seq",
            );
            query.bind(room.0).bind(row::blob(guest.uuid())).bind(read.0 as i64)
        }
        Write::ForgetGuests { before } => {
            sqlx::query("DELETE FROM guests WHERE seen_at <= ?").bind(before.millis())
        }
    };
    query.execute(connection).await?;
    Ok(Outcome::Done)
}
