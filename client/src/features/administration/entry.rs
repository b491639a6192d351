//! The button in the settings that opens the administration, for those who have something to do there.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::account::Role;

use super::{ADMINISTRATION, dialog, texts};
use crate::features::account::api;
use crate::i18n::t;
use crate::ui::later_popup::LaterPopup;
use crate::ui::layers::use_layers;
use crate::ui::show::Show;
use crate::wire::credentials::use_credentials;

/// What the user is in this installation, as a context of the dialog.
#[derive(Clone, Copy)]
pub struct OwnRole(pub RwSignal<Role>);

/// The button and the dialog; nothing for members.
#[component]
pub fn Entry() -> impl IntoView {
    let credentials = use_credentials();
    let layers = use_layers();
    let role = RwSignal::new(Role::Member);
    provide_context(OwnRole(role));
    spawn_local(async move {
        // Who cannot be asked now sees it the next time.
        if let Ok(account) = api::account(credentials).await {
            // Nobody waits any more if the settings were closed meanwhile.
            let _ = role.try_set(account.role);
        }
    });
    view! {
        <Show when=move || { role.get() >= Role::Admin }>
            <div class="field">
                <button type="button" class="button" data-testid="administration-open"
                    on:click=move |_| layers.open(ADMINISTRATION)>
                    {t(&texts::ADMINISTRATION)}
                </button>
            </div>
            <LaterPopup layer=ADMINISTRATION label=&texts::ADMINISTRATION code=dialog />
        </Show>
    }
}
