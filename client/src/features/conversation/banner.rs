//! The notice shown while there is no connection.

use leptos::prelude::*;
use shared::{CloseCode, ErrorCode};

use crate::browser::dates::format_number;
use crate::browser::location;
use crate::core::Store;
use crate::core::connection::{Outage, Stop};
use crate::i18n::{Texts, reason, use_language};
use crate::ui::clock::use_moment;
use crate::ui::show::Show;

/// A line above the conversation; hidden while connected and during a short outage.
#[component]
pub fn Banner() -> impl IntoView {
    let store: Store = expect_context();
    let moment = use_moment();
    let language = use_language();
    let outage = Memo::new(move |_| store.connection.get().outage(moment.now.get()));
    let head = move || {
        let texts = language.get().texts();
        match outage.get() {
            Some(Outage::Stopped(stop)) => stopped_words(texts, stop),
            Some(_) if store.connection.with(|connection| connection.is_barred()) => texts.barred.to_owned(),
            Some(_) | None => texts.connection_lost.to_owned(),
        }
    };
    let attempt = move || {
        let language = language.get();
        match outage.get() {
            Some(Outage::Trying) => language.texts().connecting.to_owned(),
            Some(Outage::NextTryIn(seconds)) => {
                let shown = format_number(language.format_tag(), seconds.into());
                (language.texts().next_try)(seconds, &shown)
            }
            Some(Outage::Stopped(_)) | None => String::new(),
        }
    };
    let stopped = move || matches!(outage.get(), Some(Outage::Stopped(_)));
    let wait = move || (!stopped()).then(|| language.get().texts().messages_wait);
    view! {
        <Show when=move || outage.with(Option::is_some)>
            <div class="banner" data-testid="banner">
                <p>
                    // Only this part is a live region: the countdown would be announced every second.
                    <strong role="status">{head}</strong>
                    " "
                    <span class="banner-attempt">{attempt}</span>
                    " "
                    <span class="banner-wait">{wait}</span>
                </p>
                <button type="button" class="button" data-testid="banner-retry" on:click=move |_| store.wake()>
                    {move || language.get().texts().retry_now}
                </button>
            </div>
        </Show>
    }
}

fn stopped_words(texts: &Texts, stop: Stop) -> String {
    match stop {
        Stop::Closed(CloseCode::Removed) => texts.removed.to_owned(),
        Stop::Closed(CloseCode::ProtocolError | CloseCode::InvalidPayload | CloseCode::TooBig) => {
            texts.errors.other.to_owned()
        }
        Stop::Closed(_) => texts.stopped.to_owned(),
        Stop::Refused(ErrorCode::OriginNotAllowed) => (texts.foreign_origin)(&location::origin()),
        Stop::Refused(code) => reason(texts, code, None),
    }
}
