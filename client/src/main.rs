//! Hiroba's web client.
//!
//! Layers: `shared` ← `state` ← `socket` ← `components` ← `pages` ← `app`; `browser` and `i18n` stand beside them.

mod app;
mod browser;
mod components;
mod crash;
mod i18n;
mod pages;
mod socket;
mod state;

fn main() {
    crash::watch();
    leptos::mount::mount_to_body(app::App);
    crash::booted();
}
