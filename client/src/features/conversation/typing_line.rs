//! Who is typing, in a line that is always present, so that the layout does not jump.

use leptos::prelude::*;
use shared::RoomAddress;

use super::texts;
use crate::browser::dates::format_number;
use crate::core::Store;
use crate::i18n::use_language;

/// The line. It is not a live region: it would be announced all the time.
#[component]
pub fn TypingLine(room: RoomAddress) -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    let names = Memo::new(move |_| {
        let names = store.room(&room).map(|room| room.with(|room| room.typists.names()));
        names.unwrap_or_default()
    });
    let sentence = move || {
        let language = language.get();
        names.with(|names| match names.as_slice() {
            [] => String::new(),
            [a] => (texts::TYPING_ONE.of(language))(a.as_str()),
            [a, b] => (texts::TYPING_TWO.of(language))(a.as_str(), b.as_str()),
            [a, others @ ..] => {
                let others = format_number(language.format_tag(), others.len() as u64);
                (texts::TYPING_MANY.of(language))(a.as_str(), &others)
            }
        })
    };
    view! {
        <p class="typing" data-testid="typing" dir="auto">
            {sentence}
        </p>
    }
}
