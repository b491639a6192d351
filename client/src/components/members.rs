//! The people of the open room.

use leptos::prelude::*;
use shared::{Member, RoomAddress};

use super::avatar::Avatar;
use super::icons::{CLOSE, Icon};
use super::layers::{Layer, use_layers};
use super::presence::{self, Dot};
use crate::browser::dates::format_number;
use crate::i18n::{t, use_language};
use crate::state::Store;
use shared::PresenceStatus;

/// Whether the pane is shown where it has a place of its own, as a context.
#[derive(Clone, Copy)]
pub struct MembersShown(pub RwSignal<bool>);

/// The pane of members.
#[component]
pub fn MembersPane() -> impl IntoView {
    let layers = use_layers();
    let store: Store = expect_context();
    let MembersShown(shown) = expect_context();
    let close = move |_| {
        if layers.is(Layer::Members) {
            layers.close();
        } else {
            shown.set(false);
        }
    };
    view! {
        <aside
            id="members"
            class="members-pane"
            class:open=move || layers.is(Layer::Members)
            class:folded=move || !shown.get()
            aria-label=t(|t| t.members)
        >
            <div class="pane-head">
                <h2 class="pane-title">{t(|t| t.members)} <span class="count">{count(store)}</span></h2>
                <button type="button" class="icon-button" aria-label=t(|t| t.close) on:click=close>
                    <Icon path=CLOSE />
                </button>
            </div>
            {move || store.open.get().map(|room| view! { <MemberList room /> })}
        </aside>
    }
}

fn count(store: Store) -> impl Fn() -> Option<String> {
    let language = use_language();
    move || {
        let room = store.open.get().and_then(|room| store.room(&room))?;
        let count = room.with(|room| room.members.count());
        Some(format_number(language.get().format_tag(), count))
    }
}

#[component]
fn MemberList(room: RoomAddress) -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    let name = StoredValue::new(room);
    let state = Memo::new(move |_| name.with_value(|name| store.room(name)));
    let members = Memo::new(move |_| {
        let mut members = state.get().map(|room| room.with(|room| room.members.sorted())).unwrap_or_default();
        // The server tells the others of one's own presence, not oneself.
        let own = store.own_status();
        if let Some(me) = members.iter_mut().find(|member| Some(member.user_id) == store.me()) {
            me.status = own;
        }
        members
    });
    let unknown = Memo::new(move |_| state.get().map_or(0, |room| room.with(|room| room.members.unknown())));
    let more = move || {
        let language = language.get();
        (language.texts().more_members)(&format_number(language.format_tag(), unknown.get()))
    };
    view! {
        <ul class="members" data-testid="member-list" tabindex="0" aria-label=t(|t| t.members)>
            <For
                each=move || members.get()
                // A status or name that changes is a new entry, in its new place.
                key=|member| (member.user_id, member.status, member.username.clone())
                children=|member| view! { <MemberItem member /> }
            />
        </ul>
        <Show when=move || { unknown.get() > 0 }>
            <button type="button" class="button quiet" on:click=move |_| name.with_value(|name| store.ask_members(name))>
                {more}
            </button>
        </Show>
    }
}

#[component]
fn MemberItem(member: Member) -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    let Member { user_id, username, status } = member;
    let you = move || (store.me() == Some(user_id)).then(|| language.get().texts().you);
    view! {
        <li class="member" class:absent=status == PresenceStatus::Offline data-testid="member-item"
            data-status=presence::name(status)>
            <Avatar id=Some(user_id) name=username.clone() />
            <span class="member-words">
                <span class="member-name" dir="auto">
                    {username.to_string()}
                </span>
                <span class="member-status">
                    <Dot status />
                    {move || presence::words(language.get().texts(), status)}
                    <Show when=move || you().is_some()>
                        <span class="you">{you}</span>
                    </Show>
                </span>
            </span>
        </li>
    }
}
