//! Something that could not be loaded.

use leptos::prelude::*;

use crate::i18n::{common, t};

/// Reports that loading failed.
#[component]
pub fn Failed(
    /// Retries.
    #[prop(into)]
    again: Callback<()>,
) -> impl IntoView {
    view! {
        <p class="problem" role="alert">
            {t(&common::LOAD_FAILED)} " "
            <button type="button" class="link-button" data-testid="listing-again" on:click=move |_| again.run(())>
                {t(&common::TRY_AGAIN)}
            </button>
        </p>
    }
}
