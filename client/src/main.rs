//! Hiroba's web client.
//!
//! Layers: `shared` ← `core` ← `wire | ui` ← `features` ← `app`; `browser` and `i18n` stand beside them.

mod app;
mod browser;
mod calendar;
mod core;
mod crash;
mod features;
mod i18n;
mod ui;
mod wire;

fn main() {
    crash::watch();
    leptos::mount::mount_to_body(app::App);
    crash::booted();
}
