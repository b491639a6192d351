//! Announces new messages of the open room to screen readers.

use leptos::prelude::*;
use shared::MessageText;

use super::texts;
use crate::browser::dates::format_number;
use crate::core::Store;
use crate::features::message::formatted::in_words;
use crate::i18n::use_language;
use crate::ui::each::each;

/// A visually hidden live region. Messages loaded in bulk (a snapshot or history) are not announced.
#[component]
pub fn Announcer() -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    // Numbered, so that a repeated text is a new element: only new elements are announced.
    let words = RwSignal::new((0_u32, String::new()));
    Effect::new(move || {
        if store.news().with(Vec::is_empty) {
            return;
        }
        let news = store.news().try_update(std::mem::take).unwrap_or_default();
        let language = language.get();
        let said = match news.as_slice() {
            [one] => {
                let text = in_words(one.content.as_ref().map_or("", MessageText::as_str), language);
                (texts::ANNOUNCEMENT.of(language))(one.sender.as_str(), &text)
            }
            many => {
                let count = many.len() as u64;
                (texts::ANNOUNCE_MANY.of(language))(count, &format_number(language.format_tag(), count))
            }
        };
        words.update(|words| *words = (words.0.wrapping_add(1), said));
    });
    view! {
        <div class="heard" aria-live="polite" data-testid="announcer">
            {each(move || vec![words.get()], |(number, _)| number.to_string(), |(_, said)| view! { <p>{said}</p> })}
        </div>
    }
}
