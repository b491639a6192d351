//! The crash screen: without it, a page would give no sign that the program has panicked.

use leptos::prelude::document;

/// Installs a panic hook that shows the reload screen of `index.html` and logs the panic to the console.
pub fn watch() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        show("crash");
    }));
}

/// Removes the placeholder logo once the program runs, and takes over from `public/gate.js`: what it took for a crash was
/// the fault of something else on the page.
pub fn booted() {
    // Setting an attribute with a valid name does not fail.
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-booted", "");
    }
    if let Some(screen) = document().get_element_by_id("crash") {
        let _ = screen.set_attribute("hidden", "");
    }
    if let Some(mark) = document().get_element_by_id("boot") {
        mark.remove();
    }
}

fn show(id: &str) {
    if let Some(screen) = document().get_element_by_id(id) {
        // Removing an attribute with a valid name does not fail.
        let _ = screen.remove_attribute("hidden");
    }
}
