//! Who is typing, in a line that is always present, so that the layout does not jump. What it says is fetched when
//! somebody types.

use leptos::prelude::*;
use shared::RoomAddress;

use super::texts;
use crate::browser::dates::format_number;
use crate::core::Store;
use crate::i18n::use_language;
use crate::ui::later::{Later, later};

/// The line. It is not a live region: it would be announced all the time.
#[component]
pub fn TypingLine(room: RoomAddress) -> impl IntoView {
    let store: Store = expect_context();
    let name = StoredValue::new(room);
    let somebody = Memo::new(move |_| {
        let room = name.with_value(|name| store.room(name));
        room.is_some_and(|room| room.with(|room| room.typists.is_anybody()))
    });
    let line = move || somebody.get().then(|| view! { <Later code=typists of=name.get_value() /> });
    view! {
        <div class="typing" data-testid="typing" dir="auto">
            {line}
        </div>
    }
}

later! {
    /// Fetches the code of what the line says.
    fn typists(RoomAddress) in writing: |room| view! { <Typists room /> }.into_any()
}

#[component]
fn Typists(room: RoomAddress) -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    let names = Memo::new(move |_| {
        let names = store.room(&room).map(|room| room.with(|room| room.typists.names()));
        names.unwrap_or_default()
    });
    move || {
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
    }
}
