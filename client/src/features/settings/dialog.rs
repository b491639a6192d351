//! The settings dialog.

use leptos::html::Dialog;
use leptos::prelude::*;

use crate::i18n::{common, t};
use crate::ui::icons::{CLOSE, Icon};
use crate::ui::later::{Fetch, Later};
use crate::ui::layers::{Layer, use_layers};
use crate::ui::show::Show;

/// Builds a part of the settings.
pub type Section = fn() -> AnyView;

/// The dialog.
pub const SETTINGS: Layer = Layer::page("settings");

/// The dialog; the browser traps focus inside and restores it on close.
#[component]
pub fn Settings(
    /// Fetches the code of the parts.
    sections: fn() -> Fetch,
) -> impl IntoView {
    let layers = use_layers();
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move || {
        let open = layers.is(SETTINGS);
        if let Some(dialog) = dialog.get()
            && dialog.open() != open
        {
            if open {
                // The dialog is in the document and closed, so showing it does not fail.
                let _ = dialog.show_modal();
            } else {
                dialog.close();
            }
        }
    });
    let backdrop = move |event: web_sys::MouseEvent| {
        // Only a click outside the content has the dialog itself as its target.
        if event.target() == event.current_target() {
            layers.close();
        }
    };
    view! {
        <dialog class="settings" node_ref=dialog aria-labelledby="settings-title" data-testid="settings"
            on:close=move |event| layers.dialog_closed(SETTINGS, &event) on:click=backdrop>
            <Show when=move || layers.is(SETTINGS)><div class="settings-content">
                <div class="pane-head">
                    <h2 id="settings-title" class="pane-title">{t(&common::SETTINGS)}</h2>
                    <button type="button" class="icon-button" data-testid="settings-close" aria-label=t(&common::CLOSE)
                        on:click=move |_| layers.close()>
                        <Icon path=CLOSE />
                    </button>
                </div>
                <Later code=sections of=() />
            </div></Show>
        </dialog>
    }
}
