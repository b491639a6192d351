//! Direct conversations: the people that a conversation is of.

use std::sync::Arc;

use shared::UserId;
use sqlx::sqlite::SqliteConnection;
use uuid::Uuid;

use super::read::{room_columns, room_info};
use super::row::corrupt;
use crate::room::RoomInfo;
use crate::store::{NewPrivateRoom, StoreError};

/// Returns the same bytes for the same people, in whatever order they are named.
pub(super) fn key(new: &NewPrivateRoom) -> Vec<u8> {
    let members = new.members.iter().map(|member| member.user_id);
    let mut ids: Vec<Uuid> = members.chain([new.author.id]).map(UserId::uuid).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.iter().flat_map(|id| *id.as_bytes()).collect()
}

/// Reads a [`key`].
pub(super) fn people(key: Option<&[u8]>) -> Result<Arc<[UserId]>, StoreError> {
    let ids = key.unwrap_or_default().chunks(16).map(|id| Uuid::from_slice(id).map(UserId::new));
    ids.collect::<Result<_, _>>().map_err(corrupt)
}

/// Finds the conversation of these people.
pub(super) async fn find(
    connection: &mut SqliteConnection,
    key: &[u8],
) -> Result<Option<Arc<RoomInfo>>, StoreError> {
    let query = sqlx::query(concat!("SELECT ", room_columns!(), " FROM rooms WHERE people = ?"));
    let found = query.bind(key).fetch_optional(connection).await?;
    found.map(|row| Ok(Arc::new(room_info(&row)?))).transpose()
}

#[cfg(test)]
mod tests {
    use shared::{Epoch, Person, RoomAddress, RoomDetails, RoomKind, Timestamp, UserName};

    use super::*;
    use crate::store::Author;

    fn new(author: u128, members: &[u128]) -> NewPrivateRoom {
        let name = UserName::new("somebody").unwrap();
        let id = |number| UserId::new(Uuid::from_u128(number));
        let person = |&number: &u128| Person { user_id: id(number), user: name.clone() };
        NewPrivateRoom {
            kind: RoomKind::Direct,
            make: true,
            address: RoomAddress::new("~x").unwrap(),
            epoch: Epoch::from_random(1),
            details: RoomDetails::default(),
            author: Author { id: id(author), name: name.clone(), client_message_id: None },
            members: members.iter().map(person).collect(),
            timestamp: Timestamp::from_millis(0),
        }
    }

    #[test]
    fn the_same_people_are_one_conversation_whoever_begins_it() {
        let of_three = key(&new(1, &[2, 300]));
        for (author, members) in [(2, [300, 1]), (300, [1, 2]), (300, [2, 1])] {
            assert_eq!(key(&new(author, &members)), of_three);
        }
        assert_eq!(key(&new(1, &[2, 300, 2, 1])), of_three, "each counts once");
        assert_ne!(key(&new(1, &[2])), of_three);
        assert_eq!(people(Some(&of_three)).unwrap().len(), 3);
        assert!(people(None).unwrap().is_empty());
        assert!(people(Some(&of_three[1..])).is_err());
    }
}
