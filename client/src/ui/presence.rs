//! A member's presence as a dot and a word.

use leptos::prelude::*;
use shared::PresenceStatus;

use crate::i18n::Texts;

/// The status in data attributes and in the styles.
pub const fn name(status: PresenceStatus) -> &'static str {
    match status {
        PresenceStatus::Online => "online",
        PresenceStatus::Away | PresenceStatus::Unknown => "away",
        PresenceStatus::Offline => "offline",
    }
}

/// The status as text.
pub const fn words(texts: &Texts, status: PresenceStatus) -> &'static str {
    match status {
        PresenceStatus::Online => texts.online,
        PresenceStatus::Away | PresenceStatus::Unknown => texts.away,
        PresenceStatus::Offline => texts.offline,
    }
}

/// The dot, hidden from screen readers: the word stands beside it.
#[component]
pub fn Dot(#[prop(into)] status: Signal<PresenceStatus>) -> impl IntoView {
    view! { <span class=move || format!("dot {}", name(status.get())) aria-hidden="true"></span> }
}
