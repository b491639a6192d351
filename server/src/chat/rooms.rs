//! Resolves room names.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use shared::{Epoch, Failure, RoomAddress, RoomName};

use super::Chat;
use crate::error::Error;
use crate::hub::{RestoredMember, Restrictions, State, UserKind, wall_clock};
use crate::room::{RoomId, RoomInfo};
use crate::server_time::ServerTime;
use crate::store::patience::patiently;
use crate::store::{Member, Outcome, Store, StoreError, Write};

/// Cache of the public rooms that have members, or had some a moment ago. An entry never changes while its log exists.
#[derive(Default)]
pub(super) struct Rooms(RwLock<HashMap<RoomName, Arc<RoomInfo>>>);

impl Rooms {
    /// Restores the rooms that had members when the server stopped; the members have one minute to come back.
    pub(super) async fn restore(
        store: &dyn Store,
        state: &mut State,
        now: ServerTime,
    ) -> Result<Self, StoreError> {
        commit_at_start(store, &[open_general()?]).await?;
        let rooms = Self::default();
        let mut deserted = Vec::new();
        for (info, members) in store.live_rooms().await? {
            if members.is_empty() && !info.permanent {
                deserted.push(Write::SetLive { room: info.id, empty_since: Some(now) });
            } else {
                state.restore(&info, &members.into_iter().map(restored).collect::<Vec<_>>());
                rooms.insert(&info);
            }
        }
        if !deserted.is_empty() {
            commit_at_start(store, &deserted).await?;
        }
        Ok(rooms)
    }

    pub(super) fn get(&self, name: &RoomName) -> Option<Arc<RoomInfo>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// Drops rooms without members, and rooms whose logs may be removed. The next join asks the store.
    pub(super) fn forget(&self, rooms: &HashSet<RoomId>) {
        if !rooms.is_empty() {
            let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
            known.retain(|_, info| !rooms.contains(&info.id));
        }
    }

    fn insert(&self, info: &Arc<RoomInfo>) {
        if let Some(name) = info.address.public() {
            self.0.write().unwrap_or_else(PoisonError::into_inner).insert(name, info.clone());
        }
    }
}

/// Restores what is not allowed in rooms.
pub(super) async fn restore_restrictions(
    store: &dyn Store,
    restrictions: &Restrictions,
) -> Result<(), StoreError> {
    let held = store.restrictions(wall_clock()).await?;
    if held.is_empty() {
        return Ok(());
    }
    let rooms: HashMap<RoomId, Arc<RoomInfo>> =
        store.rooms().await?.into_iter().map(|room| (room.id, room)).collect();
    for (room, restriction) in held {
        if let Some(room) = rooms.get(&room) {
            restrictions.begin(room, restriction);
        }
    }
    Ok(())
}

/// Commits a batch that the start needs.
///
/// # Errors
/// Nothing could be stored for a minute.
async fn commit_at_start(store: &dyn Store, batch: &[Write]) -> Result<(), StoreError> {
    let may_pass = |error: &StoreError| matches!(error, StoreError::Unavailable(_));
    patiently(|| store.commit(batch), may_pass).await.map(drop)
}

fn restored(Member { user, read, role, closed }: Member) -> RestoredMember {
    let kind = if user.is_account { UserKind::Account } else { UserKind::Guest };
    RestoredMember { id: user.id, name: user.name, kind, read, role, closed }
}

impl Chat {
    /// Opens a public room. Creates it if it does not exist and the name is valid for a new room.
    pub(super) async fn open_room(&self, address: &RoomAddress) -> Result<Arc<RoomInfo>, Error> {
        let name = public(address)?;
        let allowed = RoomName::new(name.as_str());
        match self.writer.commit(open(name, allowed.is_ok(), false)?).await? {
            Outcome::Room(info) => {
                self.rooms.insert(&info);
                Ok(info)
            }
            Outcome::Refused(code) => match allowed {
                Ok(_) => Err(Error::NotStored(code)),
                Err(error) => Err(Failure::new(code, format!("\"room\" {error}")).in_field("room").into()),
            },
            _ => Err(Error::NotAMember(address.clone())),
        }
    }
}

fn public(address: &RoomAddress) -> Result<RoomName, Error> {
    address.public().ok_or_else(|| Error::NotAMember(address.clone()))
}

/// Opens the room that everybody starts in.
pub(super) fn open_general() -> Result<Write, StoreError> {
    open(RoomName::general(), true, true)
}

fn open(name: RoomName, make: bool, permanent: bool) -> Result<Write, StoreError> {
    Ok(Write::OpenRoom { name, epoch: new_epoch()?, make, permanent, at: wall_clock() })
}

/// Draws the epoch of a log that begins.
pub(super) fn new_epoch() -> Result<Epoch, StoreError> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|error| StoreError::Unavailable(anyhow::anyhow!(error)))?;
    Ok(Epoch::from_random(u64::from_le_bytes(random)))
}
