//! Guests who were here a moment ago: when everybody comes back at once, the store need not be asked for each.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::store::{Guest, SecretHash};

/// So many are known at once; when there are more, all are looked up anew.
const MOST: usize = 20_000;
/// Longer absences are rare, and sessions end: those are looked up.
const KNOWN_FOR: Duration = Duration::from_mins(30);

/// Who a session stands for, by the hash of its secret.
#[derive(Default)]
pub(super) struct Guests(Mutex<HashMap<SecretHash, (Guest, Instant)>>);

impl Guests {
    /// Whose secret this is, if they were here lately.
    pub(super) fn get(&self, secret: &SecretHash) -> Option<Guest> {
        let (guest, since) = self.lock().get(secret).cloned()?;
        (since.elapsed() < KNOWN_FOR).then_some(guest)
    }

    /// This is how the store knows a guest, or will once what is queued is stored.
    pub(super) fn note(&self, secret: SecretHash, guest: Guest) {
        let mut known = self.lock();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(secret, (guest, Instant::now()));
    }

    /// Forgets those who were not here lately.
    pub(super) fn tidy(&self) {
        self.lock().retain(|_, (_, since)| since.elapsed() < KNOWN_FOR);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SecretHash, (Guest, Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use shared::{UserId, UserName};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_guest_is_known_under_the_last_name_and_the_table_is_bounded() {
        let guests = Guests::default();
        let guest = |name| Guest { id: UserId::new(Uuid::from_u128(1)), name: UserName::new(name).unwrap() };
        guests.note([1; 32], guest("Bob"));
        guests.note([1; 32], guest("Bob-2"));
        assert_eq!(guests.get(&[1; 32]).map(|guest| guest.name.to_string()).as_deref(), Some("Bob-2"));
        assert_eq!(guests.get(&[2; 32]).map(|guest| guest.id), None);
        for number in 0..2 * MOST as u64 {
            let mut secret = [3; 32];
            secret[..8].copy_from_slice(&number.to_le_bytes());
            guests.note(secret, guest("Eve"));
        }
        assert!(guests.lock().len() <= MOST);
    }
}
