//! The buttons beside a hovered or focused message.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::{Element, MouseEvent};

use super::menu::MENU;
use super::texts;
use crate::browser::events::own_element;
use crate::core::timeline::Row;
use crate::features::message::action::{Facts, MessageAction, message_actions};
use crate::features::message::actions::{Actions, Target, use_actions};
use crate::i18n::t;
use crate::ui::icons::{Icon, MORE};

#[component]
pub fn Tools(
    row: ReadSignal<Arc<Row>>,
    /// Makes the message the target of a layer placed at an element.
    at: Callback<Element, Option<Target>>,
) -> impl IntoView {
    let actions = use_actions();
    // Tools are rendered again only when other ones are offered: focus may be on one of them.
    let deleted = Memo::new(move |_| row.with(|row| row.text.is_none()));
    let facts = move || {
        let (deleted, closed) = (deleted.get(), actions.is_closed());
        row.with_untracked(|row| Facts {
            own: row.own,
            moderates: untrack(|| actions.moderates()),
            closed,
            deleted,
            edited: row.edited_at.is_some(),
            pinned: row.pinned,
        })
    };
    let run = move |run: fn(Actions, Target, Facts)| {
        move |event: MouseEvent| {
            if let Some(target) = own_element(&event).and_then(|button| at.run(button)) {
                run(actions, target, untrack(facts));
            }
        }
    };
    let tools = move || {
        let facts = facts();
        let offered = message_actions().iter().filter(|action| action.is_tool && (action.when)(facts));
        offered.map(|&action| view! { <Tool action facts on_click=run(action.run) /> }).collect_view()
    };
    view! {
        <div class="tools" role="group" aria-label=t(&texts::MESSAGE_ACTIONS)>
            {tools}
            <Tool action=MORE_ACTIONS facts=untrack(facts) on_click=run(MORE_ACTIONS.run) />
        </div>
    }
}

/// Opens the menu with all of them.
const MORE_ACTIONS: MessageAction = MessageAction::new(
    "more",
    |_| &texts::MORE_ACTIONS,
    MORE,
    |actions, target, _| actions.open(MENU, target),
)
.with_popup();

#[component]
fn Tool(action: MessageAction, facts: Facts, #[prop(into)] on_click: Callback<MouseEvent>) -> impl IntoView {
    let label = (action.label)(facts);
    view! {
        <button type="button" class="icon-button tool" data-testid=format!("tool-{}", action.name) aria-label=t(label)
            title=t(label) aria-haspopup=action.has_popup.then_some("dialog") on:click=move |event| on_click.run(event)>
            <Icon path=action.icon />
        </button>
    }
}
