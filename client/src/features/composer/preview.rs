//! What the text in the composer will look like.

use leptos::prelude::*;

use super::texts;
use crate::features::message::formatted::{formatted, is_tall};
use crate::i18n::t;
use crate::ui::later::later;
use crate::ui::show::Show;

later! {
    /// Fetches the code of the preview of a text.
    pub fn preview(RwSignal<Option<String>>) in writing: |text| view! { <Preview text /> }.into_any()
}

/// The preview, shown while it is switched on and there is a text.
#[component]
fn Preview(
    /// The text while the preview is on; `None` while it is off or the text is far too long.
    text: RwSignal<Option<String>>,
) -> impl IntoView {
    let there =
        Memo::new(move |_| text.with(|text| text.as_ref().is_some_and(|text| !text.trim().is_empty())));
    let tall = move || text.with(|text| text.as_deref().is_some_and(is_tall));
    view! {
        <Show when=move || there.get()>
            <section class="preview" data-testid="preview-text" aria-label=t(&texts::PREVIEW)>
                <div class="message-text" class:tall=tall dir="auto">
                    {formatted(move || text.get().unwrap_or_default(), Vec::new())}
                </div>
            </section>
        </Show>
    }
}
