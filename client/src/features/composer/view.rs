//! The text box for new messages.

#![allow(clippy::too_many_lines, reason = "one box, and everything that its keys do")]

use leptos::html::Textarea;
use leptos::prelude::*;
use shared::{MessageText, RoomAddress, Seq};
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

use super::aid::{Aid, Helped, LIST};
use super::formatting;
use super::notes::{Notes, Size};
use super::preview;
use super::reply_bar::reply_bar;
use super::texts;
use crate::browser::screen;
use crate::core::room::doors::Barrier;
use crate::core::typing::OwnTyping;
use crate::core::{Store, now};
use crate::features::commands::Written;
use crate::features::message::actions::use_actions;
use crate::i18n::{t, use_language};
use crate::ui::barrier;
use crate::ui::clock::use_moment;
use crate::ui::composing::composing;
use crate::ui::icons::{EYE, Icon, SEND};
use crate::ui::later::Later;
use crate::ui::room_name::room_name;
use crate::ui::show::Show;
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
    let composes = StoredValue::new(false);
    let aid = Aid::new(store, composes);
    let blocked = Memo::new(move |_| name.with_value(|name| store.barrier(name, moment.now.get())));
    let archived = move || blocked.with(|barrier| *barrier == Some(Barrier::Archived));
    let commands = RwSignal::new(Written::is_command(&draft));
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
    // Whoever goes up right after sending means what is on its way, and not the message before it.
    let edits_next = RwSignal::new(false);
    Effect::new(move || {
        if edits_next.get()
            && name.with_value(|room| {
                store.outbox.with(|outbox| !outbox.is_sending(room)) && actions.edit_last(room)
            })
        {
            edits_next.set(false);
        }
    });
    let changed = move || {
        edits_next.set(false);
        let Some(input) = input.get_untracked() else { return };
        if !composes.get_value() {
            aid.look(&input);
        }
        let text = text_box::text(&input);
        size.set(Size::of_box(text.as_deref()));
        commands.set(text.as_deref().is_some_and(Written::is_command));
        text_box::fit(&input);
        show_preview(&input);
        let says_nothing = size.get_untracked().is_blank()
            || commands.get_untracked()
            || blocked.with_untracked(Option::is_some);
        typing.tell(|own| own.changed(says_nothing, now()));
        written.set_value(true);
        keeping.soon();
    };
    let fits = move || {
        let is_free = commands.get() || blocked.with(Option::is_none);
        is_free && store.limits.with(|limits| size.get().fits(limits))
    };
    let clear = move || {
        let Some(input) = input.get_untracked() else { return };
        input.set_value("");
        aid.close();
        size.set(Size::of(""));
        commands.set(false);
        text_box::fit(&input);
        show_preview(&input);
        written.set_value(true);
        keeping.now();
        typing.tell(OwnTyping::stopped);
    };
    let send = move || {
        let Some(input) = input.get_untracked() else { return };
        if !untrack(fits) {
            return;
        }
        let typed = input.value();
        let Written::Text(text) = Written::read(&typed) else { return aid.run() };
        let Ok(text) = MessageText::new(text.trim_end()) else { return };
        clear();
        store.post(name.get_value(), text);
        // Focusing an element in the document does not fail.
        let _ = input.focus();
    };
    let key = move |event: KeyboardEvent| {
        let Some(input) = input.get_untracked().filter(|_| !composing(&event)) else { return };
        if aid.key(&event) {
            return;
        }
        let plain = !(event.shift_key() || event.ctrl_key() || event.alt_key() || event.meta_key());
        let used = match event.key().as_str() {
            _ if formatting::pressed(&event, &input) => true,
            _ if send_key::sends(&event) => {
                send();
                true
            }
            "ArrowUp" if plain && input.text_length() == 0 => name.with_value(|room| {
                let is_sending = store.outbox.with_untracked(|outbox| outbox.is_sending(room));
                edits_next.set(is_sending);
                is_sending || actions.edit_last(room)
            }),
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
            aid.look(&input);
        }
    };
    // The browser also fires these two events while it removes the box; the state they read is disposed by then.
    let composition = move |begins: bool| {
        if composes.is_disposed() {
            return;
        }
        composes.set_value(begins);
        if begins {
            aid.close();
        } else {
            look();
        }
    };
    let left = move |_| {
        if !composes.is_disposed() {
            aid.close();
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

    let said = Signal::derive(move || {
        blocked.with(|why| why.as_ref().map(|why| barrier::words(language.get(), why)))
    });
    let told = move || blocked.with(|why| why.as_ref().and_then(|why| barrier::told(language.get(), why)));
    let (changed_by_aid, cleared) = (Callback::new(move |()| changed()), Callback::new(move |()| clear()));
    let helped = Helped { room: name, input, changed: changed_by_aid, clear: cleared, aid };
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
            <div class="heard" role="status">{told}</div>
            {aid.view(helped)}
            <Show when=move || previews.get()>
                <Later code=preview::preview of=preview />
            </Show>
            <Show when=move || name.with_value(|room| store.reply_to(room).is_some())>
                <Later code=reply_bar of=name />
            </Show>
            <Show when=archived>
                <p class="composer-closed" data-testid="composer-closed">{said}</p>
            </Show>
            <div class="composer-box" hidden=archived>
                <textarea
                    id="composer"
                    rows="1"
                    data-testid="composer"
                    node_ref=input
                    prop:value=draft
                    aria-label=label
                    placeholder=label
                    aria-describedby="reply-words composer-notes"
                    aria-haspopup=move || aid.active().map(|_| "listbox")
                    aria-controls=move || aid.active().map(|_| LIST)
                    aria-activedescendant=move || aid.active()
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
            <Notes size said />
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
