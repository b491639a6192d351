//! The emoji picker: frequent emoji, then all, with a search in both languages.

use leptos::html::Input;
use leptos::prelude::*;
use shared::{Emoji, loosely};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::emoji_data::{EmojiData, Entry, Loaded, matching, show};
use super::texts;
use crate::browser::screen;
use crate::features::message::action::MessageAction;
use crate::features::message::actions::use_actions;
use crate::i18n::{common, t, use_language};
use crate::ui::composing::composing;
use crate::ui::focus;
use crate::ui::icons::SMILE;
use crate::ui::later::{Later, later};
use crate::ui::layers::Layer;
use crate::ui::popup::Popup;
use crate::ui::show::Show;

/// Reacting with an emoji of the picker.
pub const REACT: MessageAction =
    MessageAction::new("react", |_| &common::REACT, SMILE, |actions, target, _| actions.open(PICKER, target))
        .when(|facts| !facts.deleted)
        .as_tool()
        .with_popup();

/// The picker.
pub const PICKER: Layer = Layer::dialog("emoji-picker");

/// Emoji per row; also in the styles.
const COLUMNS: usize = 8;

/// The dialog.
#[component]
pub fn EmojiPicker() -> impl IntoView {
    let actions = use_actions();
    let anchor = Signal::derive(move || actions.target.get().and_then(|target| target.anchor));
    view! {
        <Popup layer=PICKER label=&texts::EMOJI anchor>
            <Later code=picker of=() />
        </Popup>
    }
}

later! {
    /// Fetches the code of the picker.
    pub fn picker(()) in emoji: |()| view! { <Picker /> }.into_any()
}

/// An emoji and its name, for display and for screen readers.
type Choice = (Emoji, Option<String>);

#[component]
fn Picker() -> impl IntoView {
    let actions = use_actions();
    let data: EmojiData = expect_context();
    let language = use_language();
    let input = NodeRef::<Input>::new();
    let search = RwSignal::new(String::new());
    data.load();
    let entries = move |search: &str| {
        let Loaded::There(entries) = data.all() else { return Vec::new() };
        let language = language.get();
        let choice = |entry: &Entry| Some((entry.emoji()?, Some(entry.name(language).to_owned())));
        matching(&entries, search).into_iter().filter_map(choice).collect::<Vec<Choice>>()
    };
    let found = Memo::new(move |_| entries(&search.get()));
    let often = data.often().into_iter().map(|emoji| (emoji, None)).collect::<Vec<Choice>>();
    let choose = move |emoji: &Emoji| {
        data.used(emoji);
        if let Some(target) = actions.target.get_untracked() {
            actions.toggle(&target.room, target.seq, emoji.clone());
        }
        actions.dismiss();
    };
    let clicked = move |event: web_sys::MouseEvent| {
        let cell = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let emoji = cell.and_then(|cell| cell.get_attribute("data-emoji"));
        if let Some(emoji) = emoji.and_then(|emoji| Emoji::new(&emoji).ok()) {
            choose(&emoji);
        }
    };
    let key = move |event: KeyboardEvent| {
        if composing(&event) {
            return;
        }
        let first = || found.with_untracked(|found| found.first().map(|(emoji, _)| emoji.clone()));
        match event.key().as_str() {
            "Enter" if !search.with_untracked(String::is_empty) => {
                event.prevent_default();
                first().iter().for_each(choose);
            }
            "ArrowDown" => {
                event.prevent_default();
                focus::on("[role=grid] [role=gridcell]");
            }
            _ => {}
        }
    };
    Effect::new(move || {
        // On touch screens, the keyboard would cover the emoji.
        if let (Some(input), false) = (input.get(), screen::is_touch()) {
            // Focusing an element in the document does not fail.
            let _ = input.focus();
        }
    });
    let searches = move || search.with(|search| !search.trim().is_empty());
    let often = StoredValue::new(often);
    view! {
        <input
            type="text"
            class="emoji-search"
            data-testid="emoji-search"
            node_ref=input
            placeholder=t(&texts::EMOJI_SEARCH)
            aria-label=t(&texts::EMOJI_SEARCH)
            autocomplete="off"
            on:input=move |event| search.set(loosely(&event_target_value(&event)))
            on:keydown=key
        />
        <div class="emoji-scroll" role="grid" aria-label=t(&texts::EMOJI) on:click=clicked on:keydown=move |event| walk(&event)>
            <Show when=move || !searches()>
                <p class="list-title" role="presentation">{t(&texts::EMOJI_OFTEN)}</p>
                {move || grid(&often.get_value())}
                <p class="list-title" role="presentation">{t(&texts::EMOJI_ALL)}</p>
            </Show>
            {move || grid(&found.get())}
        </div>
        <p class="hint" role="status">
            {move || match data.all() {
                Loaded::No | Loaded::Loading => Some(common::LOADING.of(language.get())),
                Loaded::Failed => Some(common::LOAD_FAILED.of(language.get())),
                Loaded::There(_) if found.with(Vec::is_empty) => Some(texts::EMOJI_NONE.of(language.get())),
                Loaded::There(_) => None,
            }}
        </p>
    }
}

fn grid(choices: &[Choice]) -> impl IntoView + use<> {
    let cell = |(emoji, name): &Choice| {
        let label = name.clone().map(|name| format!("{} {name}", show(emoji)));
        view! {
            <button type="button" role="gridcell" class="emoji" tabindex="-1" data-testid="emoji" data-emoji=emoji.to_string()
                title=name.clone() aria-label=label>
                {show(emoji)}
            </button>
        }
    };
    let row = |row: &[Choice]| {
        view! { <div role="row" class="emoji-row">{row.iter().map(cell).collect_view()}</div> }
    };
    choices.chunks(COLUMNS).map(row).collect_view()
}

/// Moves focus: left and right through all cells, up and down by row; above the first row is the search field.
fn walk(event: &KeyboardEvent) {
    let Some(grid) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) else {
        return;
    };
    let Some(here) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let sideways = |forward: bool| {
        let cells = grid.query_selector_all("[role=gridcell]").ok()?;
        let cell = |at: u32| cells.item(at)?.dyn_into::<HtmlElement>().ok();
        let at = (0..cells.length()).find(|&at| cell(at).is_some_and(|cell| *cell == here))?;
        cell(if forward { at + 1 } else { at.checked_sub(1)? })
    };
    let by_row = |forward: bool| {
        let row = here.parent_element()?;
        let rows = grid.query_selector_all("[role=row]").ok()?;
        let of = |at: u32| rows.item(at)?.dyn_into::<Element>().ok();
        let at = (0..rows.length()).find(|&at| of(at).is_some_and(|other| other == row))?;
        let column =
            (0..row.children().length()).find(|&at| row.children().item(at).as_ref() == Some(&here))?;
        let cells = of(if forward { at + 1 } else { at.checked_sub(1)? })?.children();
        cells.item(column.min(cells.length().saturating_sub(1)))?.dyn_into::<HtmlElement>().ok()
    };
    let next = match event.key().as_str() {
        "ArrowRight" => sideways(true),
        "ArrowLeft" => sideways(false),
        "ArrowDown" => by_row(true),
        "ArrowUp" => by_row(false),
        _ => return,
    };
    event.prevent_default();
    match next {
        Some(cell) => focus::give(&cell),
        None if event.key() == "ArrowUp" => focus::on(".emoji-search"),
        None => {}
    }
}
