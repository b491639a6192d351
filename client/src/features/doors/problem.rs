//! Why something that was asked for did not happen.

use leptos::prelude::*;
use shared::{ErrorCode, Failure};

use super::texts;
use crate::core::Store;
use crate::core::requests::NoAnswer;
use crate::i18n::errors::refusal;
use crate::i18n::{Language, common, use_language};

pub fn words(store: Store, language: Language, why: &NoAnswer) -> String {
    match why {
        NoAnswer::Offline => common::CONNECTION_LOST.of(language).to_owned(),
        NoAnswer::Refused(Failure { code: ErrorCode::TooManyRooms, user_id: Some(id), .. }) => {
            let known = store.acquaintances().into_iter().find(|(other, _)| other == id);
            let name = known.map(|(_, name)| name.to_string());
            let name = name.unwrap_or_else(|| texts::SOMEBODY.of(language).to_owned());
            (texts::FULL.of(language))(&name)
        }
        NoAnswer::Refused(failure) => refusal(language, failure),
    }
}

/// Says why, if there is a reason.
#[component]
pub fn Problem(why: RwSignal<Option<NoAnswer>>, testid: &'static str) -> impl IntoView {
    let (store, language): (Store, _) = (expect_context(), use_language());
    let words = move || why.with(|why| why.as_ref().map(|why| words(store, language.get(), why)));
    view! { <p class="problem" role="alert" data-testid=testid>{words}</p> }
}
