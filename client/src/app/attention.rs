//! Detects whether the user is active, and when to check the connection.

use std::time::Duration;

use leptos::ev;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use shared::Timestamp;

use crate::core::{Store, now};
use crate::ui::clock::Moment;

/// The user is away after this time without input, in milliseconds.
const IDLE: i64 = 5 * 60 * 1_000;
/// The user is away after the page was hidden for this long; a short switch to another tab is not reported.
const HIDDEN: Duration = Duration::from_secs(30);

/// Watches for user activity, and for signs that the computer was suspended or offline.
pub fn watch(store: Store, moment: Moment) {
    let touched = StoredValue::new(now());
    let touch = move || {
        touched.set_value(now());
        if moment.visible.get_untracked() {
            store.set_away(false);
        }
    };
    // The page lives as long as the program, so the listeners are never removed.
    std::mem::forget(window_event_listener(ev::pointerdown, move |_| touch()));
    std::mem::forget(window_event_listener(ev::keydown, move |_| touch()));
    std::mem::forget(window_event_listener_untyped("online", move |_| store.wake()));
    std::mem::forget(window_event_listener_untyped("pageshow", move |_| store.wake()));
    Effect::new(move || {
        let idle = |now: Timestamp| now.millis() - touched.get_value().millis() >= IDLE;
        if idle(moment.now.get()) {
            store.set_away(true);
        }
    });
    Effect::new(move |before: Option<Option<TimeoutHandle>>| {
        if let Some(hiding) = before.flatten() {
            hiding.clear();
        }
        if moment.visible.get() {
            if store.identity.with_untracked(Option::is_some) {
                store.wake();
            }
            touch();
            return None;
        }
        set_timeout_with_handle(move || store.set_away(true), HIDDEN).ok()
    });
}
