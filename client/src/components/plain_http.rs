//! What an address without encryption cannot do.

use leptos::prelude::*;

use crate::browser::screen;
use crate::i18n::t;

/// A line about it; nothing where all is allowed.
#[component]
pub fn PlainHttp() -> impl IntoView {
    (!screen::is_secure())
        .then(|| view! { <p class="hint" data-testid="plain-http">{t(|t| t.plain_http)}</p> })
}
