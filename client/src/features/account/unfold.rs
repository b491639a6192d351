//! A button that opens a form, and what it led to.

use leptos::prelude::*;

use crate::i18n::{Text, t};
use crate::ui::show::Show;

/// Whether a form is open, and whether it was sent with success since.
#[derive(Clone, Copy)]
pub struct Unfolded {
    pub open: RwSignal<bool>,
    pub done: RwSignal<bool>,
}

impl Unfolded {
    pub fn new() -> Self {
        Self { open: RwSignal::new(false), done: RwSignal::new(false) }
    }

    /// The form did what it is for.
    pub fn finish(self) {
        self.done.set(true);
        self.open.set(false);
    }
}

/// The button, and the form in its place while it is open.
#[component]
pub fn Unfold(
    state: Unfolded,
    button: &'static Text,
    testid: &'static str,
    /// What is said when it is done.
    said: &'static Text,
    form: Box<dyn Fn() -> AnyView + Send + Sync>,
) -> impl IntoView {
    let Unfolded { open, done } = state;
    let begin = move |_| {
        done.set(false);
        open.set(true);
    };
    view! {
        <Show when=move || open.get() fallback=move || view! {
            <button type="button" class="button" data-testid=testid on:click=begin>{t(button)}</button>
        }>
            {form()}
        </Show>
        <p class="hint" role="status" data-testid=format!("{testid}-done")>{move || done.get().then(t(said))}</p>
    }
}
