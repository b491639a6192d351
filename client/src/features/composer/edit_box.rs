//! The box in which an author edits a message.

use leptos::html::Textarea;
use leptos::prelude::*;
use shared::{MessageText, RoomAddress, Seq};
use web_sys::KeyboardEvent;

use super::formatting;
use super::notes::{Size, too_long};
use super::texts;
use crate::browser::{screen, styles};
use crate::core::Store;
use crate::features::message::action::MessageAction;
use crate::features::message::actions::use_actions;
use crate::i18n::{common, t, use_language};
use crate::ui::composing::composing;
use crate::ui::icons::PENCIL;
use crate::ui::later::later;
use crate::ui::layers::use_layers;
use crate::ui::text_keeping::{AT_END, Keeping, restore, selected};
use crate::ui::{send_key, text_box};

/// Editing one's own message.
pub const EDIT: MessageAction = MessageAction::new(
    "edit",
    |_| &texts::EDIT,
    PENCIL,
    |actions, target, _| actions.edit(&target.room, target.seq),
)
.when(|facts| facts.own && facts.is_open())
.as_tool();

later! {
    /// Fetches the code of the box for a text in a room.
    pub fn edit_box((RoomAddress, Seq, String)) in writing: |(room, seq, text)| view! { <EditBox room seq text /> }.into_any()
}

/// The box with its buttons. As in the composer, the browser owns the value.
#[component]
fn EditBox(
    room: RoomAddress,
    seq: Seq,
    /// The current text.
    text: String,
) -> impl IntoView {
    styles::adopt(include_str!("edit_box.css"));
    let store: Store = expect_context();
    let actions = use_actions();
    let language = use_language();
    let input = NodeRef::<Textarea>::new();
    let room = StoredValue::new(room);
    let original = text.clone();
    let written = store.edits().with_untracked(|edits| room.with_value(|room| edits.written(room, seq)));
    let (text, selection) = written.map_or((text, None), |(text, selected)| (text, Some(selected)));
    let fresh =
        store.edits().try_update_untracked(|edits| room.with_value(|room| edits.take_fresh(room, seq)));
    let keeping = Keeping::new(input, move |input| {
        let written =
            Some(input.value()).filter(|text| *text != original).map(|text| (text, selected(input)));
        if let Some(room) = room.try_get_value() {
            store.edits().update(|edits| edits.write(&room, seq, written));
        }
    });
    let kept = text.clone();
    let size = RwSignal::new(Size::of_draft(&text));
    let fits = move || store.limits.with(|limits| size.get().fits(limits));
    let save = move || {
        let Some(input) = input.get_untracked() else { return };
        if let (true, Ok(text)) = (untrack(fits), MessageText::new(input.value().trim_end())) {
            room.with_value(|room| {
                store.edit(room, seq, text);
                actions.edited(room, seq);
            });
        }
    };
    let cancel = move || room.with_value(|room| actions.edited(room, seq));
    let key = move |event: KeyboardEvent| {
        let Some(input) = input.get_untracked().filter(|_| !composing(&event)) else { return };
        match event.key().as_str() {
            _ if formatting::pressed(&event, &input) => {}
            _ if send_key::sends(&event) => save(),
            "Escape" => cancel(),
            _ => return,
        }
        event.prevent_default();
    };
    let changed = move |_| {
        if let Some(input) = input.get_untracked() {
            size.set(Size::of_box(text_box::text(&input).as_deref()));
            text_box::fit(&input);
            keeping.soon();
        }
    };
    Effect::new(move || {
        if let Some(input) = input.get() {
            if let Some(selection) = selection {
                restore(&input, &kept, selection);
            }
            // A box that is shown again, e.g. after switching rooms, does not take focus.
            if fresh == Some(true) {
                // Focusing an element in the document does not fail.
                let _ = input.focus();
                restore(&input, &kept, AT_END);
            }
            text_box::fit(&input);
        }
    });
    text_box::follow_width(input);
    let problem = move || store.limits.with(|limits| too_long(language.get(), limits, size.get()));
    view! {
        <form
            class="edit-box"
            class:last=move || store.edits().with(|edits| room.with_value(|room| edits.is_last(room, seq)))
            data-testid="edit-box"
            on:submit=move |event| {
                event.prevent_default();
                save();
            }
        >
            <textarea
                rows="1"
                data-testid="edit-input"
                node_ref=input
                prop:value=text
                aria-label=t(&texts::EDIT_BOX)
                aria-invalid=move || store.limits.with(|limits| size.get().is_too_long(limits)).to_string()
                on:input=changed
                on:keydown=key
                on:blur=move |_| keeping.now()
            ></textarea>
            <div class="edit-foot">
                <button type="submit" class="button primary" data-testid="edit-save" disabled=move || !fits()>
                    {t(&texts::SAVE)}
                </button>
                <button type="button" class="button" data-testid="edit-cancel" on:click=move |_| cancel()>
                    {t(&common::CANCEL)}
                </button>
                <span class="hint edit-hint"><EditHint /></span>
                <span class="problem" role="alert">{problem}</span>
            </div>
        </form>
    }
}

#[component]
fn EditHint() -> impl IntoView {
    let language = use_language();
    let layers = use_layers();
    move || {
        // The settings are a dialog, and what they say of the key is no signal.
        let _ = layers.has_dialog();
        if send_key::needs_command() {
            return (texts::EDIT_HINT_COMMAND.of(language.get()))(screen::command_key());
        }
        texts::EDIT_HINT.of(language.get()).to_owned()
    }
}
