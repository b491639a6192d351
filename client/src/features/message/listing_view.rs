//! A list of messages beside the conversation, one card each, with its loading state.

use leptos::prelude::*;

use super::card::{MessageCard, message_key};
use super::listing_state::ListingState;
use crate::core::progress::Progress;
use crate::i18n::{Text, common, t};
use crate::ui::each::each;
use crate::ui::failed::Failed;
use crate::ui::show::Show;

/// The list.
#[component]
pub fn ListingView(
    listing: ListingState,
    /// Whether the order is reversed to newest first.
    newest_first: bool,
    /// The text of an empty list.
    empty: &'static Text,
) -> impl IntoView {
    let progress = Memo::new(move |_| listing.with(|listing| listing.progress.clone()));
    let has_more = Memo::new(move |_| listing.with(|listing| listing.more));
    let none = Memo::new(move |_| listing.with(|listing| listing.messages.is_empty()));
    let messages = move || {
        let mut messages = listing.with(|listing| listing.messages.clone());
        if newest_first {
            messages.reverse();
        }
        messages
    };
    let state = move || match progress.get() {
        Progress::Loading if none.get() => {
            Some(view! { <p class="hint late">{t(&common::LOADING)}</p> }.into_any())
        }
        Progress::Failed(_) => Some(view! { <Failed again=move || listing.again() /> }.into_any()),
        Progress::Done if none.get() => Some(view! { <p class="hint">{t(empty)}</p> }.into_any()),
        Progress::Done | Progress::Loading => None,
    };
    view! {
        <div class="panel-scroll">
            <ul class="cards">
                {each(messages, message_key, |posted| view! { <MessageCard posted /> })}
            </ul>
            {state}
            <Show when=move || has_more.get()>
                <button type="button" class="button quiet" data-testid="listing-more" on:click=move |_| listing.more()>
                    {t(&common::SHOW_MORE)}
                </button>
            </Show>
        </div>
    }
}
