//! Confirmation before a message is deleted.

use leptos::prelude::*;

use super::texts;
use crate::browser::styles;
use crate::core::Store;
use crate::features::message::action::MessageAction;
use crate::features::message::actions::use_actions;
use crate::i18n::{common, t};
use crate::ui::icons::TRASH;
use crate::ui::later::later;
use crate::ui::later_popup::LaterDialog;
use crate::ui::layers::Layer;
use crate::ui::popup::QUESTION_STYLES;

/// Deleting a message, after confirmation: one's own, and as a moderator those of others.
pub const DELETE: MessageAction = MessageAction::new(
    "delete",
    |_| &texts::DELETE,
    TRASH,
    |actions, target, _| actions.open(QUESTION, target),
)
.when(|facts| (facts.own || facts.moderates) && !facts.deleted)
.with_popup()
.as_danger();

const QUESTION: Layer = Layer::dialog("delete-question");

/// The dialog.
pub const DIALOG: LaterDialog = LaterDialog::new(QUESTION, &texts::DELETE_QUESTION, question);

later! {
    /// Fetches the code of the question.
    fn question(()) in dialogs: |()| view! { <Question /> }.into_any()
}

#[component]
fn Question() -> impl IntoView {
    styles::adopt(QUESTION_STYLES);
    let store: Store = expect_context();
    let actions = use_actions();
    let text = move || {
        untrack(|| actions.posted()).and_then(|posted| posted.content.as_ref().map(ToString::to_string))
    };
    let delete = move |_| {
        if let Some(target) = actions.target.get_untracked() {
            store.delete(&target.room, target.seq);
        }
        actions.dismiss();
    };
    view! {
        <h2 class="pane-title">{t(&texts::DELETE_QUESTION)}</h2>
        <p class="excerpt" dir="auto">{text}</p>
        <p class="hint">{t(&texts::DELETE_EXPLAINED)}</p>
        <div class="buttons">
            <button type="button" class="button" data-testid="delete-cancel" autofocus on:click=move |_| actions.dismiss()>
                {t(&common::CANCEL)}
            </button>
            <button type="button" class="button danger solid" data-testid="delete-confirm" on:click=delete>
                {t(&texts::DELETE)}
            </button>
        </div>
    }
}
