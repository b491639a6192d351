//! What the person sees when the program has a fault: a dead page would not say so itself.

use leptos::prelude::document;

/// Shows the screen of `index.html` that offers to reload, and tells the developer where it happened.
pub fn watch() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        show("crash");
    }));
}

/// The program runs: the mark that stood for it goes.
pub fn booted() {
    if let Some(mark) = document().get_element_by_id("boot") {
        mark.remove();
    }
}

fn show(id: &str) {
    if let Some(screen) = document().get_element_by_id(id) {
        // An element takes every attribute of a valid name.
        let _ = screen.remove_attribute("hidden");
    }
}
