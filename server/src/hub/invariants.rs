//! Invariants between the hub's indexes that must hold after every turn; for tests.

use super::state::State;

impl State {
    /// Panics if two indexes disagree.
    pub(super) fn check_invariants(&self) {
        for (connection, entry) in &self.connections {
            let Some(user) = self.users.get(&entry.user) else {
                assert!(entry.is_visit, "a connection has a person");
                continue;
            };
            assert_eq!(entry.is_visit, user.visits.contains(&connection));
            assert!(
                entry.is_visit || user.connections.contains(&connection),
                "a person knows their connections"
            );
            assert_eq!(entry.handle.room_count(), entry.rooms.len(), "hub and edge agree on the rooms");
            for id in &entry.rooms {
                let room = self.rooms.get(id).expect("a joined room is live");
                assert!(
                    entry.is_visit || room.has_subscriber(connection),
                    "a joined room has the connection as listener"
                );
                assert!(room.members.contains_key(&entry.user), "a listener is a member");
            }
        }
        for (id, user) in &self.users {
            assert!(user.connections.iter().all(|&connection| self.connections.contains(connection)));
            assert_eq!(user.lost_at.is_some(), user.connections.is_empty(), "absent means no connection");
            for room in &user.rooms {
                let room = self.rooms.get(room).expect("a person's room is live");
                assert!(room.members.contains_key(id), "a person's room has them as member");
            }
        }
        for (id, room) in &self.rooms {
            assert!(room.details.permanent || !room.members.is_empty(), "an empty room is gone");
            for member in room.members.keys() {
                let user = self.users.get(member).expect("a member is a person");
                assert!(user.rooms.contains(id), "a member knows the room");
            }
        }
    }
}
