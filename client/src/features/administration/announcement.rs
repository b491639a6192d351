//! Telling everybody who is here something.

use leptos::ev::SubmitEvent;
use leptos::html::Textarea;
use leptos::prelude::*;
use shared::text::TextError;
use shared::{Command, MessageText};

use super::problem::Problem;
use super::texts;
use crate::core::Store;
use crate::core::requests::NoAnswer;
use crate::i18n::{t, use_language};
use crate::ui::focus;

#[component]
pub fn Announcement() -> impl IntoView {
    let (store, language): (Store, _) = (expect_context(), use_language());
    let field = NodeRef::<Textarea>::new();
    let (wrong, problem) = (RwSignal::new(None::<TextError>), RwSignal::new(None::<NoAnswer>));
    let (busy, said) = (RwSignal::new(false), RwSignal::new(false));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(field) = field.get_untracked() else { return };
        if busy.get_untracked() {
            return;
        }
        said.set(false);
        problem.set(None);
        match MessageText::new(&field.value()) {
            Ok(content) => {
                busy.set(true);
                store.request(Command::Announce { content }, move |answer| {
                    // The section may be closed by now.
                    if busy.try_set(false).is_some() {
                        return;
                    }
                    match answer {
                        Ok(_) => said.set(true),
                        Err(why) => problem.set(Some(why)),
                    }
                });
            }
            Err(error) => {
                wrong.set(Some(error));
                focus::give(&field);
            }
        }
    };
    Effect::new(move || {
        if said.get()
            && let Some(field) = field.get_untracked()
        {
            field.set_value("");
        }
    });
    let words = move || {
        let text = match wrong.get()? {
            TextError::TooLong { .. } => &texts::TOO_LONG,
            _ => &texts::NOTHING_WRITTEN,
        };
        Some(text.of(language.get()))
    };
    let input = move |_| {
        wrong.set(None);
        said.set(false);
    };
    view! {
        <form class="admin-form admin-part" on:submit=submit>
            <label class="field">
                <span class="field-label">{t(&texts::ANNOUNCEMENT)}</span>
                <textarea rows="3" data-testid="announce-text" node_ref=field aria-describedby="announce-about announce-wrong"
                    aria-invalid=move || wrong.with(Option::is_some).to_string() on:input=input></textarea>
            </label>
            <p id="announce-about" class="hint">{t(&texts::ANNOUNCEMENT_ABOUT)}</p>
            <p id="announce-wrong" class="problem" role="alert">{words}</p>
            <Problem why=problem />
            <button type="submit" class="button admin-start" data-testid="announce-send" aria-disabled=move || busy.get().to_string()>
                {t(&texts::ANNOUNCE)}
            </button>
            <p class="hint" role="status" data-testid="announce-done">{move || said.get().then(t(&texts::ANNOUNCED))}</p>
        </form>
    }
}
