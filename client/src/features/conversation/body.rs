//! The text of a message or its edit box, and its delivery state.

use std::sync::Arc;

use leptos::prelude::*;
use shared::RoomAddress;

use super::{folded, texts};
use crate::browser::dates::{Style, format};
use crate::core::Store;
use crate::core::pending::Reason;
use crate::core::timeline::{Mark, Row};
use crate::features::composer::edit_box::edit_box;
use crate::features::message::formatted::{formatted, is_few_emoji, is_tall};
use crate::i18n::errors::Of;
use crate::i18n::{Language, common, t, use_language};
use crate::ui::icons::{Icon, PIN};
use crate::ui::later::Later;
use crate::ui::reasons::reason;
use crate::ui::show::Show;

/// The text with its marks.
#[component]
pub fn Body(row: ReadSignal<Arc<Row>>, room: StoredValue<Option<RoomAddress>>) -> impl IntoView {
    let store: Store = expect_context();
    let text = Memo::new(move |_| row.with(|row| row.text.clone()));
    let folded = Memo::new(move |_| row.with(|row| row.folded));
    // The message's room and seq while something else stands in place of its text.
    let replaced = Memo::new(move |_| {
        let place = room.get_value().zip(row.with(|row| row.seq));
        place.filter(|(room, seq)| folded.get() || store.edits().with(|edits| edits.has(room, *seq)))
    });
    let tall = Memo::new(move |_| text.with(|text| text.as_ref().is_some_and(|text| is_tall(text.as_str()))));
    let large =
        Memo::new(move |_| text.with(|text| text.as_ref().is_some_and(|text| is_few_emoji(text.as_str()))));
    let there = Memo::new(move |_| text.with(Option::is_some));
    move || {
        match replaced.get() {
        _ if !there.get() => {
            view! { <p class="tombstone" data-testid="tombstone">{t(&common::DELETED)}</p> }.into_any()
        }
        // The edit box stays, also when the text is changed elsewhere meanwhile.
        Some((room, seq)) => {
            let text = text.with_untracked(|text| text.as_ref().map(ToString::to_string)).unwrap_or_default();
            let code: fn() -> _ = if folded.get_untracked() { folded::folded } else { edit_box };
            view! { <Later code of=(room, seq, text) /> }.into_any()
        }
        None => view! {
            <div class="message-body">
                <div class="message-text" class:tall=tall class:large=large data-testid="message-text" dir="auto">
                    {formatted(move || text.with(|text| text.as_ref().map(ToString::to_string).unwrap_or_default()), Vec::new())}
                </div>
                <Marks row />
            </div>
        }
        .into_any(),
    }
    }
}

/// The "edited" and "pinned" marks.
#[component]
fn Marks(row: ReadSignal<Arc<Row>>) -> impl IntoView {
    let language = use_language();
    let edited_at = Memo::new(move |_| row.with(|row| row.edited_at));
    let pinned = Memo::new(move |_| row.with(|row| row.pinned));
    let edited = move || {
        let at = edited_at.get()?;
        let when = move || {
            let language = language.get();
            (texts::EDITED_AT.of(language))(&format(language.format_tag(), Style::Full, at))
        };
        Some(view! {
            <span class="edited" data-testid="edited" title=when>{t(&texts::EDITED)}</span>
        })
    };
    view! {
        {edited}
        <Show when=move || pinned.get()>
            <span class="pinned" data-testid="pinned" title=t(&texts::PINNED)>
                <Icon path=PIN />
                <span class="heard">{t(&texts::PINNED)}</span>
            </span>
        </Show>
    }
}

/// The delivery state of one of the user's own messages, or of an edit.
#[component]
pub fn Delivery(row: ReadSignal<Arc<Row>>, mark: Memo<Mark>) -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    let own = row.with_untracked(|row| row.own);
    move || {
        match mark.get() {
        Mark::Pending if own => Some(view! { <p class="delivery">{t(&texts::SENDING)}</p> }.into_any()),
        Mark::Failed(id, why) => Some(
            view! {
                <div class="delivery failed">
                    <p>{move || words(store, language.get(), why)}</p>
                    <button type="button" class="link-button" data-testid="message-retry" on:click=move |_| store.retry(id)>
                        {t(&texts::RETRY)}
                    </button>
                    <button type="button" class="link-button" data-testid="message-discard" on:click=move |_| store.discard(id)>
                        {t(&texts::DISCARD)}
                    </button>
                </div>
            }
            .into_any(),
        ),
        Mark::None | Mark::Pending => None,
    }
    }
}

fn words(store: Store, language: Language, why: Reason) -> String {
    match why {
        Reason::Refused(code) => {
            // In a conversation of two nothing else is forbidden to whoever writes: the other one has blocked them.
            let is_direct =
                store.open.with_untracked(|open| open.as_ref().is_some_and(RoomAddress::is_direct));
            reason(language, code, None, if is_direct { Of::Person } else { Of::Request })
        }
        Reason::Uncertain => texts::UNCERTAIN.of(language).to_owned(),
    }
}
