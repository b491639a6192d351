//! The sign-in page, where a guest chooses a name.

use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use shared::UserName;
use shared::limits::USER_NAME_CHARS;
use shared::text::TextError;

use super::texts;
use crate::browser::dates::format_number;
use crate::browser::location;
use crate::browser::storage::BrowserStorage;
use crate::core::Store;
use crate::features::notices::list::Notices;
use crate::features::settings::language_choice::LanguageChoice;
use crate::features::settings::plain_http::PlainHttp;
use crate::i18n::{common, t, use_language};
use crate::ui::icons::Mark;

/// Storage key of the last name.
const KEY: &str = "hiroba.name";

/// The page before sign-in.
#[component]
pub fn NamePage() -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    let input = NodeRef::<Input>::new();
    let problem = RwSignal::new(None::<TextError>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(input) = input.get() else { return };
        match UserName::new(&input.value()) {
            Ok(name) => {
                BrowserStorage::Browser.set_text(KEY, name.as_str());
                // An invitation link keeps its destination.
                if let Some((room, seq)) = location::place() {
                    store.go(room, seq);
                }
                store.enter(name);
            }
            Err(error) => {
                problem.set(Some(error));
                // Focusing an element in the document does not fail.
                let _ = input.focus();
            }
        }
    };
    Effect::new(move || {
        if let Some(input) = input.get() {
            let _ = input.focus();
            input.select();
        }
    });
    let words = move || {
        let language = language.get();
        problem.get().map(|problem| match problem {
            TextError::Empty => texts::NAME_EMPTY.of(language).to_owned(),
            TextError::TooLong { limit, .. } => {
                (common::NAME_TOO_LONG.of(language))(&format_number(language.format_tag(), limit as u64))
            }
            TextError::Forbidden(_) | TextError::Tilde | TextError::Dots => {
                common::NAME_FORBIDDEN.of(language).to_owned()
            }
        })
    };
    view! {
        <main class="gate">
            <div class="gate-language">
                <LanguageChoice />
            </div>
            <div class="gate-card">
                <Mark />
                <h1>"Hiroba"</h1>
                <p class="tagline">{t(&texts::TAGLINE)}</p>
                <form on:submit=submit>
                    <label class="field-label" for="name">
                        {t(&texts::YOUR_NAME)}
                    </label>
                    <input
                        id="name"
                        type="text"
                        node_ref=input
                        data-testid="name-input"
                        prop:value=BrowserStorage::Browser.text(KEY).unwrap_or_default()
                        placeholder=t(&texts::NAME_PLACEHOLDER)
                        maxlength=(USER_NAME_CHARS * 4).to_string()
                        autocomplete="nickname"
                        aria-describedby="name-hint name-problem"
                        aria-invalid=move || problem.with(Option::is_some).to_string()
                        on:input=move |_| problem.set(None)
                    />
                    <p id="name-problem" class="problem" role="alert">
                        {words}
                    </p>
                    <button type="submit" class="button primary" data-testid="name-submit">
                        {t(&texts::ENTER)}
                    </button>
                    <p id="name-hint" class="hint">
                        {t(&texts::NAME_HINT)}
                    </p>
                    <PlainHttp />
                </form>
            </div>
            <Notices />
        </main>
    }
}
