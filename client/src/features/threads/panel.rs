//! A message and the replies to it.

use leptos::prelude::*;
use shared::{RoomAddress, Seq};

use super::texts;
use crate::browser::styles;
use crate::core::Store;
use crate::core::changes::Quoted;
use crate::features::message::action::MessageAction;
use crate::features::message::actions::use_actions;
use crate::features::message::card::MessageCard;
use crate::features::message::listing::Listed;
use crate::features::message::listing_state::ListingState;
use crate::features::message::listing_view::ListingView;
use crate::i18n::{common, t};
use crate::ui::icons::{Icon, REPLY, THREAD};
use crate::ui::later::{Later, later};
use crate::ui::pane::Panel;
use crate::ui::show::Show;

/// Showing the replies.
pub const SHOW_REPLIES: MessageAction = MessageAction::new(
    "replies",
    |_| &texts::SHOW_REPLIES,
    THREAD,
    |actions, target, _| {
        actions.pane.show(PANEL.about(target.seq));
    },
);

/// The replies to a message of the room.
pub const PANEL: Panel = Panel::new("replies", &texts::REPLIES, |of| {
    let message = of.room.zip(of.seq)?;
    Some(view! { <Later code=replies of=message class="panel-scroll" /> }.into_any())
});

later! {
    /// Fetches the code of the replies.
    pub fn replies((RoomAddress, Seq)) in panels: |(room, target)| view! { <Replies room target /> }.into_any()
}

/// The message and its replies.
#[component]
fn Replies(room: RoomAddress, target: Seq) -> impl IntoView {
    styles::adopt(include_str!("styles.css"));
    let store: Store = expect_context();
    let actions = use_actions();
    store.fetch(&room, [target]);
    let listing = ListingState::new(store, room.clone(), Listed::Replies(target));
    let room = StoredValue::new(room);
    let root = Memo::new(move |_| store.quoted(&room.get_value(), target));
    let root = move || match root.get() {
        Quoted::Known(posted) => {
            Some(view! { <ul class="cards root"><MessageCard posted /></ul> }.into_any())
        }
        Quoted::Missing => Some(view! { <p class="hint">{t(&common::QUOTE_MISSING)}</p> }.into_any()),
        Quoted::Loading => None,
    };
    let deleted =
        move || !matches!(store.quoted(&room.get_value(), target), Quoted::Known(posted) if !posted.deleted);
    view! {
        <div class="replies-root">
            {root}
            <Show when=move || !deleted() && !actions.is_closed()>
                <button type="button" class="button" data-testid="replies-reply"
                    on:click=move |_| actions.reply(&room.get_value(), target)>
                    <Icon path=REPLY />
                    {t(&common::REPLY)}
                </button>
            </Show>
        </div>
        <ListingView listing newest_first=false empty=&texts::NO_REPLIES />
    }
}
