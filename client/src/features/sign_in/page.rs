//! The sign-in page, where a guest chooses a name. Its elements are in `index.html`, so that one can type before the
//! program is there.

use leptos::ev;
use leptos::prelude::*;
use shared::UserName;
use shared::limits::USER_NAME_CHARS;
use shared::text::TextError;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};

use super::texts;
use crate::browser::choice;
use crate::browser::dates::format_number;
use crate::browser::events::on_window;
use crate::browser::storage::BrowserStorage;
use crate::core::entrance::{Ended, Entrance, Entry};
use crate::features::account;
use crate::features::doors::{dialogs, joining};
use crate::features::settings::language_choice::LanguageChoice;
use crate::features::settings::plain_http::PlainHttp;
use crate::i18n::{common, t, use_language};
use crate::ui::later::Later;
use crate::ui::show::Show;

/// Storage key of the last name; `public/gate.js` reads it.
const KEY: &str = "hiroba.name";
/// Set by `public/gate.js` when the form was submitted before the program was there.
const WAITING: &str = "data-waiting";
/// Set by it to [`TO_ACCOUNT`] when one has an account.
const TO: &str = "data-to";
const TO_ACCOUNT: &str = "account";

/// The elements of the page.
#[derive(Clone)]
struct Gate {
    page: HtmlElement,
    form: HtmlElement,
    name: HtmlInputElement,
}

impl Gate {
    fn find() -> Option<Self> {
        Some(Self { page: element("gate")?, form: element("gate-form")?, name: element("name")? })
    }
}

fn element<E: JsCast>(id: &str) -> Option<E> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Takes over the page and what was typed so far. It is shown whenever there is no session.
pub fn attach(entrance: Entrance) {
    let Some(gate) = Gate::find() else { return };
    let problem = RwSignal::new(None::<TextError>);
    let with_account = entrance.with_account();
    let Gate { form, name, .. } = gate.clone();
    let submit = {
        let (form, name) = (form.clone(), name.clone());
        move || match UserName::new(&name.value()) {
            _ if form.get_attribute(TO).as_deref() == Some(TO_ACCOUNT) => with_account.set(true),
            Ok(name) => {
                BrowserStorage::Browser.set_text(KEY, name.as_str());
                entrance.enter(Entry::New(name));
            }
            Err(error) => {
                problem.set(Some(error));
                // Removing an attribute with a valid name does not fail.
                let _ = form.remove_attribute(WAITING);
                // Focusing an element in the document does not fail.
                let _ = name.focus();
            }
        }
    };
    if form.has_attribute(WAITING) {
        submit();
    }
    // The server says it in the page.
    if choice::chosen("guests").is_some() {
        with_account.set(true);
    }
    on_window(ev::submit, move |event| {
        if event.target().as_ref() == Some(form.as_ref()) {
            submit();
        }
    });
    on_window(ev::input, move |event| {
        if event.target().as_ref() == Some(name.as_ref()) {
            problem.set(None);
        }
    });
    show(gate, entrance, problem);
    // Not a second time beside those in the settings.
    let waits = move || !entrance.is_passed();
    fill("gate-language", move || view! { <Show when=waits><LanguageChoice /></Show> }.into_any());
    fill("gate-ended", move || {
        // The forms for accounts say it themselves.
        let ended = move || {
            (entrance.ended() == Some(Ended::ByServer) && !with_account.get()).then(|| {
                view! { <p class="hint" data-testid="session-ended">{t(&texts::SESSION_ENDED)}</p> }
            })
        };
        let is_invited = joining::pending().is_some();
        let invited = move || (is_invited && waits()).then(|| view! { <Later code=dialogs::dialog of=() /> });
        view! { {ended} {invited} }.into_any()
    });
    fill("gate-forms", move || {
        let shown = move || waits() && with_account.get();
        view! { <Show when=shown><Later code=account::forms of=() /></Show> }.into_any()
    });
    fill("name-problem", move || {
        view! { {move || problem.with(|problem| problem.as_ref().map(words))} }.into_any()
    });
    fill("gate-notes", move || view! { <Show when=waits><PlainHttp /></Show> }.into_any());
}

/// Keeps the elements up to date.
fn show(gate: Gate, entrance: Entrance, problem: RwSignal<Option<TextError>>) {
    let language = use_language();
    let Gate { page, form, name } = gate;
    let field = name.clone();
    Effect::new(move |before: Option<bool>| {
        let (passed, with_account) = (entrance.is_passed(), entrance.with_account().get());
        page.set_hidden(passed);
        form.set_hidden(with_account);
        // Setting and removing attributes with valid names does not fail; nor does focusing what is shown.
        let _ = form.remove_attribute(WAITING);
        // On the first run somebody may be typing already.
        let waits = !passed && !with_account;
        if before == Some(false) && waits {
            let _ = field.focus();
            field.select();
        }
        waits
    });
    name.set_max_length(USER_NAME_CHARS as i32 * 4);
    Effect::new(move || {
        let placeholder = name.dataset().get(language.get().tag()).unwrap_or_default();
        name.set_placeholder(&placeholder);
        let _ = name.set_attribute("aria-invalid", &problem.with(Option::is_some).to_string());
    });
}

/// Shows a view in an element of the page.
fn fill(id: &str, view: impl FnOnce() -> AnyView + 'static) {
    if let Some(place) = element::<HtmlElement>(id) {
        // It stays as long as the page.
        leptos::mount::mount_to(place, view).forget();
    }
}

fn words(problem: &TextError) -> String {
    let language = use_language().get();
    match problem {
        TextError::Empty => texts::NAME_EMPTY.of(language).to_owned(),
        TextError::TooLong { limit, .. } => {
            (common::NAME_TOO_LONG.of(language))(&format_number(language.format_tag(), *limit as u64))
        }
        TextError::Forbidden(_) | TextError::Tilde | TextError::Dots => {
            common::NAME_FORBIDDEN.of(language).to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::limits::USER_NAME_CHARS;

    #[test]
    fn the_page_names_the_limit_that_holds() {
        let page = include_str!("../../../../index.html");
        assert!(page.contains(&format!("Up to {USER_NAME_CHARS} characters")));
        assert!(page.contains(&format!("{USER_NAME_CHARS}文字まで")));
    }
}
