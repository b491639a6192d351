//! Reads new messages of the open room to those who listen to the page.

use leptos::prelude::*;
use shared::{MessageText, Posted, RoomAddress, Seq};

use crate::browser::dates::format_number;
use crate::i18n::use_language;
use crate::state::Store;

/// A region that is heard and not seen. What is loaded at once, as a snapshot or history, is not read out.
#[component]
pub fn Announcer() -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    let words = RwSignal::new(String::new());
    Effect::new(move |before: Option<Option<(RoomAddress, Seq)>>| {
        let name = store.open.get()?;
        let room = store.room(&name)?;
        let head = room.with(|room| room.is_loaded().then(|| room.log().head()))?;
        if let Some((room_before, seen)) = before.flatten()
            && room_before == name
            && head > seen
        {
            let me = store.me();
            let is_new =
                |posted: &&Posted| posted.seq > seen && Some(posted.sender_id) != me && !posted.deleted;
            let new: Vec<Posted> =
                room.with(|room| room.log().messages().rev().take(50).filter(is_new).cloned().collect());
            let language = language.get();
            let texts = language.texts();
            match new.as_slice() {
                [] => {}
                [one] => {
                    let text = one.content.as_ref().map_or("", MessageText::as_str);
                    words.set((texts.announcement)(one.sender.as_str(), text));
                }
                many => {
                    let shown = format_number(language.format_tag(), many.len() as u64);
                    words.set((texts.announce_many)(many.len() as u64, &shown));
                }
            }
        }
        Some((name, head))
    });
    view! {
        <div class="heard" aria-live="polite" data-testid="announcer">
            {move || words.get()}
        </div>
    }
}
