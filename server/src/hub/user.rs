//! People with at least one connection, or with one that may come back.

use std::collections::HashMap;

use shared::mention::RESERVED;
use shared::{PresenceStatus, UserId, UserName};

use crate::room::RoomId;

/// A lost connection is told as `offline` after this long, in milliseconds: a blip is not an absence.
pub const OFFLINE_AFTER: u64 = 3_000;
/// A guest without connections leaves its rooms after this long, in milliseconds.
pub const LEAVES_AFTER: u64 = 60_000;

/// A person.
#[derive(Debug)]
pub struct User {
    /// The name they got.
    pub name: UserName,
    /// Whether they may come back after their last connection broke.
    pub lingers: bool,
    /// Their connections.
    pub connections: Vec<usize>,
    /// The rooms they are in.
    pub rooms: Vec<RoomId>,
    /// When the last connection was lost, in milliseconds of the hub's clock.
    pub lost_at: Option<u64>,
}

impl User {
    /// The status that the others should see at `now`.
    pub fn status(&self, away: impl Fn(usize) -> bool, now: u64) -> PresenceStatus {
        match self.lost_at {
            Some(lost) if now >= lost + OFFLINE_AFTER => PresenceStatus::Offline,
            None if self.connections.iter().all(|&connection| away(connection)) => PresenceStatus::Away,
            Some(_) | None => PresenceStatus::Online,
        }
    }
}

/// Which names are taken, by the form in which names are compared. Those that call many are nobody's.
#[derive(Debug, Default)]
pub struct Names(HashMap<String, Claim>);

#[derive(Debug)]
struct Claim {
    owner: UserId,
    /// The number to try first for the next one who wants this name.
    next: u32,
}

impl Names {
    /// Gives `user` the name they want, or that name with a number behind it.
    pub fn claim(&mut self, user: UserId, wanted: &UserName) -> UserName {
        let key = wanted.key();
        let mut number = match self.0.get(&key) {
            Some(claim) if claim.owner != user => claim.next,
            None if RESERVED.contains(&&*key) => 2,
            Some(_) | None => {
                self.0.insert(key, Claim { owner: user, next: 2 });
                return wanted.clone();
            }
        };
        loop {
            let name = wanted.numbered(number);
            number = number.saturating_add(1);
            if self.0.get(&name.key()).is_none_or(|claim| claim.owner == user) {
                self.0.insert(name.key(), Claim { owner: user, next: 2 });
                if let Some(claim) = self.0.get_mut(&key) {
                    claim.next = number;
                }
                return name;
            }
        }
    }

    /// Whose name this is, by its [key](UserName::key).
    pub fn owner(&self, key: &str) -> Option<UserId> {
        self.0.get(key).map(|claim| claim.owner)
    }

    /// The name is free again.
    pub fn release(&mut self, user: UserId, name: &UserName) {
        let key = name.key();
        if self.0.get(&key).is_some_and(|claim| claim.owner == user) {
            self.0.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_name_gets_a_number_and_is_free_after_its_owner_went() {
        let [bob, other, third] = [1, 2, 3].map(|n: u128| UserId::new(uuid::Uuid::from_u128(n)));
        let name = UserName::new("Bob").unwrap();
        let mut names = Names::default();
        assert_eq!(names.claim(bob, &name).as_str(), "Bob");
        assert_eq!(names.claim(bob, &name).as_str(), "Bob");
        assert_eq!(names.claim(other, &UserName::new("bob").unwrap()).as_str(), "bob-2");
        assert_eq!(names.claim(third, &name).as_str(), "Bob-3");
        names.release(bob, &name);
        assert_eq!(names.claim(UserId::new(uuid::Uuid::from_u128(4)), &name).as_str(), "Bob");
    }

    #[test]
    fn nobody_has_a_name_that_calls_many() {
        let mut names = Names::default();
        for (number, call) in RESERVED.iter().chain(&["Ｒｏｏｍ"]).enumerate() {
            let user = UserId::new(uuid::Uuid::from_u128(number as u128));
            let name = names.claim(user, &UserName::new(call).unwrap());
            assert!(name.as_str().ends_with(if number < 4 { "-2" } else { "-3" }), "{name}");
        }
    }
}
