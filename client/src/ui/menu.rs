//! A menu with arrow key navigation.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::composing::composing;
use super::focus;
use super::icons::Icon;
use super::layers::use_layers;
use crate::i18n::{Text, t};

/// The menu. Its first item gets focus when it opens.
#[component]
pub fn Menu(
    /// The accessible name.
    label: &'static Text,
    children: Children,
) -> impl IntoView {
    let layers = use_layers();
    request_animation_frame(|| {
        // The browser may have given it the focus earlier, and a quick user may be at another item by now.
        if !focus::is_within("[role=menu]") {
            focus::on("[role=menu] [role=menuitem]");
        }
    });
    let key = move |event: KeyboardEvent| {
        if composing(&event) {
            return;
        }
        if event.key() == "Tab" {
            event.prevent_default();
            layers.close();
        } else {
            walk(&event);
        }
    };
    view! {
        <div role="menu" class="menu" aria-label=t(label) on:keydown=key>
            {children()}
        </div>
    }
}

#[component]
pub fn Item(
    /// `data-testid` for the browser tests.
    #[prop(into)]
    name: String,
    label: &'static Text,
    /// The path of the icon.
    icon: &'static str,
    /// Whether the action is destructive.
    danger: bool,
    #[prop(into)] on_click: Callback<()>,
) -> impl IntoView {
    view! {
        <button type="button" role="menuitem" tabindex="-1" class="menu-item" class:danger=danger data-testid=name
            on:click=move |_| on_click.run(())>
            <Icon path=icon />
            {t(label)}
        </button>
    }
}

/// Moves focus: up and down, wrapping around at the ends; left and right do the same, for items side by side.
fn walk(event: &KeyboardEvent) {
    let Some(menu) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) else {
        return;
    };
    let Ok(items) = menu.query_selector_all("[role=menuitem]") else { return };
    let count = items.length();
    let item = |at: u32| items.item(at).and_then(|node| node.dyn_into::<HtmlElement>().ok());
    let here = (0..count).find(|&at| item(at).is_some_and(|item| item.matches(":focus").unwrap_or(false)));
    let next = match (event.key().as_str(), here) {
        ("ArrowDown" | "ArrowRight", Some(at)) if at + 1 < count => at + 1,
        ("ArrowDown" | "ArrowRight" | "Home", _) => 0,
        ("ArrowUp" | "ArrowLeft", Some(at)) if at > 0 => at - 1,
        ("ArrowUp" | "ArrowLeft" | "End", _) => count.saturating_sub(1),
        _ => return,
    };
    event.prevent_default();
    if let Some(item) = item(next) {
        focus::give(&item);
    }
}
