//! Who is typing in a room. Never stored, never repeated to a newcomer, ends by itself.

use std::collections::HashMap;

use shared::limits::TYPING_MILLIS;
use shared::{UserId, UserName};

/// At least this long between two changes of one person that are passed on, in milliseconds.
const CHANGE_MILLIS: u64 = 1_000;

#[derive(Debug)]
struct State {
    name: UserName,
    /// What the others were told.
    told: bool,
    told_at: u64,
    /// What the person said last.
    wanted: bool,
    /// When the wish ends by itself.
    until: u64,
}

/// The people typing in one room: the last state wins, at most one change a second and person is passed on.
#[derive(Debug, Default)]
pub struct Typing(HashMap<UserId, State>);

impl Typing {
    /// Notes what somebody said; true if the others are to be told now.
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

    /// Somebody sent a message or went away; true if the others still believe that they type.
    pub fn stop(&mut self, user: UserId) -> bool {
        self.0.remove(&user).is_some_and(|state| state.told)
    }

    /// Whether nobody is typing or was a moment ago.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is to be told now because time has passed: wishes that ended, changes that had to wait.
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
