//! Detects whether the user is active, and when to check the connection.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use shared::Timestamp;

use crate::browser::events::on_window;
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
    on_window(ev::pointerdown, move |_| touch());
    on_window(ev::keydown, move |_| touch());
    on_window(ev::online, move |_| store.wake());
    on_window(ev::Custom::<web_sys::Event>::new("pageshow"), move |_| store.wake());
    Effect::new(move || {
        let idle = |now: Timestamp| now.millis() - touched.get_value().millis() >= IDLE;
        if idle(moment.now.get()) {
            store.set_away(true);
        }
    });
    Effect::new(move || {
        if moment.visible.get() {
            store.wake();
            touch();
        } else if let Ok(hiding) = set_timeout_with_handle(move || store.set_away(true), HIDDEN) {
            on_cleanup(move || hiding.clear());
        }
    });
}
