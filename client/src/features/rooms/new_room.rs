//! Joins a room by name; the server creates it if it does not exist.

use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use shared::limits::ROOM_NAME_CHARS;
use shared::text::TextError;
use shared::{RoomAddress, RoomName};

use super::texts;
use crate::browser::dates::format_number;
use crate::core::Store;
use crate::i18n::{common, t, use_language};
use crate::ui::layers::use_layers;

/// A text field with a button.
#[component]
pub fn NewRoom() -> impl IntoView {
    let store: Store = expect_context();
    let layers = use_layers();
    let language = use_language();
    let input = NodeRef::<Input>::new();
    let problem = RwSignal::new(None::<TextError>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(input) = input.get() else { return };
        match RoomName::new(&input.value()) {
            Ok(name) => {
                problem.set(None);
                input.set_value("");
                layers.leave_for(store, RoomAddress::from(name));
            }
            Err(TextError::Empty) => {
                // Focusing an element in the document does not fail.
                let _ = input.focus();
            }
            Err(error) => problem.set(Some(error)),
        }
    };
    let words = move || {
        let language = language.get();
        problem.get().map(|problem| match problem {
            TextError::TooLong { limit, .. } => {
                (common::NAME_TOO_LONG.of(language))(&format_number(language.format_tag(), limit as u64))
            }
            TextError::Tilde => texts::ROOM_TILDE.of(language).to_owned(),
            TextError::Dots => texts::ROOM_DOTS.of(language).to_owned(),
            TextError::Empty | TextError::Forbidden(_) => common::NAME_FORBIDDEN.of(language).to_owned(),
        })
    };
    view! {
        <form class="new-room" on:submit=submit>
            <label class="field-label" for="new-room">
                {t(&texts::NEW_ROOM)}
            </label>
            <div class="joined-inputs">
                <input
                    id="new-room"
                    type="text"
                    node_ref=input
                    data-testid="new-room-input"
                    placeholder=t(&texts::NEW_ROOM_PLACEHOLDER)
                    maxlength=(ROOM_NAME_CHARS * 4).to_string()
                    autocomplete="off"
                    aria-describedby="new-room-problem"
                    aria-invalid=move || problem.with(Option::is_some).to_string()
                    on:input=move |_| problem.set(None)
                />
                <button type="submit" class="button" data-testid="new-room-submit">
                    {t(&texts::JOIN)}
                </button>
            </div>
            <p id="new-room-problem" class="problem" role="alert">
                {words}
            </p>
        </form>
    }
}
