//! Short notices to the user, above everything else.

use leptos::prelude::*;

use crate::core::Store;
use crate::core::notices::{About, Notice};
use crate::i18n::{Texts, reason, t, use_language};
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
                <p>{move || words(language.get().texts(), &about)}</p>
                <button
                    type="button"
                    class="icon-button"
                    data-testid="notice-dismiss"
                    aria-label=t(|t| t.dismiss)
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

fn words(texts: &Texts, about: &About) -> String {
    match about {
        About::Renamed { asked, got } => (texts.renamed)(asked.as_str(), got.as_str()),
        About::NewGuest(name) => (texts.new_guest)(name.as_str()),
        About::SessionEnded => texts.session_ended.to_owned(),
        About::NoSuchMessage => texts.message_not_found.to_owned(),
        About::NotJoined(room, failure) => {
            (texts.not_joined)(room.as_str(), &reason(texts, failure.code, failure.retry_after_ms))
        }
        About::LinkCopied => texts.link_copied.to_owned(),
        About::TextCopied => texts.text_copied.to_owned(),
        About::NotCopied => texts.copy_failed.to_owned(),
        About::Offline => texts.connection_lost.to_owned(),
        About::Refused(failure) => reason(texts, failure.code, failure.retry_after_ms),
    }
}
