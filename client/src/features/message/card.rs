//! A message outside the timeline (search results, pins, replies), with a link to its place there.

use std::ops::Range;

use leptos::prelude::*;
use shared::Posted;

use super::formatted::{formatted, is_tall};
use super::texts;
use crate::browser::dates::{Style, format};
use crate::browser::styles;
use crate::core::Store;
use crate::i18n::{common, t, use_language};
use crate::ui::avatar::avatar;
use crate::ui::focus;
use crate::ui::layers::use_layers;
use crate::ui::pane::use_pane;
use crate::ui::room_name::shown_name;
use crate::ui::show::Show;

/// The key of a card; an edited message is a new card.
pub fn message_key(posted: &Posted) -> String {
    format!("{} {} ", posted.message_id, posted.changed_seq.unwrap_or_default())
}

#[component]
pub fn MessageCard(
    posted: Posted,
    /// Whether to show the room's name.
    #[prop(optional)]
    with_room: bool,
    /// Byte ranges that match the search, sorted.
    #[prop(optional)]
    found: Vec<Range<usize>>,
) -> impl IntoView {
    styles::adopt(include_str!("card.css"));
    let store: Store = expect_context();
    let layers = use_layers();
    let pane = use_pane();
    let language = use_language();
    let Posted { room, sender, sender_id, content, timestamp, seq, deleted, .. } =
        store.by_present_name(posted);
    let when = move || format(language.get().format_tag(), Style::Short, timestamp);
    let full = move || format(language.get().format_tag(), Style::Full, timestamp);
    let place = room.clone();
    let go = move |_| {
        let covers = untrack(|| layers.covers());
        layers.give_way(&place);
        store.jump(&place, seq);
        if covers {
            // The focused element was removed with the drawer.
            focus::soon("[role=log]");
        } else {
            // Where the focus came from may be far from here.
            pane.returns_to("[role=log]");
        }
    };
    let address = room.to_string();
    let text = content.map(|content| content.to_string()).unwrap_or_default();
    let tall = is_tall(&text);
    view! {
        <li class="card" data-testid="card" data-seq=seq.to_string() data-room=address>
            <div class="card-head">
                {avatar(store, Some(sender_id), &sender)}
                <span class="card-words">
                    <span class="card-author" dir="auto">{sender.to_string()}</span>
                    <span class="card-place">
                        {with_room.then(|| view! { <span class="card-room" dir="auto">{shown_name(store, &room)}</span> })}
                        <time datetime=timestamp.to_string() title=full>{when}</time>
                    </span>
                </span>
            </div>
            <Show when=move || !deleted fallback=|| view! { <p class="tombstone">{t(&common::DELETED)}</p> }>
                <div class="card-text" class:tall=tall dir="auto">
                    {
                        let (text, found) = (text.clone(), found.clone());
                        formatted(move || text.clone(), found)
                    }
                </div>
            </Show>
            <button type="button" class="card-go" data-testid="card-go" on:click=go>
                {t(&texts::GO_TO_MESSAGE)}
            </button>
        </li>
    }
}
