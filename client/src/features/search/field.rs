//! The search field: in the header of the conversation, or on a narrow screen in the search panel.

use leptos::html::Input;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::panel;
use super::state::use_search;
use super::texts;
use crate::browser::events::on_window;
use crate::i18n::t;
use crate::ui::composing::composing;
use crate::ui::focus;
use crate::ui::icons::{CLOSE, Icon, SEARCH};
use crate::ui::pane::use_pane;
use crate::ui::show::Show;

/// The field; Enter starts the search.
#[component]
pub fn SearchField() -> impl IntoView {
    let search = use_search();
    let pane = use_pane();
    let input = NodeRef::<Input>::new();
    let filled = RwSignal::new(false);
    let submit = move || {
        let Some(input) = input.get_untracked() else { return };
        let query = input.value().trim().to_owned();
        if query.is_empty() {
            search.end();
        } else {
            search.find(query);
        }
        pane.show_beside(panel::PANEL);
    };
    let clear = move |_| {
        search.end();
        if let Some(input) = input.get_untracked() {
            input.set_value("");
            focus::give(&input);
        }
        filled.set(false);
    };
    let key = move |event: KeyboardEvent| {
        if composing(&event) {
            return;
        }
        if event.key() == "Enter" {
            event.prevent_default();
            submit();
        } else if event.key() == "Escape" && pane.is_beside(panel::PANEL) {
            event.prevent_default();
            pane.close();
        }
    };
    // Copies the query of the other search field, unless the user is typing in this one.
    Effect::new(move || {
        let query = search.with(|search| search.query.clone());
        if let Some(input) = input.get()
            && document().active_element().as_ref() != Some(input.as_ref())
            && input.value() != query
        {
            input.set_value(&query);
            filled.set(!query.is_empty());
        }
    });
    view! {
        <form
            role="search"
            class="search-field"
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            <Icon path=SEARCH />
            <input
                type="text"
                class="search-input"
                data-testid="search-input"
                node_ref=input
                enterkeyhint="search"
                autocomplete="off"
                placeholder=t(&texts::SEARCH_MESSAGES)
                aria-label=t(&texts::SEARCH_MESSAGES)
                aria-keyshortcuts="/ Control+Shift+F Meta+Shift+F"
                on:focus=move |_| pane.show_beside(panel::PANEL)
                on:input=move |event| filled.set(!event_target_value(&event).is_empty())
                on:keydown=key
            />
            <Show when=move || filled.get() fallback=|| view! { <kbd class="search-key" aria-hidden="true">"/"</kbd> }>
                <button type="button" class="icon-button" data-testid="search-clear" aria-label=t(&texts::SEARCH_CLEAR)
                    title=t(&texts::SEARCH_CLEAR) on:click=clear>
                    <Icon path=CLOSE />
                </button>
            </Show>
        </form>
    }
}

/// Whether this key opens the search: `/` outside text fields, or Ctrl/⌘+Shift+F. The browser keeps its shortcuts.
pub fn shortcut(event: &KeyboardEvent) -> bool {
    if composing(event) || event.default_prevented() || event.alt_key() {
        return false;
    }
    let commanded = event.ctrl_key() || event.meta_key();
    if commanded {
        return event.shift_key() && event.key().eq_ignore_ascii_case("f");
    }
    event.key() == "/" && !is_typing()
}

fn is_typing() -> bool {
    let typing = |element: web_sys::Element| {
        element.matches("input, textarea, select, [contenteditable], dialog *").unwrap_or(false)
    };
    document().active_element().is_some_and(typing)
}

/// Listens for the search shortcut.
pub fn listen() {
    let pane = use_pane();
    let layers = crate::ui::layers::use_layers();
    on_window(leptos::ev::keydown, move |event| {
        let free = layers.top().is_none_or(|top| top == crate::ui::pane::DRAWER);
        if free && shortcut(&event) {
            event.prevent_default();
            pane.show(panel::PANEL);
        }
    });
}
