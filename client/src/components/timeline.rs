//! The conversation: the messages of a room, newest at the bottom.

use std::sync::Arc;

use leptos::html::Div;
use leptos::prelude::*;
use shared::RoomAddress;

use super::icons::{DOWN, Icon};
use super::message::MessageRow;
use super::moment::use_moment;
use super::reading::Reading;
use crate::browser::dates::format_number;
use crate::i18n::{t, use_language};
use crate::state::Store;
use crate::state::room::Older;
use crate::state::timeline::{Row, Timeline as Rows};

/// The scrolling part of a conversation. It goes to the bottom whenever `jump` is notified.
#[component]
pub fn Timeline(
    /// The room.
    room: RoomAddress,
    /// One's own message was written: show it.
    jump: Trigger,
) -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    let moment = use_moment();
    let name = StoredValue::new(room);
    let state = Memo::new(move |_| name.with_value(|name| store.room(name)));
    let reading = Reading::new(store, name, state);
    let Reading { rows, loaded, older, following, .. } = reading;
    let head = Memo::new(move |_| state.get().map(|room| room.with(|room| room.log().head())));
    let unread = Memo::new(move |_| {
        let me = store.me();
        state.get().map_or(0, |room| room.with(|room| room.unread(me).count))
    });

    let view_ref = NodeRef::<Div>::new();
    let list_ref = NodeRef::<Div>::new();
    Effect::new(move || {
        if let (Some(view), Some(list)) = (view_ref.get(), list_ref.get()) {
            reading.attach(view.into(), &list);
        }
    });
    Effect::new(move |first: Option<()>| {
        jump.track();
        if first.is_some() {
            reading.to_latest();
        }
    });
    Effect::new(move || {
        if let (true, true, Some(head)) = (following.get(), moment.visible.get(), head.get()) {
            name.with_value(|name| store.mark_read(name, head));
        }
    });

    let label = move || name.with_value(|name| (language.get().texts().messages_of)(name.as_str()));
    let whole = Memo::new(move |_| loaded.get() && !rows.with(|rows| rows.hidden_above));
    let is_empty = move || loaded.get() && rows.with(|rows| rows.rows().is_empty());
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
            >
                <div class="timeline-list" node_ref=list_ref>
                    <Top name older whole />
                    <Show when=move || !loaded.get()>
                        <Skeleton />
                    </Show>
                    <Show when=is_empty>
                        <p class="empty">{t(|t| t.empty_room)}</p>
                    </Show>
                    <For
                        each=move || rows.with(|rows| rows.rows().to_vec())
                        key=|row| row.key
                        children=move |row| {
                            view! { <MessageRow row=follow(rows, row) /> }
                        }
                    />
                </div>
            </div>
            <Show when=move || loaded.get() && !following.get()>
                <Jump unread reading />
            </Show>
        </div>
    }
}

/// What is above the oldest row: the beginning of the room, or how far its loading is.
#[component]
fn Top(name: StoredValue<RoomAddress>, older: Memo<Older>, whole: Memo<bool>) -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    let beginning = move || name.with_value(|name| (language.get().texts().beginning)(name.as_str()));
    let again = move |_| name.with_value(|name| store.ask_older(name));
    let state = move || match older.get() {
        Older::None if whole.get() => Some(view! { <p class="beginning">{beginning}</p> }.into_any()),
        Older::Loading => Some(view! { <p class="hint">{t(|t| t.loading_older)}</p> }.into_any()),
        Older::Failed => Some(
            view! {
                <p class="hint">
                    {t(|t| t.older_failed)} " "
                    <button type="button" class="link-button" on:click=again>
                        {t(|t| t.retry)}
                    </button>
                </p>
            }
            .into_any(),
        ),
        Older::None | Older::Unknown => None,
    };
    view! { <div class="timeline-top">{state}</div> }
}

/// The way back to the newest message.
#[component]
fn Jump(unread: Memo<usize>, reading: Reading) -> impl IntoView {
    let language = use_language();
    let label = move || {
        let language = language.get();
        let texts = language.texts();
        match unread.get() as u64 {
            0 => texts.jump_to_latest.to_owned(),
            count => (texts.new_messages)(count, &format_number(language.format_tag(), count)),
        }
    };
    view! {
        <button type="button" class="jump" data-testid="jump-latest" on:click=move |_| reading.to_latest()>
            <Icon path=DOWN />
            {label}
        </button>
    }
}

/// Grey lines in the shape of messages, and in words after a moment.
#[component]
fn Skeleton() -> impl IntoView {
    view! {
        <div class="skeleton">
            <div class="bar short"></div>
            <div class="bar"></div>
            <div class="bar long"></div>
            <div class="bar short"></div>
            <div class="bar long"></div>
            <p class="hint late">{t(|t| t.loading_messages)}</p>
        </div>
    }
}

/// A row by its key; when it goes, the last that was known.
fn follow(rows: Memo<Rows>, first: Arc<Row>) -> Memo<Arc<Row>> {
    let key = first.key;
    Memo::new(move |last: Option<&Arc<Row>>| {
        let now = rows.with(|rows| rows.get(key).cloned());
        now.unwrap_or_else(|| last.unwrap_or(&first).clone())
    })
}
