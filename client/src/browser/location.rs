//! The address of the page: which room it shows, and where the server is.

use leptos::prelude::window;
use shared::{RoomAddress, Seq};
use wasm_bindgen::JsValue;

/// History state of an entry for a layer above the room; for one above others with its number behind.
const LAYER: &str = "layer";
/// History state of the entry below the first room: the list of rooms.
const LIST: &str = "list";
/// History state of an entry for a room.
const ROOM: &str = "room";
/// History state of an entry for something beside the conversation, above the one for its room.
const ABOVE: &str = "above";

/// The WebSocket URL of the server that served this page.
pub fn socket_url() -> String {
    let location = window().location();
    let secure = location.protocol().is_ok_and(|protocol| protocol == "https:");
    let host = location.host().unwrap_or_default();
    format!("{}://{host}/ws", if secure { "wss" } else { "ws" })
}

/// The origin (scheme, host and port) under which the user opened this page.
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// What is behind the `#` of the address, with it.
pub fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// Takes what is behind the `#` out of the address.
pub fn drop_fragment() {
    let path = window().location().pathname().unwrap_or_default();
    with_history(|history| history.replace_state_with_url(&state(), "", Some(&path)));
}

/// A room, and optionally what is shown of it.
pub type Place = (RoomAddress, Option<Spot>);

/// A part of a room that has an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    Message(Seq),
    /// The replies to a message.
    Thread(Seq),
}

/// The place that the address names, if it is a room with a valid name or id.
pub fn place() -> Option<Place> {
    let path = window().location().pathname().ok()?;
    let mut parts = path.strip_prefix("/r/")?.splitn(3, '/');
    let name = parts.next()?;
    let spot = match (parts.next(), parts.next()) {
        (Some("m"), Some(seq)) => seq.parse().ok().map(Seq).map(Spot::Message),
        (Some("t"), Some(seq)) => seq.parse().ok().map(Seq).map(Spot::Thread),
        (None, _) => None,
        _ => return None,
    };
    // A slash in the name is percent-encoded; a literal one makes another path, which leads nowhere.
    let name = js_sys::decode_uri_component(name).ok().filter(|_| !name.contains('/'))?;
    let room = RoomAddress::new(&String::from(name)).ok()?;
    Some((room, spot))
}

pub fn message_path(room: &RoomAddress, seq: Seq) -> String {
    format!("{}/m/{seq}", room.path())
}

/// The full URL of a room, for sharing.
pub fn room_link(room: &RoomAddress) -> String {
    origin() + &room.path()
}

/// The full URL of a message, for sharing.
pub fn message_link(room: &RoomAddress, seq: Seq) -> String {
    origin() + &message_path(room, seq)
}

/// Pushes a history entry for a place; Back returns to the previous one.
pub fn push(place: &Place) {
    with_history(|history| history.push_state_with_url(&ROOM.into(), "", Some(&path_of(place))));
}

/// Pushes a history entry for something beside the conversation.
pub fn push_above(place: &Place) {
    with_history(|history| history.push_state_with_url(&ABOVE.into(), "", Some(&path_of(place))));
}

/// Whether the current entry is one of [`push_above`].
pub fn is_above() -> bool {
    is(ABOVE)
}

/// Gives the current history entry another address. It stays what it is, e.g. that of a layer.
pub fn rename(place: &Place) {
    with_history(|history| history.replace_state_with_url(&state(), "", Some(&path_of(place))));
}

/// Pushes the first place of a visit: Back leads to the list of rooms before it leaves the site.
pub fn push_first(place: &Place) {
    with_history(|history| history.replace_state_with_url(&LIST.into(), "", Some("/")));
    push(place);
}

/// Replaces the current history entry.
pub fn replace(place: Option<&Place>) {
    let path = place.map_or_else(|| "/".to_owned(), path_of);
    with_history(|history| history.replace_state_with_url(&ROOM.into(), "", Some(&path)));
}

fn path_of((room, spot): &Place) -> String {
    match spot {
        None => room.path(),
        Some(Spot::Message(seq)) => message_path(room, *seq),
        Some(Spot::Thread(seq)) => format!("{}/t/{seq}", room.path()),
    }
}

/// Pushes a history entry for the layer with this number above the room, from 1, so that Back closes it.
pub fn push_layer(number: usize) {
    let state = if number > 1 { format!("{LAYER}{number}") } else { LAYER.to_owned() };
    with_history(|history| history.push_state_with_url(&state.into(), "", None));
}

/// The number of layers above the room whose entries lead to the current one; 0 if it is not one of a layer.
pub fn layers() -> usize {
    let state = state().as_string().unwrap_or_default();
    state.strip_prefix(LAYER).map_or(0, |number| number.parse().unwrap_or(1))
}

/// Whether the current entry is the list of rooms, below the first room.
pub fn is_list() -> bool {
    is(LIST)
}

/// Whether the current entry has no state yet, as on a first load: the entry below may be another site.
pub fn is_new() -> bool {
    state().is_null()
}

fn is(what: &str) -> bool {
    state() == what
}

fn state() -> JsValue {
    window().history().and_then(|history| history.state()).unwrap_or_default()
}

/// Same as the browser's Reload button.
pub fn reload() {
    // Browsers refuse only where the page may not navigate at all.
    let _ = window().location().reload();
}

/// Same as pressing the Back button several times.
pub fn back_by(steps: usize) {
    with_history(|history| history.go_with_delta(-(steps as i32)));
}

fn with_history(act: impl FnOnce(&web_sys::History) -> Result<(), JsValue>) {
    // Browsers refuse more than about 100 changes in 30 s; then the address is stale, nothing else.
    let _ = window().history().and_then(|history| act(&history));
}
