//! The actions on a message: a menu beside it, or a sheet on touch screens.

use std::sync::Arc;

use leptos::prelude::*;
use shared::Posted;

use super::texts;
use crate::browser::styles;
use crate::core::Store;
use crate::features::doors::dialogs::BLOCKING;
use crate::features::message::action::{Facts, message_actions};
use crate::features::message::actions::{Target, use_actions};
use crate::features::reactions::EMOJI_STYLES;
use crate::features::reactions::emoji_data::{EmojiData, show};
use crate::i18n::{common, t};
use crate::ui::icons::{BLOCK, SEND};
use crate::ui::later::{Later, later};
use crate::ui::layers::{Layer, use_layers};
use crate::ui::menu::{Item, Menu};
use crate::ui::popup::Popup;

/// The menu.
pub const MENU: Layer = Layer::dialog("message-menu").giving_way();

/// Number of emoji that are one tap away.
const QUICK: usize = 6;

/// The menu of the target message.
#[component]
pub fn MessageMenu() -> impl IntoView {
    let actions = use_actions();
    let anchor = Signal::derive(move || actions.target.get().and_then(|target| target.anchor));
    view! {
        <Popup layer=MENU label=&texts::MESSAGE_ACTIONS anchor>
            {move || {
                let target = actions.target.get_untracked()?;
                let posted = untrack(|| actions.posted())?;
                Some(view! { <Later code=items of=(target, posted) /> })
            }}
        </Popup>
    }
}

later! {
    /// Fetches the code of the menu.
    fn items((Target, Arc<Posted>)) in dialogs: |(target, posted)| view! { <Items target posted /> }.into_any()
}

#[component]
fn Items(target: Target, posted: Arc<Posted>) -> impl IntoView {
    let store: Store = expect_context();
    let actions = use_actions();
    let facts = Facts {
        own: untrack(|| store.me()) == Some(posted.sender_id),
        moderates: untrack(|| actions.moderates()),
        closed: untrack(|| actions.is_closed()),
        deleted: posted.deleted,
        edited: posted.edited_at.is_some(),
        pinned: posted.pinned,
    };
    let (author, writes) = (posted.sender_id, !facts.own && store.is_account_untracked());
    // Unblocking is in the dialog about the author.
    let blocks = writes && !store.is_blocked(author);
    let (layers, author_name) = (use_layers(), StoredValue::new(posted.sender.clone()));
    let block = move || {
        store.look_at(author, author_name.get_value());
        layers.open(BLOCKING);
    };
    let (room, seq) = (target.room.clone(), target.seq);
    let target = StoredValue::new(target);
    let offered = message_actions().iter().filter(move |action| (action.when)(facts));
    let items = offered.map(move |&action| {
        let run = move || (action.run)(actions, target.get_value(), facts);
        let label = (action.label)(facts);
        let name = format!("menu-{}", action.name);
        view! { <Item name label icon=action.icon danger=action.is_danger on_click=run /> }
    });
    view! {
        <Menu label=&texts::MESSAGE_ACTIONS>
            {facts.is_open().then(|| view! { <QuickReactions room seq /> })}
            {items.collect_view()}
            {writes.then(|| view! {
                <Item name="menu-write-to" label=&texts::WRITE_TO_AUTHOR icon=SEND danger=false
                    on_click=move || actions.write_to(author) />
            })}
            {blocks.then(|| view! {
                <Item name="menu-block" label=&texts::BLOCK_AUTHOR icon=BLOCK danger=true on_click=block />
            })}
        </Menu>
    }
}

/// The emoji that this user used most recently, one tap away.
#[component]
fn QuickReactions(room: shared::RoomAddress, seq: shared::Seq) -> impl IntoView {
    styles::adopt(EMOJI_STYLES);
    let actions = use_actions();
    let data: EmojiData = expect_context();
    let room = StoredValue::new(room);
    let often = untrack(|| data.often()).into_iter().take(QUICK).map(|emoji| {
        let words = show(&emoji);
        let react = move |_| {
            data.used(&emoji);
            actions.toggle(&room.get_value(), seq, emoji.clone());
            actions.dismiss();
        };
        view! {
            <button type="button" role="menuitem" tabindex="-1" class="emoji" data-testid="menu-quick" on:click=react>
                {words}
            </button>
        }
    });
    view! {
        <div class="quick-reactions" role="group" aria-label=t(&common::REACT)>
            {often.collect_view()}
        </div>
    }
}
