//! The conversation: the messages of a room, newest at the bottom.

use std::rc::Rc;
use std::sync::Arc;

use leptos::html::Div;
use leptos::prelude::*;
use shared::{RoomAddress, Seq};

use super::icons::{DOWN, Icon};
use super::message::MessageRow;
use super::moment::use_moment;
use super::scroll::Scroll;
use crate::browser::dates::{self, format_number};
use crate::i18n::{t, use_language};
use crate::state::Store;
use crate::state::room::{Older, Room};
use crate::state::timeline::{Reader, Row, Timeline as Rows};

/// The window moves over a long room by so many messages.
const STEP: usize = 100;

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
    let ask = move |question: fn(&Room) -> bool| state.get().is_some_and(|room| room.with(question));

    // The last message in the window; none: the latest.
    let end = RwSignal::new(None::<Seq>);
    let following = RwSignal::new(true);
    let rows = Memo::new(move |_| rows(store, state.get(), &name.get_value(), end.get()));
    let loaded = Memo::new(move |_| ask(Room::is_loaded));
    let older = Memo::new(move |_| state.get().map_or(Older::None, |room| room.with(|room| room.older)));
    let head = Memo::new(move |_| state.get().map(|room| room.with(|room| room.log().head())));
    let unread = Memo::new(move |_| {
        let me = store.me();
        state.get().map_or(0, |room| room.with(|room| room.unread(me).count))
    });

    let view_ref = NodeRef::<Div>::new();
    let list_ref = NodeRef::<Div>::new();
    let scroll = StoredValue::new_local(None::<Rc<Scroll>>);
    let look = move || {
        let Some(edges) =
            scroll.try_with_value(|scroll| scroll.as_ref().map(|scroll| scroll.edges())).flatten()
        else {
            return;
        };
        let at_end = end.get_untracked().is_none();
        if following.get_untracked() != (edges.following && at_end) {
            following.set(edges.following && at_end);
        }
        let (above, below) = rows.with_untracked(|rows| (rows.hidden_above, rows.hidden_below));
        if edges.top && above {
            end.set(rows.with_untracked(|rows| rows.rows().iter().rev().nth(STEP)?.seq));
        } else if edges.bottom && below {
            end.set(further(state, end.get_untracked()));
        } else if edges.top && loaded.get_untracked() && older.get_untracked() == Older::Unknown {
            name.with_value(|name| store.ask_older(name));
        }
    };
    let to_latest = move || {
        end.set(None);
        scroll.with_value(|scroll| scroll.iter().for_each(|scroll| scroll.to_bottom()));
    };
    Effect::new(move || {
        if let (Some(view), Some(list)) = (view_ref.get(), list_ref.get())
            && scroll.with_value(Option::is_none)
        {
            scroll.set_value(Some(Scroll::new(view.into(), &list, look)));
            look();
        }
    });
    // The rows may stay the same while what is beyond them changes.
    Effect::new(move || {
        rows.track();
        older.track();
        request_animation_frame(look);
    });
    Effect::new(move |first: Option<()>| {
        jump.track();
        if first.is_some() {
            to_latest();
        }
    });
    Effect::new(move || {
        if let (true, true, Some(head)) = (following.get(), moment.visible.get(), head.get()) {
            name.with_value(|name| store.mark_read(name, head));
        }
    });
    on_cleanup(move || {
        scroll.with_value(|scroll| scroll.iter().for_each(|scroll| scroll.release()));
    });

    let jump_label = move || {
        let language = language.get();
        let texts = language.texts();
        match unread.get() as u64 {
            0 => texts.jump_to_latest.to_owned(),
            count => (texts.new_messages)(count, &format_number(language.format_tag(), count)),
        }
    };
    let label = move || name.with_value(|name| (language.get().texts().messages_of)(name.as_str()));
    let beginning = move || name.with_value(|name| (language.get().texts().beginning)(name.as_str()));
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
                on:scroll=move |_| {
                    scroll.with_value(|scroll| scroll.iter().for_each(|scroll| scroll.note()));
                    look();
                }
            >
                <div class="timeline-list" node_ref=list_ref>
                    <div class="timeline-top">
                        {move || match older.get() {
                            Older::None if loaded.get() && !rows.with(|rows| rows.hidden_above) => {
                                Some(view! { <p class="beginning">{beginning}</p> }.into_any())
                            }
                            Older::Loading => Some(view! { <p class="hint">{t(|t| t.loading_older)}</p> }.into_any()),
                            Older::Failed => Some(
                                view! {
                                    <p class="hint">
                                        {t(|t| t.older_failed)} " "
                                        <button type="button" class="link-button"
                                            on:click=move |_| name.with_value(|name| store.ask_older(name))>
                                            {t(|t| t.retry)}
                                        </button>
                                    </p>
                                }
                                .into_any(),
                            ),
                            Older::None | Older::Unknown => None,
                        }}
                    </div>
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
                <button type="button" class="jump" data-testid="jump-latest" on:click=move |_| to_latest()>
                    <Icon path=DOWN />
                    {jump_label}
                </button>
            </Show>
        </div>
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

fn rows(store: Store, room: Option<ArcRwSignal<Room>>, name: &RoomAddress, end: Option<Seq>) -> Rows {
    let (Some(room), Some(me)) = (room, store.identity.get()) else { return Rows::default() };
    let reader = Reader { id: me.id, name: &me.name, day: &dates::day };
    room.with(|room| store.outbox.with(|outbox| Rows::new(room.log(), outbox.of(name), end, &reader)))
}

/// A row by its key; when it goes, the last that was known.
fn follow(rows: Memo<Rows>, first: Arc<Row>) -> Memo<Arc<Row>> {
    let key = first.key;
    Memo::new(move |last: Option<&Arc<Row>>| {
        let now = rows.with(|rows| rows.get(key).cloned());
        now.unwrap_or_else(|| last.unwrap_or(&first).clone())
    })
}

/// The end of the window one step further down; none when that is the latest.
fn further(state: Memo<Option<ArcRwSignal<Room>>>, end: Option<Seq>) -> Option<Seq> {
    let room = state.get_untracked()?;
    room.with_untracked(|room| {
        let later = room.log().messages().map(|posted| posted.seq).filter(|seq| Some(*seq) > end);
        later.skip(STEP).next()
    })
}
