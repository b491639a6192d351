//! The rooms that the user opened last.

use leptos::prelude::*;
use shared::RoomAddress;

use crate::core::Store;

/// Number of rooms remembered.
const KEPT: usize = 32;

/// The rooms, as a context: the last one first.
#[derive(Clone, Copy)]
pub struct Recent(StoredValue<Vec<RoomAddress>>);

impl Recent {
    /// Creates the context, which follows the open room.
    pub fn provide(store: Store) {
        let recent = StoredValue::new(Vec::new());
        Effect::new(move || {
            if let Some(room) = store.open.get() {
                recent.update_value(|recent: &mut Vec<RoomAddress>| {
                    recent.retain(|other| *other != room);
                    recent.insert(0, room);
                    recent.truncate(KEPT);
                });
            }
        });
        provide_context(Self(recent));
    }

    pub fn rooms(self) -> Vec<RoomAddress> {
        self.0.get_value()
    }
}
