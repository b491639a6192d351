//! The timeline: the messages of a room, newest at the bottom.

use std::sync::Arc;

use leptos::html::Div;
use leptos::prelude::*;
use shared::RoomAddress;
use shared::limits::UNREAD_COUNTED;

use super::reading::Reading;
use super::row::MessageRow;
use super::row_keys;
use super::texts;
use crate::browser::dates::format_number;
use crate::core::Store;
use crate::core::room::viewport::Edge;
use crate::core::timeline::{Row, RowKey, Timeline as Rows};
use crate::i18n::{Text, t, use_language};
use crate::ui::clock::use_moment;
use crate::ui::each::each;
use crate::ui::icons::{DOWN, Icon};
use crate::ui::room_name::room_name;
use crate::ui::show::Show;

/// Shown when the count has reached its limit.
const MANY: &str = "99+";

/// The scrolling part of a conversation.
#[component]
pub fn Timeline(room: RoomAddress) -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    let moment = use_moment();
    let name = StoredValue::new(room);
    let state = Memo::new(move |_| name.with_value(|name| store.room(name)));
    let reading = Reading::new(store, name, state);
    let Reading { rows, loaded, whole, .. } = reading;
    let unread = Memo::new(move |_| state.get().map_or(0, |room| room.with(|room| room.unread().messages())));

    let view_ref = NodeRef::<Div>::new();
    let list_ref = NodeRef::<Div>::new();
    Effect::new(move || {
        if let (Some(view), Some(list)) = (view_ref.get(), list_ref.get()) {
            reading.attach(view.into(), &list);
        }
    });
    Effect::new(move |was_visible: Option<bool>| {
        let visible = moment.visible.get();
        if visible && was_visible == Some(false) {
            untrack(|| store.look_again());
        }
        if visible && reading.sees_news() {
            name.with_value(|name| store.see(name));
        }
        visible
    });

    let label = move || {
        let language = language.get();
        (texts::MESSAGES_OF.of(language))(&name.with_value(|name| room_name(store, name, language)))
    };
    let is_empty = move || loaded.get() && whole.get() && rows.with(|rows| rows.rows().is_empty());
    let signals = RowSignals::new(rows);
    let shown = move |row| {
        let row = signals.follow(row);
        view! {
            <Divider row />
            <MessageRow row />
        }
    };
    view! {
        <div class="timeline-frame">
            <div
                class="timeline"
                role="log"
                aria-live="off"
                aria-label=label
                tabindex="0"
                node_ref=view_ref
                on:scroll=move |_| reading.scrolled()
                on:keydown=|event| row_keys::moved(&event)
            >
                <div class="timeline-list" node_ref=list_ref>
                    <Top name reading />
                    <Show when=move || !loaded.get()>
                        <Skeleton />
                    </Show>
                    <Show when=is_empty>
                        <p class="empty">{t(&texts::EMPTY_ROOM)}</p>
                    </Show>
                    {each(move || rows.with(|rows| rows.rows().to_vec()), |row| row.key.to_string(), shown)}
                    <Bottom name reading />
                </div>
            </div>
            <Show when=move || reading.is_behind()>
                <Jump unread reading />
            </Show>
        </div>
    }
}

/// The line above the first message that was unread when the reader opened the room.
#[component]
fn Divider(row: ReadSignal<Arc<Row>>) -> impl IntoView {
    let here = Memo::new(move |_| row.with(|row| row.first_new));
    view! {
        <Show when=move || here.get()>
            <div class="unread-divider" role="separator" data-testid="unread-divider"
                aria-label=t(&texts::NEW_FROM_HERE)>
                <span>{t(&texts::NEW_FROM_HERE)}</span>
            </div>
        </Show>
    }
}

