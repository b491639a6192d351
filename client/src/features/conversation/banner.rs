//! The notice shown while there is no connection.

use leptos::prelude::*;
use shared::{CloseCode, ErrorCode};

use super::texts;
use crate::browser::dates::format_number;
use crate::core::Store;
use crate::core::connection::{Outage, Stop};
use crate::i18n::errors::Of;
use crate::i18n::{Language, common, use_language};
use crate::ui::clock::use_moment;
use crate::ui::reasons::reason;
use crate::ui::show::Show;

/// A line above the conversation; hidden while connected and during a short outage.
#[component]
pub fn Banner() -> impl IntoView {
    let store: Store = expect_context();
    let moment = use_moment();
    let language = use_language();
    let outage = Memo::new(move |_| store.connection.get().outage(moment.now.get()));
    let head = move || {
        let language = language.get();
        match outage.get() {
            Some(Outage::Stopped(stop)) => stopped_words(language, stop),
            Some(_) if store.connection.with(|connection| connection.is_barred()) => {
                reason(language, ErrorCode::UpgradeRequired, None, Of::Connection)
            }
            Some(_) | None => common::CONNECTION_LOST.of(language).to_owned(),
        }
    };
    let attempt = move || {
        let language = language.get();
        match outage.get() {
            Some(Outage::Trying) => texts::CONNECTING.of(language).to_owned(),
            Some(Outage::NextTryIn(seconds)) => {
                let shown = format_number(language.format_tag(), seconds.into());
                (texts::NEXT_TRY.of(language))(seconds, &shown)
            }
            Some(Outage::Stopped(_)) | None => String::new(),
        }
    };
    let stopped = move || matches!(outage.get(), Some(Outage::Stopped(_)));
    let wait = move || (!stopped()).then(|| texts::MESSAGES_WAIT.of(language.get()));
    let said = move || outage.with(Option::is_some).then(head);
    view! {
        // A live region that is there before its words. Without the countdown, which would be announced every second.
        <div class="heard" role="status">{said}</div>
        <Show when=move || outage.with(Option::is_some)>
            <div class="banner" data-testid="banner">
                <p>
                    <strong>{head}</strong>
                    " "
                    <span class="banner-attempt">{attempt}</span>
                    " "
                    <span class="banner-wait">{wait}</span>
                </p>
                <button type="button" class="button" data-testid="banner-retry" on:click=move |_| store.wake()>
                    {move || texts::RETRY_NOW.of(language.get())}
                </button>
            </div>
        </Show>
    }
}

fn stopped_words(language: Language, stop: Stop) -> String {
    let code = match stop {
        Stop::Refused(code) => code,
        Stop::Closed(CloseCode::Removed) => ErrorCode::Banned,
        Stop::Closed(CloseCode::ProtocolError | CloseCode::InvalidPayload | CloseCode::TooBig) => {
            ErrorCode::BadJson
        }
        Stop::Closed(_) => ErrorCode::Unknown,
    };
    reason(language, code, None, Of::Connection)
}
