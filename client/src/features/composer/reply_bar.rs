//! The message that the composer replies to.

use leptos::prelude::*;
use shared::RoomAddress;

use super::texts;
use crate::browser::styles;
use crate::core::Store;
use crate::core::changes::Quoted;
use crate::features::message::action::{Facts, MessageAction};
use crate::features::message::quote::first_line;
use crate::i18n::{common, t, use_language};
use crate::ui::focus;
use crate::ui::icons::{CLOSE, Icon, REPLY};
use crate::ui::later::later;
use crate::ui::show::Show;

/// Making the next message a reply.
pub const REPLY_TO: MessageAction = MessageAction::new(
    "reply",
    |_| &common::REPLY,
    REPLY,
    |actions, target, _| actions.reply(&target.room, target.seq),
)
.when(Facts::is_open)
.as_tool();

later! {
    /// Fetches the code of the line.
    pub fn reply_bar(StoredValue<RoomAddress>) in writing: |room| view! { <ReplyBar room /> }.into_any()
}

#[component]
fn ReplyBar(room: StoredValue<RoomAddress>) -> impl IntoView {
    styles::adopt(include_str!("reply_bar.css"));
    let store: Store = expect_context();
    let language = use_language();
    let target = Memo::new(move |_| room.with_value(|room| store.reply_to(room)));
    let quoted = Memo::new(move |_| {
        let seq = target.get()?;
        Some(room.with_value(|room| store.quoted(room, seq)))
    });
    Effect::new(move || {
        // After a reload the message may be outside the window.
        if let Some(seq) = target.get() {
            room.with_value(|room| store.fetch(room, [seq]));
        }
    });
    let words = move || match quoted.get()? {
        Quoted::Known(posted) => {
            let text = posted.content.as_ref().map(|content| first_line(content.as_str(), language.get()));
            Some(((texts::REPLYING_TO.of(language.get()))(posted.sender.as_str()), text.unwrap_or_default()))
        }
        Quoted::Missing => Some((common::QUOTE_MISSING.of(language.get()).to_owned(), String::new())),
        Quoted::Loading => None,
    };
    let cancel = move |_| {
        room.with_value(|room| store.set_reply(room, None));
        focus::on("#composer");
    };
    view! {
        <Show when=move || target.get().is_some()>
            <div class="reply-bar" data-testid="reply-bar">
                <Icon path=REPLY />
                <p id="reply-words" class="reply-words">
                    <strong>{move || words().map(|(whom, _)| whom)}</strong>
                    <span dir="auto">{move || words().map(|(_, text)| text)}</span>
                </p>
                <button type="button" class="icon-button" data-testid="reply-cancel" aria-label=t(&texts::CANCEL_REPLY)
                    title=t(&texts::CANCEL_REPLY) on:click=cancel>
                    <Icon path=CLOSE />
                </button>
            </div>
        </Show>
    }
}
