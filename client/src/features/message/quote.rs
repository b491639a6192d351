//! The message that another one replies to, in one line above it.

use leptos::prelude::*;
use shared::{Posted, RoomAddress, Seq};

use super::formatted::in_words;
use super::texts;
use crate::core::Store;
use crate::core::changes::Quoted;
use crate::i18n::{Language, Text, common, t, use_language};
use crate::ui::icons::{Icon, REPLY};

/// The line; a click jumps to the message.
#[component]
pub fn Quote(room: RoomAddress, seq: Seq) -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    let room = StoredValue::new(room);
    let quoted = Memo::new(move |_| store.quoted(&room.get_value(), seq));
    move || match quoted.get() {
        Quoted::Known(posted) if !posted.deleted => {
            let Posted { sender, content, .. } = posted;
            let line =
                move || first_line(content.as_ref().map_or("", |content| content.as_str()), language.get());
            view! {
                <button type="button" class="quote" data-testid="quote" title=t(&texts::GO_TO_MESSAGE)
                    on:click=move |_| store.jump(&room.get_value(), seq)>
                    <Icon path=REPLY />
                    <span class="heard">{t(&common::REPLY)} ": "</span>
                    <span class="quote-author" dir="auto">{sender.to_string()}</span>
                    <span class="quote-text" dir="auto">{line}</span>
                </button>
            }
            .into_any()
        }
        Quoted::Known(_) => gone(&texts::QUOTE_DELETED).into_any(),
        Quoted::Missing => gone(&common::QUOTE_MISSING).into_any(),
        Quoted::Loading => view! { <p class="quote"><Icon path=REPLY /></p> }.into_any(),
    }
}

fn gone(words: &'static Text) -> impl IntoView {
    view! {
        <p class="quote gone" data-testid="quote">
            <Icon path=REPLY />
            <span class="quote-text">{t(words)}</span>
        </p>
    }
}

/// The first non-blank line of a text in words, at most 200 characters.
pub fn first_line(text: &str, language: Language) -> String {
    let text = in_words(text, language);
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    line.chars().take(200).collect()
}
