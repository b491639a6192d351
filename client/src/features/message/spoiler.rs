//! A text that is hidden until the reader wants to see it.

use leptos::prelude::*;

use super::texts;
use crate::i18n::t;

#[component]
pub fn Spoiler(children: Children) -> impl IntoView {
    let shown = RwSignal::new(false);
    view! {
        <span class="spoiler">
            <button type="button" class="spoiler-show" dir="auto" data-testid="spoiler" aria-expanded=move || shown.get().to_string()
                on:click=move |_| shown.update(|shown| *shown = !*shown)>
                {t(&texts::SPOILER)}
            </button>
            <span class="spoiler-text" hidden=move || !shown.get()>{children()}</span>
        </span>
    }
}
