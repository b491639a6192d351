//! The actions on a message: a menu beside it, or a sheet on touch screens.

use std::sync::Arc;

use leptos::prelude::*;
use shared::Posted;

use super::actions::{Target, use_actions};
use super::emoji_data::{EmojiData, show};
use super::icons::{COPY, HISTORY, LINK, PENCIL, PIN, REPLY, SMILE, THREAD, TRASH, UNREAD};
use super::layers::Layer;
use super::menu_items::{Item, Menu};
use super::popup::Popup;
use super::show::Show;
use crate::i18n::t;
use crate::state::Store;

/// Number of emoji that are one tap away.
const QUICK: usize = 6;

/// The menu of the target message.
#[component]
pub fn MessageMenu() -> impl IntoView {
    let actions = use_actions();
    let anchor = Signal::derive(move || actions.target.get().and_then(|target| target.anchor));
    view! {
        <Popup layer=Layer::Menu name="message-menu" label=|t| t.message_actions anchor>
            {move || {
                let target = actions.target.get_untracked()?;
                let posted = untrack(|| actions.posted())?;
                Some(view! { <Items target posted /> })
            }}
        </Popup>
    }
}

#[component]
fn Items(target: Target, posted: Arc<Posted>) -> impl IntoView {
    let store: Store = expect_context();
    let actions = use_actions();
    let own = untrack(|| store.me()) == Some(posted.sender_id);
    let there = !posted.deleted;
    let pinned = posted.pinned;
    let edited = posted.edited_at.is_some();
    let Target { room, seq, .. } = target;
    let room = StoredValue::new(room);
    let posted = StoredValue::new(posted);
    view! {
        <Menu label=|t| t.message_actions>
            <Show when=move || there>
                <QuickReactions room=room.get_value() seq />
                <Item name="menu-react" label=|t| t.react path=SMILE
                    on_click=move || actions.go_on(Layer::Emoji) />
                <Item name="menu-reply" label=|t| t.reply path=REPLY
                    on_click=move || actions.reply(&room.get_value(), seq) />
                <Show when=move || own>
                    <Item name="menu-edit" label=|t| t.edit path=PENCIL
                        on_click=move || actions.edit(&room.get_value(), seq) />
                </Show>
            </Show>
            <Item name="menu-replies" label=|t| t.show_replies path=THREAD
                on_click=move || actions.show_replies(seq) />
            <Item name="menu-copy-link" label=|t| t.copy_link path=LINK
                on_click=move || actions.copy_link(&room.get_value(), seq) />
            <Show when=move || there>
                <Item name="menu-copy-text" label=|t| t.copy_text path=COPY
                    on_click=move || actions.copy_text(&posted.get_value()) />
                <Item name="menu-pin" label=if pinned { |t| t.unpin } else { |t| t.pin } path=PIN
                    on_click=move || {
                        store.pin(&room.get_value(), seq, !pinned);
                        actions.dismiss();
                    } />
            </Show>
            <Item name="menu-unread" label=|t| t.mark_unread path=UNREAD
                on_click=move || {
                    store.mark_unread(&room.get_value(), seq);
                    actions.dismiss();
                } />
            <Show when=move || edited>
                <Item name="menu-versions" label=|t| t.edit_history path=HISTORY
                    on_click=move || actions.go_on(Layer::Versions) />
            </Show>
            <Show when=move || own && there>
                <Item name="menu-delete" label=|t| t.delete path=TRASH danger=true
                    on_click=move || actions.go_on(Layer::Delete) />
            </Show>
        </Menu>
    }
}

/// The emoji that this user used most recently, one tap away.
#[component]
fn QuickReactions(room: shared::RoomAddress, seq: shared::Seq) -> impl IntoView {
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
        <div class="quick-reactions" role="group" aria-label=t(|t| t.react)>
            {often.collect_view()}
        </div>
    }
}
