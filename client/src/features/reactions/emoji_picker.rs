//! The emoji picker: frequent emoji, then all by group, with a search in both languages and a choice of skin tones.

use leptos::html::{Div, Input};
use leptos::prelude::*;
use shared::Emoji;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::emoji_data::{EmojiData, Entry, Group, Loaded, TONES, matching, show};
use super::texts;
use crate::browser::screen;
use crate::browser::styles;
use crate::features::message::action::{Facts, MessageAction};
use crate::features::message::actions::use_actions;
use crate::i18n::{common, t, use_language};
use crate::ui::composing::composing;
use crate::ui::failed::Failed;
use crate::ui::focus;
use crate::ui::icons::SMILE;
use crate::ui::later::later;
use crate::ui::later_popup::LaterPopup;
use crate::ui::layers::Layer;
use crate::ui::show::Show;

/// Reacting with an emoji of the picker.
pub const REACT: MessageAction =
    MessageAction::new("react", |_| &common::REACT, SMILE, |actions, target, _| actions.open(PICKER, target))
        .when(Facts::is_open)
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
        <LaterPopup layer=PICKER label=&texts::EMOJI anchor code=picker />
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
    styles::adopt(super::EMOJI_STYLES);
    styles::adopt(include_str!("picker.css"));
    let actions = use_actions();
    let data: EmojiData = expect_context();
    let language = use_language();
    let input = NodeRef::<Input>::new();
    let search = RwSignal::new(String::new());
    let tab = RwSignal::new(0_usize);
    data.load();
    let searches = Memo::new(move |_| search.with(|search| !search.trim().is_empty()));
    let choices = Memo::new(move |_| {
        let Loaded::There(groups) = data.all() else { return Vec::new() };
        let (language, tone) = (language.get(), data.tone());
        let choice = |entry: &Entry| (entry.emoji(tone), Some(entry.name(language).to_owned()));
        if searches.get() {
            let often = data.often();
            return search.with(|search| matching(&groups, search, &often).into_iter().map(choice).collect());
        }
        groups.get(tab.get()).map(|group| group.entries.iter().map(choice).collect()).unwrap_or_default()
    });
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
        let first = || choices.with_untracked(|found| found.first().map(|(emoji, _)| emoji.clone()));
        match event.key().as_str() {
            "Enter" if searches.get_untracked() => {
                event.prevent_default();
                first().iter().for_each(choose);
            }
            "ArrowDown" => {
                event.prevent_default();
                focus::on(FIRST_CELL);
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
    let often = StoredValue::new(often);
    let group_name = move || match data.all() {
        Loaded::There(groups) => groups.get(tab.get()).map(|group| group.name(language.get()).to_owned()),
        Loaded::No | Loaded::Loading | Loaded::Failed => None,
    };
    let panel_name = move || {
        let name = group_name().filter(|_| !searches.get());
        name.unwrap_or_else(|| texts::EMOJI.of(language.get()).to_owned())
    };
    // Another group, or what was found, is read from its beginning.
    let scroll = NodeRef::<Div>::new();
    Effect::new(move || {
        tab.track();
        search.track();
        if let Some(scroll) = scroll.get() {
            scroll.set_scroll_top(0);
        }
    });
    let status = move || match data.all() {
        Loaded::No | Loaded::Loading => Some(view! { <p class="hint">{t(&common::LOADING)}</p> }.into_any()),
        Loaded::Failed => Some(view! { <Failed again=move || data.load() /> }.into_any()),
        Loaded::There(_) if choices.with(Vec::is_empty) => {
            Some(view! { <p class="hint">{t(&texts::EMOJI_NONE)}</p> }.into_any())
        }
        Loaded::There(_) => None,
    };
    view! {
        <div class="emoji-head">
            <input
                type="text"
                class="emoji-search"
                data-testid="emoji-search"
                node_ref=input
                placeholder=t(&texts::EMOJI_SEARCH)
                aria-label=t(&texts::EMOJI_SEARCH)
                autocomplete="off"
                on:input=move |event| search.set(event_target_value(&event))
                on:keydown=key
            />
            <ToneChoice data />
        </div>
        <Tabs data tab hidden=searches />
        <div class="emoji-scroll" id=GRID role="tabpanel" aria-label=panel_name node_ref=scroll>
            <div role="grid" aria-label=panel_name on:click=clicked on:keydown=move |event| walk(&event)>
                <Show when=move || !searches.get() && tab.get() == 0>
                    <p class="list-title" role="presentation">{t(&texts::EMOJI_OFTEN)}</p>
                    {move || grid(&often.get_value())}
                </Show>
                <Show when=move || !searches.get()>
                    <p class="list-title" role="presentation">{group_name}</p>
                </Show>
                {move || choices.with(|choices| grid(choices))}
            </div>
        </div>
        <div role="status">{status}</div>
    }
}

/// What the tabs show, in the document.
const GRID: &str = "emoji-grid";
const FIRST_CELL: &str = "#emoji-grid [role=gridcell]";

/// The groups of emoji, as tabs with arrow keys.
#[component]
fn Tabs(data: EmojiData, tab: RwSignal<usize>, hidden: Memo<bool>) -> impl IntoView {
    let language = use_language();
    let one = move |at: usize, group: &Group| {
        let name = group.name(language.get()).to_owned();
        view! {
            <button type="button" role="tab" class="emoji-tab" data-testid="emoji-tab" title=name.clone() aria-label=name
                aria-controls=GRID aria-selected=move || (tab.get() == at).to_string()
                tabindex=move || if tab.get() == at { "0" } else { "-1" } on:click=move |_| tab.set(at)>
                {group.sign.clone()}
            </button>
        }
    };
    let tabs = move || match data.all() {
        Loaded::There(groups) => {
            groups.iter().enumerate().map(|(at, group)| one(at, group)).collect_view().into_any()
        }
        Loaded::No | Loaded::Loading | Loaded::Failed => ().into_any(),
    };
    let key = move |event: KeyboardEvent| {
        let Loaded::There(groups) = untrack(|| data.all()) else { return };
        let (at, last) = (tab.get_untracked(), groups.len().saturating_sub(1));
        let next = match event.key().as_str() {
            "ArrowRight" => {
                if at == last {
                    0
                } else {
                    at + 1
                }
            }
            "ArrowLeft" => at.checked_sub(1).unwrap_or(last),
            "ArrowDown" => {
                event.prevent_default();
                return focus::on(FIRST_CELL);
            }
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        tab.set(next);
        request_animation_frame(|| focus::on(".emoji-tab[aria-selected=true]"));
    };
    view! {
        <div class="emoji-tabs" role="tablist" aria-label=t(&texts::EMOJI_GROUPS) hidden=hidden on:keydown=key>
            {tabs}
        </div>
    }
}

/// The skin tone of emoji that take one.
#[component]
fn ToneChoice(data: EmojiData) -> impl IntoView {
    let chosen = untrack(|| data.tone());
    let option = |tone: Option<char>| {
        let value = tone.map(String::from).unwrap_or_default();
        view! { <option value=value.clone() selected=tone == chosen>{format!("✋{value}")}</option> }
    };
    let options: Vec<_> = std::iter::once(None).chain(TONES.map(Some)).map(option).collect();
    view! {
        <select class="emoji-tone" data-testid="emoji-tone" aria-label=t(&texts::SKIN_TONE) title=t(&texts::SKIN_TONE)
            on:change=move |event| data.choose_tone(event_target_value(&event).chars().next())>
            {options}
        </select>
    }
}

fn grid(choices: &[Choice]) -> impl IntoView + use<> {
    // Tab reaches the first one, arrow keys the others.
    let first = choices.first().map(|(emoji, _)| emoji.clone());
    let cell = |(emoji, name): &Choice| {
        let tabindex = if Some(emoji) == first.as_ref() { "0" } else { "-1" };
        let label = name.clone().map(|name| format!("{} {name}", show(emoji)));
        view! {
            <button type="button" role="gridcell" class="emoji" tabindex=tabindex data-testid="emoji" data-emoji=emoji.to_string()
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
