//! Why something that was asked for did not happen.

use leptos::prelude::*;

use crate::core::requests::NoAnswer;
use crate::i18n::{Language, common, reason, use_language};

pub fn words(language: Language, why: &NoAnswer) -> String {
    match why {
        NoAnswer::Offline => common::CONNECTION_LOST.of(language).to_owned(),
        NoAnswer::Refused(failure) => reason(language, failure.code, failure.retry_after_ms),
    }
}

/// Says why, if there is a reason.
#[component]
pub fn Problem(why: RwSignal<Option<NoAnswer>>, testid: &'static str) -> impl IntoView {
    let language = use_language();
    let words = move || why.with(|why| why.as_ref().map(|why| words(language.get(), why)));
    view! { <p class="problem" role="alert" data-testid=testid>{words}</p> }
}
