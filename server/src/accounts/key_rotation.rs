//! The keys that sign tokens are replaced from time to time.

use std::time::Duration;

use shared::Timestamp;
use uuid::Uuid;

use super::tokens::{self, Keys};
use crate::store::{AccountStore, SigningKey, StoreError};

/// How long a key signs, and how much longer it verifies.
const KEY_SIGNS: Duration = Duration::from_hours(24 * 30);
const KEY_VERIFIES: Duration = Duration::from_hours(24);

/// Reads the keys. Adds one if there is none, or the newest has signed for long enough.
pub(super) async fn renewed_keys(
    store: &dyn AccountStore,
    installation: Uuid,
    now: Timestamp,
) -> Result<Keys, StoreError> {
    let mut stored = store.signing_keys().await?;
    let before = |age: Duration| Timestamp::from_millis(now.millis() - age.as_millis() as i64);
    // A key of the future was made while the clock was wrong, and goes.
    let signs = |key: &SigningKey| (before(KEY_SIGNS)..=now).contains(&key.made_at);
    if !stored.first().is_some_and(signs) {
        let key = SigningKey { private: tokens::generate().map_err(StoreError::Unavailable)?, made_at: now };
        store.add_signing_key(&key, before(KEY_SIGNS + KEY_VERIFIES)).await?;
        stored = store.signing_keys().await?;
    }
    stored.retain(|key| key.made_at >= before(KEY_SIGNS + KEY_VERIFIES));
    Keys::new(installation, &stored).map_err(StoreError::Corrupt)
}
