//! A message and the replies to it.

use leptos::prelude::*;
use shared::{RoomAddress, Seq};

use super::actions::use_actions;
use super::details::Panel;
use super::icons::{Icon, REPLY, THREAD};
use super::listing::ListingView;
use super::message_action::MessageAction;
use super::message_card::MessageCard;
use super::show::Show;
use crate::i18n::t;
use crate::state::Store;
use crate::state::changes::Quoted;

/// Showing the replies.
pub const SHOW_REPLIES: MessageAction = MessageAction::new(
    "replies",
    |texts, _| texts.show_replies,
    THREAD,
    |actions, target| {
        actions.details.show(PANEL.about(target.seq));
    },
);

/// The replies to a message of the room.
pub const PANEL: Panel = Panel::new(
    "replies",
    |texts| texts.replies,
    |of| {
        let (room, target) = of.room.zip(of.seq)?;
        Some(view! { <Replies room target /> }.into_any())
    },
);

/// The message and its replies.
#[component]
pub fn Replies(room: RoomAddress, target: Seq) -> impl IntoView {
    let store: Store = expect_context();
    let actions = use_actions();
    store.list_replies(room.clone(), target);
    on_cleanup(move || store.replies().set(None));
    let room = StoredValue::new(room);
    let root = Memo::new(move |_| store.quoted(&room.get_value(), target));
    let root = move || match root.get() {
        Quoted::Known(posted) => {
            Some(view! { <ul class="cards root"><MessageCard posted /></ul> }.into_any())
        }
        Quoted::Missing => Some(view! { <p class="hint">{t(|t| t.quote_missing)}</p> }.into_any()),
        Quoted::Loading => None,
    };
    let deleted =
        move || !matches!(store.quoted(&room.get_value(), target), Quoted::Known(posted) if !posted.deleted);
    view! {
        <div class="replies-root">
            {root}
            <Show when=move || !deleted()>
                <button type="button" class="button" data-testid="replies-reply"
                    on:click=move |_| actions.reply(&room.get_value(), target)>
                    <Icon path=REPLY />
                    {t(|t| t.reply)}
                </button>
            </Show>
        </div>
        <ListingView listing=store.replies() newest_first=false empty=|t| t.no_replies
            again=move || store.list_replies(room.get_value(), target) more=move || store.list_more(store.replies()) />
    }
}
