//! Line icons on a grid of 20, and Hiroba's logo.

use leptos::prelude::*;

/// An icon, hidden from screen readers: the button around it is labelled.
#[component]
pub fn Icon(
    /// SVG path data.
    path: &'static str,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
            <path d=path />
        </svg>
    }
}

/// Three lines.
pub const MENU: &str = "M3 5.5h14M3 10h14M3 14.5h14";
/// Two people.
pub const PEOPLE: &str = "M7.5 9a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5ZM2.5 16c0-2.6 2.2-4.3 5-4.3s5 1.7 5 4.3M13 3.8a2.6 2.6 0 0 1 0 5M14.3 11.9c1.9.5 3.2 2 3.2 4.1";
/// Two sliders.
pub const SLIDERS: &str = "M3 6.5h7.5M15.5 6.5H17M3 13.5h1.5M9.5 13.5H17M13 9a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM7 16a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z";
/// A plus.
pub const PLUS: &str = "M10 4v12M4 10h12";
/// A cross.
pub const CLOSE: &str = "M5 5l10 10M15 5L5 15";
/// An eye.
pub const EYE: &str = "M2.5 10S5.2 5 10 5s7.5 5 7.5 5-2.7 5-7.5 5-7.5-5-7.5-5ZM10 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z";
/// A paper plane.
pub const SEND: &str = "M17 3L2.8 8.3l5.7 3.2L17 3Zm0 0l-5.3 14.2-3.2-5.7";
/// An arrow down.
pub const DOWN: &str = "M10 4v12M5 11.2l5 4.8 5-4.8";
/// An arrow up.
pub const UP: &str = "M10 16V4M5 8.8L10 4l5 4.8";
/// A star.
pub const STAR: &str = "M10 3l2.1 4.6 5 .5-3.8 3.3 1.1 4.9L10 13.8l-4.4 2.5 1.1-4.9L2.9 8.1l5-.5L10 3Z";
/// A circle, crossed out.
pub const BLOCK: &str = "M10 17.2a7.2 7.2 0 1 0 0-14.4 7.2 7.2 0 0 0 0 14.4ZM5 5l10 10";
/// A door with an arrow out of it.
pub const LEAVE: &str = "M11.5 3.5H5v13h6.5M8.5 10H17M14 6.8l3.2 3.2-3.2 3.2";
/// The letter i in a circle.
pub const ABOUT: &str = "M10 17.2a7.2 7.2 0 1 0 0-14.4 7.2 7.2 0 0 0 0 14.4ZM10 9.2v4.3M10 6.4v.2";
/// A closed lock.
pub const LOCK: &str = "M6.2 9V6.6a3.8 3.8 0 0 1 7.6 0V9M5.2 9h9.6v7.5H5.2Z";
/// A bell, crossed out.
pub const BELL_OFF: &str = "M10 3.2a4.3 4.3 0 0 0-4.3 4.3c0 4-1.6 5-1.6 6h11.8c0-1-1.6-2-1.6-6A4.3 4.3 0 0 0 10 3.2ZM8.4 16a1.7 1.7 0 0 0 3.2 0M3.5 3.5l13 13";

/// A face.
pub const SMILE: &str = "M10 17.2a7.2 7.2 0 1 0 0-14.4 7.2 7.2 0 0 0 0 14.4ZM7 11.8c.7 1.1 1.7 1.7 3 1.7s2.3-.6 3-1.7M7.6 8v.2M12.4 8v.2";
/// A face with a plus.
pub const SMILE_PLUS: &str = "M11.8 3a7 7 0 1 0 5.4 6.4M6.8 12c.7 1.1 1.7 1.7 3 1.7s2.3-.6 3-1.7M7.4 8.4v.2M12 8.4v.2M16 2v5M13.5 4.5h5";
/// An arrow that turns back.
pub const REPLY: &str = "M8 4.5L3.5 9 8 13.5M3.5 9h7.2c3.4 0 5.8 2.2 5.8 6.5";
/// A pencil.
pub const PENCIL: &str =
    "M4 16l.8-3.4 8.7-8.7a1.5 1.5 0 0 1 2.1 0l.5.5a1.5 1.5 0 0 1 0 2.1l-8.7 8.7L4 16ZM12 5.4l2.6 2.6";
/// Three points.
pub const MORE: &str = "M4.1 10a.6.6 0 1 0 1.2 0 .6.6 0 1 0-1.2 0Zm5.3 0a.6.6 0 1 0 1.2 0 .6.6 0 1 0-1.2 0Zm5.3 0a.6.6 0 1 0 1.2 0 .6.6 0 1 0-1.2 0Z";
/// A pin.
pub const PIN: &str = "M7 3h6l-.7 5.2 2.7 2.6v1.7H5v-1.7l2.7-2.6L7 3ZM10 12.5V17";
/// A magnifying glass.
pub const SEARCH: &str = "M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM13 13l4 4";
/// Two links of a chain.
pub const LINK: &str = "M8.3 11.7a3 3 0 0 0 4.3.2l2.6-2.6a3 3 0 0 0-4.3-4.3L9.8 6.1M11.7 8.3a3 3 0 0 0-4.3-.2l-2.6 2.6a3 3 0 0 0 4.3 4.3l1.1-1.1";
/// Two sheets.
pub const COPY: &str = "M7.5 7.5h9v9h-9zM4.5 12.5h-1v-9h9v1";
/// A bin.
pub const TRASH: &str = "M3.5 5.5h13M8 5.5V3.5h4v2M5.5 5.5l.8 11h7.4l.8-11M8.4 8.5v5M11.6 8.5v5";
/// A clock that runs backwards.
pub const HISTORY: &str = "M3.5 5v3.5H7M3.8 8.5a6.5 6.5 0 1 1-.3 3M10 6.5V10l2.5 1.5";
/// A line with a point above it.
pub const UNREAD: &str = "M3 14.5h14M10 8.8a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8Z";
/// Two speech bubbles.
pub const THREAD: &str = "M3 4h10v7H7.5L5 13.5V11H3V4ZM15.5 8H17v7h-2v2.3L12.6 15H8.5";

/// A flag.
pub const FLAG: &str = "M5 17.5v-14h10.5l-2 4 2 4H5";

/// A box with a lid.
pub const ARCHIVE: &str = "M3 4.5h14v3.5H3zM4.5 8v8h11V8M8 11h4";

/// The logo: 広, its last stroke in vermilion.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <rect class="mark-ground" width="32" height="32" rx="8" />
            <path class="mark-line" d="M16.5 5.2v3.6M7.5 9h18M9.5 9v8.4c0 3.7-.9 6.6-2.9 8.9M18 12.8l-4.3 11.6 8.4-.9" />
            <path class="mark-line mark-last" d="M20.2 19.3l4.3 6.9" />
        </svg>
    }
}
