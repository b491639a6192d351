//! The address of the page: which room it shows, and where the server is.

use leptos::prelude::window;
use shared::{RoomAddress, Seq};
use wasm_bindgen::JsValue;

/// What the history says about a place that is a layer above the room.
const LAYER: &str = "layer";
/// About the place below the first room: the list of rooms.
const LIST: &str = "list";
/// About a room.
const ROOM: &str = "room";

/// Where the socket of the server that served this page is.
pub fn socket_url() -> String {
    let location = window().location();
    let secure = location.protocol().is_ok_and(|protocol| protocol == "https:");
    let host = location.host().unwrap_or_default();
    format!("{}://{host}/ws", if secure { "wss" } else { "ws" })
}

/// The scheme, name and port by which the person opened this page.
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// A room, and a message in it.
pub type Place = (RoomAddress, Option<Seq>);

/// The place that the address names, if it is in a public room with a possible name.
pub fn place() -> Option<Place> {
    let path = window().location().pathname().ok()?;
    let (name, seq) = match path.strip_prefix("/r/")?.split_once("/m/") {
        Some((name, seq)) => (name, seq.parse().ok().map(Seq)),
        None => (path.strip_prefix("/r/")?, None),
    };
    // A slash of the name is encoded: others make another path, which leads nowhere.
    let name = js_sys::decode_uri_component(name).ok().filter(|_| !name.contains('/'))?;
    let room = RoomAddress::new(&String::from(name)).ok()?;
    room.public().map(|_| (room, seq))
}

/// The path of a message.
pub fn message_path(room: &RoomAddress, seq: Seq) -> String {
    format!("{}/m/{seq}", room.path())
}

/// The whole address of a message, for others.
pub fn message_link(room: &RoomAddress, seq: Seq) -> String {
    origin() + &message_path(room, seq)
}

/// Goes to a place; Back leads to where the page was.
pub fn push(place: &Place) {
    with_history(|history| history.push_state_with_url(&ROOM.into(), "", Some(&path_of(place))));
}

/// Goes to the first place of a visit: Back leads to the list of rooms, and not yet out of the site.
pub fn push_first(place: &Place) {
    with_history(|history| history.replace_state_with_url(&LIST.into(), "", Some("/")));
    push(place);
}

/// Goes to a place instead of where the page is.
pub fn replace(place: Option<&Place>) {
    let path = place.map_or_else(|| "/".to_owned(), path_of);
    with_history(|history| history.replace_state_with_url(&ROOM.into(), "", Some(&path)));
}

fn path_of((room, seq): &Place) -> String {
    seq.map_or_else(|| room.path(), |seq| message_path(room, seq))
}

/// A layer opens above the room: Back closes it.
pub fn push_layer() {
    with_history(|history| history.push_state_with_url(&LAYER.into(), "", None));
}

/// Whether the page is at a layer above the room.
pub fn is_layer() -> bool {
    is(LAYER)
}

/// Whether the page is below the first room.
pub fn is_list() -> bool {
    is(LIST)
}

/// Whether the page came here by itself for the first time: there may be another site below.
pub fn is_new() -> bool {
    state().is_null()
}

fn is(what: &str) -> bool {
    state() == what
}

fn state() -> JsValue {
    window().history().and_then(|history| history.state()).unwrap_or_default()
}

/// As the Back button.
pub fn back() {
    with_history(web_sys::History::back);
}

fn with_history(act: impl FnOnce(&web_sys::History) -> Result<(), JsValue>) {
    // Browsers refuse more than about 100 changes in 30 s: then the address is behind, nothing else.
    let _ = window().history().and_then(|history| act(&history));
}
