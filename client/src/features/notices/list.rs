//! Short notices to the user, above everything else. Their code is fetched with the first one, at the latest a moment after
//! the page is there.

use leptos::prelude::*;
use shared::Failure;

use super::texts;
use crate::core::Store;
use crate::core::notices::{About, Notice};
use crate::i18n::errors::refusal;
use crate::i18n::{Language, common, t, use_language};
use crate::ui::each::each;
use crate::ui::icons::{CLOSE, Icon};
use crate::ui::later::{Later, later};
use crate::ui::room_name::room_name;
use crate::ui::show::Show;

/// The region, which is there before what is announced in it.
#[component]
pub fn Notices() -> impl IntoView {
    let store: Store = expect_context();
    view! {
        <div class="notices" role="status">
            <Show when=move || store.notices.with(|notices| !notices.list().is_empty())>
                <Later code=list of=() class="notice" />
            </Show>
        </div>
    }
}

later! {
    /// Fetches the code of the list.
    pub fn list(()) in notices: |()| view! { <List /> }.into_any()
}

#[component]
fn List() -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    let notices = move || store.notices.with(|notices| notices.list().to_vec());
    let row = move |Notice { number, about, .. }| {
        let words = move || words(store, language.get(), &about);
        view! {
            <div class="notice" data-testid="notice">
                <p>{words}</p>
                <button
                    type="button"
                    class="icon-button"
                    data-testid="notice-dismiss"
                    aria-label=t(&texts::DISMISS)
                    on:click=move |_| store.dismiss(number)
                >
                    <Icon path=CLOSE />
                </button>
            </div>
        }
    };
    each(notices, |notice| notice.number.to_string(), row)
}

fn words(store: Store, language: Language, about: &About) -> String {
    let reason = |failure: &Failure| refusal(language, failure);
    match about {
        About::Renamed { asked, got } => (texts::RENAMED.of(language))(asked.as_str(), got.as_str()),
        About::NewGuest(name) => (texts::NEW_GUEST.of(language))(name.as_str()),
        About::NoSuchMessage => texts::MESSAGE_NOT_FOUND.of(language).to_owned(),
        // It has no name that could be told, and may not even exist.
        About::NotJoined(room, failure) if room.is_private() => reason(failure),
        About::NotJoined(room, failure) => (texts::NOT_JOINED.of(language))(room.as_str(), &reason(failure)),
        About::Invited { room, by } => {
            let room = room_name(store, room, language);
            (texts::INVITED_BY.of(language))(by.as_str(), &room)
        }
        About::Removed { room, title, by, reason } => {
            let private = common::PRIVATE_ROOM.of(language);
            let name = if room.is_private() { private } else { room.as_str() };
            let room = title.as_deref().unwrap_or(name);
            let reason = reason.as_ref().map(|reason| (texts::REASON.of(language))(reason.as_str()));
            (texts::REMOVED.of(language))(by.as_str(), room) + &reason.unwrap_or_default()
        }
        About::Announced { by, content } => (texts::ANNOUNCED.of(language))(by.as_str(), content.as_str()),
        About::Added(name) => (texts::ADDED.of(language))(name.as_str()),
        About::NotAdded(name, failure) => (texts::NOT_ADDED.of(language))(name.as_str(), &reason(failure)),
        About::LinkCopied => texts::LINK_COPIED.of(language).to_owned(),
        About::TextCopied => texts::TEXT_COPIED.of(language).to_owned(),
        About::Muted(true) => texts::MUTED.of(language).to_owned(),
        About::Muted(false) => texts::UNMUTED.of(language).to_owned(),
        About::NotCopied => texts::COPY_FAILED.of(language).to_owned(),
        About::Offline => common::CONNECTION_LOST.of(language).to_owned(),
        About::Refused(failure) => reason(failure),
    }
}
