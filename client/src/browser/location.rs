//! The address of the page: which room it shows, and where the server is.

use leptos::prelude::window;
use shared::{RoomAddress, RoomName};
use wasm_bindgen::JsValue;

/// What the history says about a place that is a layer above the room.
const LAYER: &str = "layer";

/// Where the socket of the server that served this page is.
pub fn socket_url() -> String {
    let location = window().location();
    let secure = location.protocol().is_ok_and(|protocol| protocol == "https:");
    let host = location.host().unwrap_or_default();
    format!("{}://{host}/ws", if secure { "wss" } else { "ws" })
}

/// The room that the address names, if it is a public one with a possible name.
pub fn room() -> Option<RoomAddress> {
    let path = window().location().pathname().ok()?;
    let name = js_sys::decode_uri_component(path.strip_prefix("/r/")?).ok()?;
    RoomName::new(&String::from(name)).ok().map(RoomAddress::from)
}

/// The path of a room.
pub fn path(room: &RoomAddress) -> String {
    format!("/r/{}", String::from(js_sys::encode_uri_component(room.as_str())))
}

/// Goes to a room; Back leads to where the page was.
pub fn push(room: &RoomAddress) {
    with_history(|history| history.push_state_with_url(&JsValue::NULL, "", Some(&path(room))));
}

/// Goes to a room in place of where the page is.
pub fn replace(room: Option<&RoomAddress>) {
    let path = room.map_or_else(|| "/".to_owned(), path);
    with_history(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&path)));
}

/// A layer opens above the room: Back closes it.
pub fn push_layer() {
    with_history(|history| history.push_state_with_url(&LAYER.into(), "", None));
}

/// Whether the page is at a layer above the room.
pub fn is_layer() -> bool {
    window().history().and_then(|history| history.state()).is_ok_and(|state| state == LAYER)
}

/// As the Back button.
pub fn back() {
    with_history(web_sys::History::back);
}

fn with_history(act: impl FnOnce(&web_sys::History) -> Result<(), JsValue>) {
    // Browsers refuse more than about 100 changes in 30 s: then the address is behind, nothing else.
    let _ = window().history().and_then(|history| act(&history));
}
