//! The buttons beside a hovered or focused message.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::{Element, MouseEvent};

use super::actions::{Target, use_actions};
use super::icons::{Icon, MORE, PENCIL, REPLY, SMILE};
use super::layers::Layer;
use super::show::Show;
use crate::i18n::{Texts, t};
use crate::state::timeline::Row;

#[component]
pub fn Tools(
    row: Memo<Arc<Row>>,
    /// Makes the message the target of a layer placed at an element.
    at: Callback<Element, Option<Target>>,
) -> impl IntoView {
    let actions = use_actions();
    let own = row.with_untracked(|row| row.own);
    let deleted = Memo::new(move |_| row.with(|row| row.text.is_none()));
    let target = move |event: &MouseEvent| at.run(event_target(event));
    let open = move |layer: Layer| {
        move |event: MouseEvent| {
            if let Some(target) = target(&event) {
                actions.open(layer, target);
            }
        }
    };
    let reply = move |event: MouseEvent| {
        if let Some(target) = target(&event) {
            actions.reply(&target.room, target.seq);
        }
    };
    let edit = move |event: MouseEvent| {
        if let Some(target) = target(&event) {
            actions.edit(&target.room, target.seq);
        }
    };
    view! {
        <div class="tools" role="group" aria-label=t(|t| t.message_actions)>
            <Show when=move || !deleted.get()>
                <Tool name="tool-react" label=|t| t.react path=SMILE popup=true on_click=open(Layer::Emoji) />
                <Tool name="tool-reply" label=|t| t.reply path=REPLY on_click=reply />
                <Show when=move || own>
                    <Tool name="tool-edit" label=|t| t.edit path=PENCIL on_click=edit />
                </Show>
            </Show>
            <Tool name="tool-more" label=|t| t.more_actions path=MORE popup=true on_click=open(Layer::Menu) />
        </div>
    }
}

#[component]
fn Tool(
    name: &'static str,
    label: fn(&'static Texts) -> &'static str,
    path: &'static str,
    #[prop(optional)] popup: bool,
    #[prop(into)] on_click: Callback<MouseEvent>,
) -> impl IntoView {
    view! {
        <button type="button" class="icon-button tool" data-testid=name aria-label=t(label) title=t(label)
            aria-haspopup=popup.then_some("dialog") on:click=move |event| on_click.run(event)>
            <Icon path />
        </button>
    }
}
