//! The reactions below a message, and who reacted.

use std::sync::Arc;

use leptos::prelude::*;
use shared::{Emoji, Reaction, RoomAddress, Seq};

use super::emoji_data::{EmojiData, show};
use super::emoji_picker::PICKER;
use super::reactors::LastReactors;
use super::texts;
use crate::browser::dates::format_number;
use crate::browser::events::own_element;
use crate::core::Store;
use crate::core::timeline::Row;
use crate::features::message::actions::{Target, reacted_with, use_actions};
use crate::i18n::{common, t, use_language};
use crate::ui::each::each;
use crate::ui::icons::{Icon, SMILE_PLUS};
use crate::ui::popup::Anchor;
use crate::ui::show::Show;

/// Maximum number of names listed; the rest is a count.
const NAMED: usize = 12;

/// The reactions to a message, and a button to add another one.
#[component]
pub fn Reactions(row: ReadSignal<Arc<Row>>, room: StoredValue<Option<RoomAddress>>) -> impl IntoView {
    let actions = use_actions();
    let reactions = Memo::new(move |_| row.with(|row| row.reactions.clone()));
    let any = Memo::new(move |_| reactions.with(|reactions| !reactions.is_empty()));
    let emoji =
        move || reactions.with(|reactions| reactions.iter().map(|of| of.emoji.clone()).collect::<Vec<_>>());
    let place = move || room.get_value().zip(row.with_untracked(|row| row.seq));
    let more = move |event: web_sys::MouseEvent| {
        if let Some((room, seq)) = place() {
            let anchor = own_element(&event).as_ref().map(Anchor::of);
            actions.open(PICKER, Target { room, seq, anchor });
        }
    };
    let toggle = Callback::new(move |emoji| {
        if let Some((room, seq)) = place() {
            actions.toggle(&room, seq, emoji);
        }
    });
    view! {
        <Show when=move || any.get()>
            <div class="reactions" role="group" aria-label=t(&common::REACT)>
                {each(emoji, |emoji| emoji.as_str().to_owned(), move |emoji| view! { <Chip emoji reactions place=Callback::new(move |()| place()) toggle /> })}
                <Show when=move || !actions.is_closed()>
                    <button type="button" class="reaction more" data-testid="reaction-more" aria-haspopup="dialog"
                        aria-label=t(&common::REACT) title=t(&common::REACT) on:click=more>
                        <Icon path=SMILE_PLUS />
                    </button>
                </Show>
            </div>
        </Show>
    }
}

#[component]
fn Chip(
    emoji: Emoji,
    reactions: Memo<Vec<Reaction>>,
    place: Callback<(), Option<(RoomAddress, Seq)>>,
    toggle: Callback<Emoji>,
) -> impl IntoView {
    let store: Store = expect_context();
    let data: EmojiData = expect_context();
    let reactors: LastReactors = expect_context();
    let language = use_language();
    let words = show(&emoji);
    let emoji = StoredValue::new(emoji);
    let of = Memo::new(move |_| {
        reactions.with(|reactions| {
            emoji.with_value(|emoji| reactions.iter().find(|of| of.emoji == *emoji).cloned())
        })
    });
    let own = Memo::new(move |_| {
        let reacted = |me| reactions.with(|all| emoji.with_value(|emoji| reacted_with(all, emoji, me)));
        store.me().is_some_and(reacted)
    });
    let count = Memo::new(move |_| of.with(|of| of.as_ref().map_or(0, |of| of.count)));
    let number = move |number| format_number(language.get().format_tag(), number);
    let looked_up = Memo::new(move |_| {
        let (room, seq) = place.run(())?;
        emoji.with_value(|emoji| reactors.of(&room, seq, emoji))
    });
    let names = move || {
        of.with(|of| {
            let Some(of) = of else { return String::new() };
            let listed = || of.users.iter().map(|reactor| reactor.user.as_str());
            // Ignored once the message lists everybody: the page may name users who have removed their reaction since.
            let looked_up = looked_up.get().filter(|_| (of.users.len() as u64) < of.count);
            let further = looked_up
                .iter()
                .flat_map(|page| &page.users)
                .filter(|user| of.users.iter().all(|reactor| reactor.user_id != user.user_id));
            let names: Vec<&str> =
                listed().chain(further.map(|user| user.user.as_str())).take(NAMED).collect();
            let others = of.count.saturating_sub(names.len() as u64);
            (texts::REACTORS.of(language.get()))(&names, others, &number(others))
        })
    };
    // A message with many kinds of reactions lists only a few users for each.
    let look_up = move || {
        let lacks = |of: &Reaction| of.users.len() < NAMED && (of.users.len() as u64) < of.count;
        if of.with_untracked(|of| of.as_ref().is_some_and(lacks))
            && let Some((room, seq)) = place.run(())
        {
            reactors.look_up(room, seq, emoji.get_value());
        }
    };
    let click = move |_| {
        emoji.with_value(|emoji| {
            if !own.get_untracked() {
                data.used(emoji);
            }
            toggle.run(emoji.clone());
        });
    };
    view! {
        <button type="button" class="reaction" data-testid="reaction" data-emoji=emoji.with_value(ToString::to_string)
            aria-pressed=move || own.get().to_string() on:click=click
            on:pointerenter=move |_| look_up() on:focus=move |_| look_up()>
            <span class="emoji-sign">{words}</span>
            <span class="reaction-count">{move || number(count.get())}</span>
            <span class="heard">{names}</span>
            <span class="tip" aria-hidden="true">{names}</span>
        </button>
    }
}
