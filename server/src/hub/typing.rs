//! Who is typing in a room. Never stored, not repeated to newcomers, expires by itself.

use std::collections::HashMap;

use shared::limits::TYPING_MILLIS;
use shared::{UserId, UserName};

/// Minimum interval between two forwarded changes of one user, in milliseconds.
const CHANGE_MILLIS: u64 = 1_000;

#[derive(Debug)]
struct State {
    name: UserName,
    /// The state that the others were sent.
    told: bool,
    told_at: u64,
    /// The state that the user reported last.
    wanted: bool,
    /// When the reported state expires.
    until: u64,
}

/// The users typing in one room: the last state wins, at most one change per second and user is forwarded.
#[derive(Debug, Default)]
pub struct Typing(HashMap<UserId, State>);

impl Typing {
    /// Records a user's report. Returns `true` if the others must be told now.
    pub fn set(&mut self, user: UserId, name: &UserName, is_typing: bool, now: u64) -> bool {
        let until = now + TYPING_MILLIS;
        let Some(state) = self.0.get_mut(&user) else {
            if is_typing {
                let state = State { name: name.clone(), told: true, told_at: now, wanted: true, until };
                self.0.insert(user, state);
            }
            return is_typing;
        };
        state.wanted = is_typing;
        state.until = until;
        if state.told == is_typing || now < state.told_at + CHANGE_MILLIS {
            return false;
        }
        state.told = is_typing;
        state.told_at = now;
        true
    }

    /// Ends typing after a message or a departure. Returns `true` if the others still see the user typing.
    pub fn stop(&mut self, user: UserId) -> bool {
        self.0.remove(&user).is_some_and(|state| state.told)
    }

    /// Whether nobody is typing or was a moment ago.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the changes that are due by time: expired states, and changes that had to wait.
    pub fn due(&mut self, now: u64) -> Vec<(UserId, UserName, bool)> {
        let mut changes = Vec::new();
        self.0.retain(|&user, state| {
            state.wanted &= now < state.until;
            if state.wanted != state.told && now >= state.told_at + CHANGE_MILLIS {
                state.told = state.wanted;
                state.told_at = now;
                changes.push((user, state.name.clone(), state.told));
            }
            state.told || now < state.told_at + CHANGE_MILLIS
        });
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alice() -> (UserId, UserName) {
        (UserId::new(uuid::Uuid::from_u128(1)), UserName::new("alice").unwrap())
    }

    #[test]
    fn typing_ends_by_itself_after_six_seconds() {
        let (user, name) = alice();
        let mut typing = Typing::default();
        assert!(typing.set(user, &name, true, 0));
        assert!(typing.due(5_999).is_empty());
        assert_eq!(typing.due(6_000), [(user, name, false)]);
        typing.due(7_000);
        assert!(typing.is_empty());
    }

    #[test]
    fn a_flapping_state_is_told_once_a_second_and_the_last_one_wins() {
        let (user, name) = alice();
        let mut typing = Typing::default();
        assert!(typing.set(user, &name, true, 0));
        for at in 1..500 {
            assert!(!typing.set(user, &name, at % 2 == 0, at));
        }
        assert!(typing.due(900).is_empty());
        assert_eq!(typing.due(1_000), [(user, name, false)]);
    }
}
