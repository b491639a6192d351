//! What is done later, if what it asks is still there then.

use leptos::prelude::*;

/// Does it with the next frame, unless `of` is gone from the page by then: who asks what is gone ends the program.
pub fn in_a_frame(of: impl IsDisposed + 'static, act: impl FnOnce() + 'static) {
    request_animation_frame(move || {
        if !of.is_disposed() {
            act();
        }
    });
}
