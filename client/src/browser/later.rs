//! Deferred work that is skipped if the state it uses is gone by then.

use leptos::prelude::*;

/// Runs `act` on the next animation frame, unless `of` is disposed by then: reading disposed state panics.
pub fn in_a_frame(of: impl IsDisposed + 'static, act: impl FnOnce() + 'static) {
    request_animation_frame(move || {
        if !of.is_disposed() {
            act();
        }
    });
}
