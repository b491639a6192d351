//! Why something that was asked for did not happen.

use leptos::prelude::*;
use shared::ErrorCode;

use super::texts;
use crate::core::requests::NoAnswer;
use crate::features::account::texts as account;
use crate::i18n::{Language, use_language};

pub fn words(language: Language, why: &NoAnswer) -> String {
    let own = match why {
        NoAnswer::Offline => None,
        NoAnswer::Refused(failure) => match failure.code {
            ErrorCode::Forbidden if failure.field.is_none() => Some(&texts::NOT_ABOVE),
            ErrorCode::Forbidden if failure.field.as_deref() == Some("role") => Some(&texts::LAST_OWNER),
            ErrorCode::NotFound | ErrorCode::NoSuchUser => Some(&texts::NOT_THERE),
            ErrorCode::InvalidField if failure.field.as_deref() == Some("address") => {
                Some(&texts::NO_ADDRESS)
            }
            ErrorCode::InvalidField if failure.field.as_deref() == Some("reason") => {
                Some(&texts::REASON_WRONG)
            }
            ErrorCode::TooMany => Some(&texts::TOO_MANY),
            _ => None,
        },
    };
    own.map_or_else(|| account::why(language, why, &account::WRONG), |own| own.of(language).to_owned())
}

/// Says why, if there is a reason.
#[component]
pub fn Problem(why: RwSignal<Option<NoAnswer>>) -> impl IntoView {
    let language = use_language();
    let words = move || why.with(|why| why.as_ref().map(|why| words(language.get(), why)));
    view! { <p class="problem" role="alert" data-testid="admin-problem">{words}</p> }
}