/// Above the oldest row: the beginning of the room, or the loading state.
#[component]
fn Top(name: StoredValue<RoomAddress>, reading: Reading) -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    let beginning = move || {
        let language = language.get();
        (texts::BEGINNING.of(language))(&name.with_value(|name| room_name(store, name, language)))
    };
    let again = Callback::new(move |()| name.with_value(|name| store.ask_older(name)));
    let state = move || {
        if reading.loaded.get() && reading.whole.get() {
            return Some(view! { <p class="beginning">{beginning}</p> }.into_any());
        }
        edge(reading.older.get(), &texts::LOADING_OLDER, &texts::OLDER_FAILED, again)
    };
    view! { <div class="timeline-top">{state}</div> }
}

/// Below the newest row, while there are more: the loading state.
#[component]
fn Bottom(name: StoredValue<RoomAddress>, reading: Reading) -> impl IntoView {
    let store: Store = expect_context();
    let again = Callback::new(move |()| name.with_value(|name| store.ask_newer(name)));
    move || edge(reading.newer.get(), &texts::LOADING_NEWER, &texts::NEWER_FAILED, again)
}

fn edge(edge: Edge, loading: &'static Text, failed: &'static Text, again: Callback<()>) -> Option<AnyView> {
    match edge {
        Edge::Idle => None,
        Edge::Loading => Some(view! { <p class="hint edge">{t(loading)}</p> }.into_any()),
        Edge::Failed => Some(
            view! {
                <p class="hint edge">
                    {t(failed)} " "
                    <button type="button" class="link-button" data-testid="edge-again" on:click=move |_| again.run(())>
                        {t(&texts::RETRY)}
                    </button>
                </p>
            }
            .into_any(),
        ),
    }
}

/// The button that jumps to the newest message.
#[component]
fn Jump(unread: Memo<u32>, reading: Reading) -> impl IntoView {
    let language = use_language();
    let label = move || {
        let language = language.get();
        let count = u64::from(unread.get());
        match unread.get() {
            0 => texts::JUMP_TO_LATEST.of(language).to_owned(),
            UNREAD_COUNTED.. => (texts::NEW_MESSAGES.of(language))(count, MANY),
            _ => (texts::NEW_MESSAGES.of(language))(count, &format_number(language.format_tag(), count)),
        }
    };
    view! {
        <button type="button" class="jump" data-testid="jump-latest" on:click=move |_| reading.to_latest()>
            <Icon path=DOWN />
            {label}
        </button>
    }
}

/// Placeholder bars in the shape of messages, with text after a moment.
#[component]
fn Skeleton() -> impl IntoView {
    view! {
        <div class="skeleton">
            <div class="bar short"></div>
            <div class="bar"></div>
            <div class="bar long"></div>
            <div class="bar short"></div>
            <div class="bar long"></div>
            <p class="hint late">{t(&texts::LOADING_MESSAGES)}</p>
        </div>
    }
}

/// The rows on the page, each a signal of its own, so that a message notifies the rows that it changes and no other.
#[derive(Clone, Copy)]
struct RowSignals(StoredValue<Vec<(RowKey, ArcRwSignal<Arc<Row>>)>>);

impl RowSignals {
    fn new(rows: Memo<Rows>) -> Self {
        let signals = Self(StoredValue::new(Vec::new()));
        Effect::new(move || {
            rows.with(|rows| {
                let all = signals.0.get_value();
                for (now, signal) in all.iter().filter_map(|(key, signal)| Some((rows.get(*key)?, signal))) {
                    if signal.with_untracked(|before| before != now) {
                        signal.set(Arc::clone(now));
                    }
                }
            });
        });
        signals
    }

    /// The signal of a row that appears on the page; after its removal from the room it keeps the last state.
    fn follow(self, row: Arc<Row>) -> ReadSignal<Arc<Row>> {
        let key = row.key;
        let signal = ArcRwSignal::new(row);
        self.0.update_value(|all| all.push((key, signal.clone())));
        on_cleanup(move || {
            // The whole list may go at once.
            let _ = self.0.try_update_value(|all| all.retain(|(other, _)| *other != key));
        });
        RwSignal::from(signal).read_only()
    }
}
