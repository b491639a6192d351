//! Short notices to the user, above everything else.

use leptos::prelude::*;

use super::texts;
use crate::core::Store;
use crate::core::notices::{About, Notice};
use crate::i18n::{Language, common, reason, t, use_language};
use crate::ui::each::each;
use crate::ui::icons::{CLOSE, Icon};

#[component]
pub fn Notices() -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    let notices = move || store.notices.with(|notices| notices.list().to_vec());
    let row = move |Notice { number, about, .. }| {
        view! {
            <div class="notice" data-testid="notice">
                <p>{move || words(language.get(), &about)}</p>
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
    view! {
        <div class="notices" role="status">
            {each(notices, |notice| notice.number.to_string(), row)}
        </div>
    }
}

fn words(language: Language, about: &About) -> String {
    match about {
        About::Renamed { asked, got } => (texts::RENAMED.of(language))(asked.as_str(), got.as_str()),
        About::NewGuest(name) => (texts::NEW_GUEST.of(language))(name.as_str()),
        About::NoSuchMessage => texts::MESSAGE_NOT_FOUND.of(language).to_owned(),
        About::NotJoined(room, failure) => (texts::NOT_JOINED.of(language))(
            room.as_str(),
            &reason(language, failure.code, failure.retry_after_ms),
        ),
        About::LinkCopied => texts::LINK_COPIED.of(language).to_owned(),
        About::TextCopied => texts::TEXT_COPIED.of(language).to_owned(),
        About::Muted(true) => texts::MUTED.of(language).to_owned(),
        About::Muted(false) => texts::UNMUTED.of(language).to_owned(),
        About::NotCopied => texts::COPY_FAILED.of(language).to_owned(),
        About::Offline => common::CONNECTION_LOST.of(language).to_owned(),
        About::Refused(failure) => reason(language, failure.code, failure.retry_after_ms),
    }
}
