//! What stands in place of a message of somebody whom the user blocked.

use leptos::prelude::*;
use shared::{RoomAddress, Seq};

use super::texts;
use crate::core::Store;
use crate::i18n::t;
use crate::ui::later::later;

later! {
    /// Fetches the code. Its arguments are of the same types as those of the edit box, so that browsers download one kind.
    pub fn folded((RoomAddress, Seq, String)) in writing: |(room, seq, _)| view! { <Folded room seq /> }.into_any()
}

#[component]
fn Folded(room: RoomAddress, seq: Seq) -> impl IntoView {
    let store: Store = expect_context();
    view! {
        <p class="tombstone" data-testid="folded">
            {t(&texts::FOLDED)} " · "
            <button type="button" class="link-button" data-testid="folded-show"
                on:click=move |_| store.reveal(room.clone(), seq)>
                {t(&texts::SHOW)}
            </button>
        </p>
    }
}
