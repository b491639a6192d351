//! What the account prefers: told to the server, which tells all its devices. The page shows it at once.

use futures_util::lock::Mutex;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;
use shared::{RoomAddress, UserId};

use super::api::{in_path, json, request};
use crate::core::Store;
use crate::core::requests::NoAnswer;
use crate::wire::credentials::Credentials;

thread_local! {
    /// Held while something is told, so that the server learns it in the order in which it was done.
    static TELLS: &'static Mutex<()> = Box::leak(Box::default());
}

#[derive(Serialize)]
struct Favourites<'a> {
    rooms: &'a [RoomAddress],
}

/// Replaces the favourites, which were `before`.
pub fn set_favourites(
    store: Store,
    credentials: Credentials,
    before: Vec<RoomAddress>,
    rooms: Vec<RoomAddress>,
) {
    store.favourites.set(rooms.clone());
    spawn_local(async move {
        let told = async {
            let body = json(&Favourites { rooms: &rooms })?;
            tell(credentials, "PUT", "/api/v1/preferences/favourites", Some(&body)).await
        };
        if let Err(why) = told.await
            && store.favourites.try_get_untracked().as_ref() == Some(&rooms)
        {
            store.favourites.set(before);
            store.notify(why.into());
        }
    });
}

/// Mutes a room, or ends that.
pub fn mute(store: Store, credentials: Credentials, room: RoomAddress, muted: bool) {
    store.mute(room.clone(), muted);
    if !store.is_account_untracked() {
        return;
    }
    spawn_local(async move {
        if let Err(why) = tell_muted(credentials, &room, muted).await
            && !store.muted.is_disposed()
        {
            store.mute(room, !muted);
            store.notify(why.into());
        }
    });
}

/// Tells the server of rooms that were muted while only the browser knew of it.
pub fn tell_all_muted(credentials: Credentials, rooms: Vec<RoomAddress>) {
    spawn_local(async move {
        for room in rooms {
            // Whichever cannot be told, as a room that was left, is not muted any more.
            drop(tell_muted(credentials, &room, true).await);
        }
    });
}

/// Blocks somebody, or ends that. The server tells who is blocked then.
pub async fn block(credentials: Credentials, id: UserId, blocked: bool) -> Result<(), NoAnswer> {
    tell(credentials, method(blocked), &format!("/api/v1/blocked/{id}"), None).await
}

async fn tell_muted(credentials: Credentials, room: &RoomAddress, muted: bool) -> Result<(), NoAnswer> {
    let path = format!("/api/v1/preferences/rooms/{}/muted", in_path(room));
    tell(credentials, method(muted), &path, None).await
}

async fn tell(
    credentials: Credentials,
    method: &str,
    path: &str,
    body: Option<&str>,
) -> Result<(), NoAnswer> {
    let _alone = TELLS.with(|tells| tells.lock()).await;
    request(credentials, method, path, body).await.map(drop)
}

const fn method(is_set: bool) -> &'static str {
    if is_set { "PUT" } else { "DELETE" }
}
