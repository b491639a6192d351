//! A question before something that is not easily undone, in the place where it was asked for.

use leptos::html::Button;
use leptos::prelude::*;

use crate::browser::later::in_a_frame;
use crate::i18n::{Text, common, t};
use crate::ui::focus;

/// The question, with the focus on the answer that changes nothing.
#[component]
pub fn Question(
    #[prop(into)] words: Signal<String>,
    /// The answer that does it.
    button: &'static Text,
    /// Whether it is being done.
    busy: RwSignal<bool>,
    yes: Callback<()>,
    no: Callback<()>,
) -> impl IntoView {
    let cancel = NodeRef::<Button>::new();
    in_a_frame(cancel, move || {
        if let Some(cancel) = cancel.get_untracked() {
            focus::give(&cancel);
        }
    });
    let confirm = move |_| {
        if !busy.get_untracked() {
            yes.run(());
        }
    };
    view! {
        <div class="admin-question" role="group" aria-label=t(button)>
            <p dir="auto">{words}</p>
            <div class="buttons">
                <button type="button" class="button" data-testid="admin-cancel" node_ref=cancel on:click=move |_| no.run(())>
                    {t(&common::CANCEL)}
                </button>
                <button type="button" class="button danger solid" data-testid="admin-confirm"
                    aria-disabled=move || busy.get().to_string() on:click=confirm>
                    {t(button)}
                </button>
            </div>
        </div>
    }
}
