//! The search query and its results, newest first.

use leptos::prelude::*;
use shared::search::Query;
use shared::{Failure, Hit, Posted, RoomEvent};

use super::field::SearchField;
use super::problem::words;
use super::state::use_search;
use super::texts;
use crate::browser::dates::format_number;
use crate::browser::styles;
use crate::core::progress::Progress;
use crate::features::message::card::{MessageCard, message_key};
use crate::i18n::{common, t, use_language};
use crate::ui::each::each;
use crate::ui::failed::Failed;
use crate::ui::icons::SEARCH;
use crate::ui::later::{Later, later};
use crate::ui::pane::{Panel, PanelButton};
use crate::ui::show::Show;

/// The search results.
pub const PANEL: Panel =
    Panel::new("search", &common::SEARCH, |_| Some(view! { <SearchPanel /> }.into_any()))
        .focused_on("input.search-input");

later! {
    /// Fetches the code of the results.
    pub fn results(()) in panels: |()| view! { <Results /> }.into_any()
}

/// Shown where the search field is not.
pub const BUTTON: PanelButton = PanelButton {
    panel: PANEL,
    name: "search-open",
    label: &common::SEARCH,
    icon: SEARCH,
    class: "search-open",
    toggles: false,
};

#[component]
fn SearchPanel() -> impl IntoView {
    view! {
        <div class="panel-search">
            <SearchField />
        </div>
        <Later code=results of=() class="panel-scroll" />
    }
}

#[component]
fn Results() -> impl IntoView {
    styles::adopt(include_str!("results.css"));
    let state = use_search();
    let language = use_language();
    let query = Memo::new(move |_| state.with(|search| search.query.clone()));
    let progress = Memo::new(move |_| state.with(|search| search.progress.clone()));
    let more = Memo::new(move |_| state.with(|search| search.cursor.is_some()));
    let hits = move || {
        let message = |hit: &Hit| match &hit.message {
            RoomEvent::Posted(posted) => Some(posted.clone()),
            _ => None,
        };
        state.with(|search| search.hits.iter().filter_map(message).collect::<Vec<_>>())
    };
    let found = move || {
        let query = query.get();
        hits().into_iter().map(|hit| (query.clone(), hit)).collect()
    };
    let count = Memo::new(move |_| state.with(|search| search.hits.len() as u64));
    let status = move || {
        let language = language.get();
        match (progress.get(), count.get()) {
            (Progress::Loading, 0) => Some(texts::SEARCHING.of(language).to_owned()),
            (Progress::Done, 0) => Some((texts::SEARCH_NOTHING.of(language))(&query.get())),
            (Progress::Failed(_), 0) => None,
            (_, count) => Some((texts::SEARCH_FOUND.of(language))(
                count,
                &format_number(language.format_tag(), count),
                more.get(),
            )),
        }
    };
    let problem = move || match progress.get() {
        Progress::Failed(failure) => Some(view! { <Problem failure /> }),
        Progress::Done | Progress::Loading => None,
    };
    // The next page loads automatically near the end of the list.
    let scrolled = move |event: web_sys::Event| {
        let list: web_sys::Element = event_target(&event);
        let left = list.scroll_height() - list.scroll_top() - list.client_height();
        if left < 200 && more.get_untracked() && progress.get_untracked() == Progress::Done {
            state.more();
        }
    };
    let incomplete = Memo::new(move |_| state.with(|search| search.incomplete));
    let asked = move || query.with(|query| !query.is_empty());
    let nothing = move || count.get() == 0 && progress.get() == Progress::Done;
    view! {
        <div class="panel-scroll" data-testid="search-results" on:scroll=scrolled>
            <Show when=asked fallback=|| view! { <Explained /> }>
                <p class="search-status" role="status">{status}</p>
                {problem}
                <Show when=nothing>
                    <p class="hint">{t(&texts::SEARCH_NOTHING_HINT)}</p>
                </Show>
                <Show when=move || incomplete.get()>
                    <p class="hint" data-testid="search-incomplete">{t(&texts::SEARCH_INCOMPLETE)}</p>
                </Show>
                <ul class="cards">
                    // Another query highlights other parts of the same messages, so it is part of the key.
                    {each(found, |(query, posted)| message_key(posted) + query, |(query, posted)| view! { <Found query posted /> })}
                </ul>
                <Show when=move || more.get()>
                    <button type="button" class="button quiet" data-testid="search-more" on:click=move |_| state.more()>
                        {t(&common::SHOW_MORE)}
                    </button>
                </Show>
            </Show>
        </div>
    }
}

#[component]
fn Found(query: String, posted: Posted) -> impl IntoView {
    let text = posted.content.as_ref().map_or("", |content| content.as_str());
    let found = Query::parse(&query).map(|query| query.highlights(text)).unwrap_or_default();
    view! { <MessageCard posted found with_room=true /> }
}

#[component]
fn Problem(failure: Failure) -> impl IntoView {
    let state = use_search();
    let language = use_language();
    let again = move || state.again();
    let of_query = words(language.get(), &failure, language.get().format_tag()).is_some();
    if !of_query {
        return view! { <Failed again /> }.into_any();
    }
    view! {
        <p class="problem" role="alert" data-testid="search-problem">
            {move || words(language.get(), &failure, language.get().format_tag())}
        </p>
        <Explained />
    }
    .into_any()
}

/// Explains the search syntax.
#[component]
fn Explained() -> impl IntoView {
    let language = use_language();
    let filters = move || {
        let filter = |(written, meaning): (&'static str, &'static str)| {
            view! {
                <dt><code>{written}</code></dt>
                <dd>{meaning}</dd>
            }
        };
        texts::SEARCH_FILTERS.of(language.get()).into_iter().map(filter).collect_view()
    };
    view! {
        <div class="explained">
            <p class="hint">{t(&texts::SEARCH_HINT)}</p>
            <dl class="filters">{filters}</dl>
        </div>
    }
}
