//! The text box for new messages.

#![allow(clippy::too_many_lines, reason = "one box, and everything that its keys do")]

use leptos::html::Textarea;
use leptos::prelude::*;
use shared::{MessageText, RoomAddress, Seq};
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

use super::completion::Completion;
use super::completion::view::{LIST, Proposals};
use super::formatting;

use super::notes::{Notes, Size};
use super::preview::Preview;
use super::reply_bar::ReplyBar;
use super::texts;
use crate::browser::screen;
use crate::core::typing::OwnTyping;
use crate::core::{Store, now};
use crate::features::message::actions::use_actions;
use crate::i18n::{t, use_language};
use crate::ui::clock::use_moment;
use crate::ui::composing::composing;
use crate::ui::icons::{EYE, Icon, SEND};
use crate::ui::room_name::room_name;
use crate::ui::text_keeping::{Keeping, restore, selected};
use crate::ui::{send_key, text_box};

/// The text box and its send button. The browser owns the value: it is set only when a room opens and after sending,
/// never while an input method composes.
#[component]
pub fn Composer(room: RoomAddress) -> impl IntoView {
    let store: Store = expect_context();
    let actions = use_actions();
    let language = use_language();
    let moment = use_moment();
    let input = NodeRef::<Textarea>::new();
    let name = StoredValue::new(room);
    let draft = store.drafts.with_untracked(|drafts| name.with_value(|name| drafts.get(name).cloned()));
    let draft = draft.unwrap_or_default();
    let size = RwSignal::new(Size::of_draft(&draft));
    let typing = Typing { store, name, own: StoredValue::new(OwnTyping::default()) };
    let kept = draft.clone();
    let caret = store.edits().with_untracked(|edits| name.with_value(|name| edits.written(name, Seq::ZERO)));
    let written = StoredValue::new(false);
    let keeping = Keeping::new(input, move |input| {
        if let Some(name) = name.try_get_value() {
            store.edits().update(|edits| edits.select(name.clone(), selected(input)));
            // Not written back if unchanged: the draft may have been dropped elsewhere, e.g. by leaving the room.
            if written.try_update_value(std::mem::take) == Some(true) {
                let text = input.value();
                store.drafts.update(|drafts| {
                    if text.is_empty() {
                        drafts.remove(&name);
                    } else {
                        drafts.insert(name, text);
                    }
                });
            }
        }
    });
    let completion = Completion::new(store, name);
    let composes = StoredValue::new(false);
    let previews = RwSignal::new(false);
    let preview = RwSignal::new(None::<String>);
    let show_preview = move |input: &HtmlTextAreaElement| {
        if previews.get_untracked() || preview.with_untracked(Option::is_some) {
            preview.set(previews.get_untracked().then(|| text_box::text(input)).flatten());
        }
    };
    let toggle_preview = move |_| {
        previews.update(|previews| *previews = !*previews);
        if let Some(input) = input.get_untracked() {
            show_preview(&input);
            if !screen::is_touch() {
                // Focusing an element in the document does not fail.
                let _ = input.focus();
            }
        }
    };
    let changed = move || {
        let Some(input) = input.get_untracked() else { return };
        if !composes.get_value() {
            completion.look(&input);
        }
        size.set(Size::of_box(text_box::text(&input).as_deref()));
        text_box::fit(&input);
        show_preview(&input);
        typing.tell(|own| own.changed(size.get_untracked().is_blank(), now()));
        written.set_value(true);
        keeping.soon();
    };
    let fits = move || store.limits.with(|limits| size.get().fits(limits));
    let send = move || {
        let Some(input) = input.get_untracked() else { return };
        if !untrack(fits) {
            return;
        }
        let Ok(text) = MessageText::new(input.value().trim_end()) else { return };
        input.set_value("");
        completion.close();
        size.set(Size::of(""));
        text_box::fit(&input);
        show_preview(&input);
        written.set_value(true);
        keeping.now();
        typing.tell(OwnTyping::stopped);
        store.post(name.get_value(), text);
        // Focusing an element in the document does not fail.
        let _ = input.focus();
    };
    let key = move |event: KeyboardEvent| {
        let Some(input) = input.get_untracked().filter(|_| !composing(&event)) else { return };
        let before = untrack(|| completion.is_open()).then(|| input.value());
        if completion.key(&event, &input) {
            if before.is_some_and(|before| input.value() != before) {
                changed();
            }
            return;
        }
        let plain = !(event.shift_key() || event.ctrl_key() || event.alt_key() || event.meta_key());
        let used = match event.key().as_str() {
            _ if formatting::pressed(&event, &input) => true,
            _ if send_key::sends(&event) => {
                send();
                true
            }
            "ArrowUp" if plain && input.text_length() == 0 => name.with_value(|room| actions.edit_last(room)),
            "Escape" => name.with_value(|room| {
                let replies = untrack(|| store.reply_to(room)).is_some();
                if replies {
                    store.set_reply(room, None);
                }
                replies
            }),
            _ => false,
        };
        if used {
            event.prevent_default();
        }
    };
    let look = move || {
        if let Some(input) = input.get_untracked() {
            completion.look(&input);
        }
    };
    // The browser also fires these two events while it removes the box; the state they read is disposed by then.
    let composition = move |begins: bool| {
        if composes.is_disposed() {
            return;
        }
        composes.set_value(begins);
        if begins {
            completion.close();
        } else {
            look();
        }
    };
    let left = move |_| {
        if !composes.is_disposed() {
            completion.close();
            keeping.now();
            typing.tell(OwnTyping::stopped);
        }
    };
    Effect::new(move || {
        let now = moment.now.get();
        typing.tell(|own| own.tick(now));
    });
    Effect::new(move || {
        if let Some(input) = input.get() {
            if let Some((_, caret)) = caret {
                restore(&input, &kept, caret);
            }
            text_box::fit(&input);
            // On touch screens, focusing would open the keyboard unasked.
            if !screen::is_touch() {
                let _ = input.focus();
            }
        }
    });
    text_box::follow_width(input);
    on_cleanup(move || typing.tell(OwnTyping::stopped));

    let label = move || {
        let language = language.get();
        (texts::WRITE_TO.of(language))(&name.with_value(|name| room_name(store, name, language)))
    };
    view! {
        <form
            class="composer"
            on:submit=move |event| {
                event.prevent_default();
                send();
            }
        >
            <Proposals list=completion taken=changed input />
            <Preview text=preview />
            <ReplyBar room=name />
            <div class="composer-box">
                <textarea
                    id="composer"
                    rows="1"
                    data-testid="composer"
                    node_ref=input
                    prop:value=draft
                    aria-label=label
                    placeholder=label
                    aria-describedby="reply-words composer-notes"
                    aria-haspopup=move || completion.is_open().then_some("listbox")
                    aria-controls=move || completion.is_open().then_some(LIST)
                    aria-activedescendant=move || completion.active()
                    aria-autocomplete="list"
                    aria-invalid=move || store.limits.with(|limits| size.get().is_too_long(limits)).to_string()
                    enterkeyhint=if screen::is_touch() { "enter" } else { "send" }
                    on:input=move |_| changed()
                    on:keydown=key
                    on:keyup=move |event| {
                        if matches!(event.key().as_str(), "ArrowLeft" | "ArrowRight" | "Home" | "End") && !composing(&event) {
                            look();
                        }
                    }
                    on:click=move |_| look()
                    on:compositionstart=move |_| composition(true)
                    on:compositionend=move |_| composition(false)
                    on:blur=left
                ></textarea>
                <button type="button" class="icon-button" data-testid="preview" aria-label=t(&texts::PREVIEW) title=t(&texts::PREVIEW)
                    aria-pressed=move || previews.get().to_string() on:click=toggle_preview>
                    <Icon path=EYE />
                </button>
                <button type="submit" class="send" data-testid="send" aria-label=t(&texts::SEND)
                    title=t(&texts::SEND) disabled=move || !fits()>
                    <Icon path=SEND />
                </button>
            </div>
            <Notes size />
        </form>
    }
}

/// Sends typing notifications.
#[derive(Clone, Copy)]
struct Typing {
    store: Store,
    name: StoredValue<RoomAddress>,
    own: StoredValue<OwnTyping>,
}

impl Typing {
    fn tell(self, change: impl FnOnce(&mut OwnTyping) -> Option<bool>) {
        if let Some(is_typing) = self.own.try_update_value(change).flatten()
            && let Some(room) = self.name.try_get_value()
        {
            self.store.typing(room, is_typing);
        }
    }
}
