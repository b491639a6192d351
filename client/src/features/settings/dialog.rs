//! The settings dialog.

use std::future::Future;

use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;

use super::texts;
use crate::core::Store;
use crate::features::leaving::question::Parting;
use crate::i18n::{common, t};
use crate::ui::icons::{CLOSE, Icon};
use crate::ui::later::{Build, Later};
use crate::ui::layers::{Layer, use_layers};
use crate::ui::show::Show;

/// Builds a part of the settings.
pub type Section = fn() -> AnyView;

/// The dialog.
pub const SETTINGS: Layer = Layer::page("settings");

/// The dialog; the browser traps focus inside and restores it on close.
#[component]
pub fn Settings<F>(
    /// Fetches the code of the parts.
    sections: fn() -> F,
) -> impl IntoView
where
    F: Future<Output = Result<Build, SplitLoaderError>> + 'static,
{
    let store: Store = expect_context();
    let layers = use_layers();
    let parting: Parting = expect_context();
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
    let name = move || store.identity.with(|identity| identity.name.to_string());
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
                <div class="field parting">
                    <span class="field-label">{t(&texts::SIGNED_IN_AS)}</span>
                    <strong dir="auto">{name}</strong>
                    <p class="hint">{t(&texts::SIGN_OUT_EXPLAINED)}</p>
                    <button type="button" class="button danger" data-testid="sign-out"
                        on:click=move |_| parting.part(None)>
                        {t(&common::SIGN_OUT)}
                    </button>
                </div>
            </div></Show>
        </dialog>
    }
}
