//! Line icons on a grid of 20, and the mark of Hiroba.

use leptos::prelude::*;

/// An icon; the button around it has the words.
#[component]
pub fn Icon(
    /// Its lines, as an SVG path.
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
/// A cross.
pub const CLOSE: &str = "M5 5l10 10M15 5L5 15";
/// A paper plane.
pub const SEND: &str = "M17 3L2.8 8.3l5.7 3.2L17 3Zm0 0l-5.3 14.2-3.2-5.7";
/// An arrow down.
pub const DOWN: &str = "M10 4v12M5 11.2l5 4.8 5-4.8";
/// A door with an arrow out of it.
pub const LEAVE: &str = "M11.5 3.5H5v13h6.5M8.5 10H17M14 6.8l3.2 3.2-3.2 3.2";

/// The mark: 広, its last stroke in vermilion.
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
