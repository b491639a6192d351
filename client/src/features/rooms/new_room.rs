//! The dialog for a new room. A public one is joined by name; the server creates it if it does not exist.

use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use shared::limits::ROOM_NAME_CHARS;
use shared::text::TextError;
use shared::{RoomAddress, RoomName};

use super::texts;
use crate::browser::dates::format_number;
use crate::browser::styles;
use crate::core::Store;
use crate::features::doors::dialogs::NEW_PRIVATE_ROOM;
use crate::i18n::{common, t, use_language};
use crate::ui::icons::{CLOSE, Icon, LOCK};
use crate::ui::later::later;
use crate::ui::later_popup::LaterDialog;
use crate::ui::layers::{Layer, use_layers};
use crate::ui::show::Show;

/// Joining a room by name, or creating one.
pub const NEW_ROOM: Layer = Layer::page("new-room").giving_way();

/// The dialog.
pub const DIALOG: LaterDialog = LaterDialog::new(NEW_ROOM, &texts::NEW_ROOM, form);

later! {
    /// Fetches the code of the form.
    fn form(()) in dialogs: |()| view! { <NewRoom /> }.into_any()
}

#[component]
fn NewRoom() -> impl IntoView {
    styles::adopt(include_str!("new_room.css"));
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
        <div class="pane-head">
            <h2 class="pane-title">{t(&texts::NEW_ROOM)}</h2>
            <button type="button" class="icon-button" data-testid="new-room-close" aria-label=t(&common::CLOSE)
                on:click=move |_| layers.close()>
                <Icon path=CLOSE />
            </button>
        </div>
        <form class="field" on:submit=submit>
            <label class="field-label" for="new-room">
                {t(&texts::NEW_ROOM_PLACEHOLDER)}
            </label>
            <div class="joined-inputs">
                <input
                    id="new-room"
                    type="text"
                    node_ref=input
                    data-testid="new-room-input"
                    autofocus
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
            <p class="hint">{t(&texts::PUBLIC)}</p>
        </form>
        <Show when=move || store.is_account()>
            <div class="private">
                <button type="button" class="button" data-testid="new-private-open" aria-haspopup="dialog"
                    on:click=move |_| layers.open(NEW_PRIVATE_ROOM)>
                    <Icon path=LOCK />
                    {t(&common::NEW_PRIVATE_ROOM)}
                </button>
                <p class="hint">{t(&texts::PRIVATE)}</p>
            </div>
        </Show>
    }
}
