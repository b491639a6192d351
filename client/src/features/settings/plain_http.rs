//! The notice about what does not work without HTTPS.

use leptos::prelude::*;

use super::texts;
use crate::browser::screen;
use crate::i18n::t;

/// A line of text; nothing in a secure context.
#[component]
pub fn PlainHttp() -> impl IntoView {
    (!screen::is_secure())
        .then(|| view! { <p class="hint" data-testid="plain-http">{t(&texts::PLAIN_HTTP)}</p> })
}

pub fn section() -> AnyView {
    view! { <PlainHttp /> }.into_any()
}
