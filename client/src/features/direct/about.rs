//! Below the names of a conversation: whether the other one is here, what they are doing, and whether they want to be
//! disturbed.

use leptos::prelude::*;
use shared::{RoomAddress, Timestamp};

use crate::core::Store;
use crate::i18n::use_language;
use crate::ui::clock::use_moment;
use crate::ui::presence::{self, Dot};
use crate::ui::status::quiet_words;

#[component]
pub fn About(room: RoomAddress) -> impl IntoView {
    let store: Store = expect_context();
    let (language, moment) = (use_language(), use_moment());
    let me = untrack(|| store.me());
    let state = store.rooms.with_untracked(move |rooms| rooms.get(&room).cloned())?;
    let people = state.with_untracked(|state| state.doors.people.clone());
    let others: Vec<_> = people.iter().filter(|person| Some(person.user_id) != me).collect();
    let [other] = others[..] else { return None };
    let id = other.user_id;
    let status = Memo::new(move |_| state.with(|state| state.members.status_of(id)));
    let profile = Memo::new(move |_| store.profile(Some(id)).unwrap_or_default());
    let minute = Memo::new(move |_| Timestamp::from_millis(moment.now.get().millis() / 60_000 * 60_000));
    let says = move || {
        let profile = profile.get();
        if !profile.has_status(minute.get()) {
            return None;
        }
        let sign = profile.status_emoji.as_ref().map(|emoji| format!("{}\u{FE0F} ", emoji.as_str()));
        let words = profile.status.as_ref().map(ToString::to_string);
        Some(view! {
            " · "
            <span data-testid="partner-status"><span aria-hidden="true">{sign}</span><span dir="auto">{words}</span></span>
        })
    };
    let quiet = move || {
        let words = quiet_words(&profile.get(), minute.get(), language.get())?;
        Some(view! { " · " <span data-testid="partner-quiet">"🌙 " {words}</span> })
    };
    Some(view! {
        <Dot status />
        " "
        <span data-testid="partner-presence">{move || presence::words(language.get(), status.get())}</span>
        {quiet}
        {says}
    })
}
