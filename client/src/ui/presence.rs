//! A member's presence as a dot and a word.

use leptos::prelude::*;
use shared::PresenceStatus;

use super::texts;
use crate::i18n::Language;

/// The status in data attributes and in the styles.
pub const fn name(status: PresenceStatus) -> &'static str {
    match status {
        PresenceStatus::Online => "online",
        PresenceStatus::Away | PresenceStatus::Unknown => "away",
        PresenceStatus::Offline => "offline",
    }
}

/// The status as text.
pub fn words(language: Language, status: PresenceStatus) -> &'static str {
    match status {
        PresenceStatus::Online => texts::ONLINE.of(language),
        PresenceStatus::Away | PresenceStatus::Unknown => texts::AWAY.of(language),
        PresenceStatus::Offline => texts::OFFLINE.of(language),
    }
}

/// The dot, hidden from screen readers: the word stands beside it.
#[component]
pub fn Dot(#[prop(into)] status: Signal<PresenceStatus>) -> impl IntoView {
    view! { <span class=move || format!("dot {}", name(status.get())) aria-hidden="true"></span> }
}
