//! The members of the open room.

use leptos::prelude::*;
use shared::{Member, PresenceStatus, RoomAddress, RoomRole};

use super::texts;
use crate::browser::dates::format_number;
use crate::browser::events::own_element;
use crate::core::Store;
use crate::features::message::actions::use_actions;
use crate::i18n::{t, use_language};
use crate::ui::avatar::avatar;
use crate::ui::clock::use_moment;
use crate::ui::each::each;
use crate::ui::icons::PEOPLE;
use crate::ui::pane::{Panel, PanelButton};
use crate::ui::popup::Anchor;
use crate::ui::presence::{self, Dot};
use crate::ui::show::Show;
use crate::ui::status::status_sign;

/// The members of the room.
pub const PANEL: Panel =
    Panel::new("members", &texts::MEMBERS, |of| of.room.map(|room| view! { <MemberList room /> }.into_any()))
        .with_beside(|| Some(view! { <MemberCount /> }.into_any()));

pub const BUTTON: PanelButton = PanelButton {
    panel: PANEL,
    name: "members-open",
    label: &texts::OPEN_MEMBERS,
    icon: PEOPLE,
    class: "",
    toggles: true,
};

/// The number of members of the open room.
#[component]
pub fn MemberCount() -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    let count = Memo::new(move |_| {
        let room = store.open.get().and_then(|room| store.room(&room))?;
        Some(room.with(|room| room.members.count()))
    });
    let shown = move || count.get().map(|count| format_number(language.get().format_tag(), count));
    view! { <span class="count">{shown}</span> }
}

/// The members of a room.
#[component]
pub fn MemberList(room: RoomAddress) -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    let name = StoredValue::new(room);
    let state = Memo::new(move |_| name.with_value(|name| store.room(name)));
    let changes = Memo::new(move |_| state.get().map(|room| room.with(|room| room.members.changes())));
    let members = Memo::new(move |_| {
        let _ = changes.get();
        let members = state.get().map(|room| room.with_untracked(|room| room.members.sorted()));
        let mut members = members.unwrap_or_default();
        // The server sends a user's presence to the other members only.
        let own = store.own_status();
        if let Some(me) = members.iter_mut().find(|member| Some(member.user_id) == store.me()) {
            me.status = own;
        }
        members
    });
    let unknown = Memo::new(move |_| state.get().map_or(0, |room| room.with(|room| room.members.unknown())));
    let more = move || {
        let language = language.get();
        (texts::MORE_MEMBERS.of(language))(&format_number(language.format_tag(), unknown.get()))
    };
    // A changed status, role or name is a new entry, in its new place.
    let key = |member: &Member| {
        let Member { user_id, status, role, username } = member;
        format!("{user_id} {} {} {username}", presence::name(*status), role.as_str())
    };
    view! {
        <ul class="members" data-testid="member-list" tabindex="0" aria-label=t(&texts::MEMBERS)>
            {each(move || members.get(), key, |member| view! { <MemberItem member /> })}
        </ul>
        <Show when=move || { unknown.get() > 0 }>
            <button type="button" class="button quiet" data-testid="members-more"
                on:click=move |_| name.with_value(|name| store.ask_members(name))>
                {more}
            </button>
        </Show>
    }
}

#[component]
fn MemberItem(member: Member) -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    let actions = use_actions();
    let Member { user_id, username, status, role } = member;
    let (name, shown, now) = (username.clone(), username.clone(), use_moment().now);
    let show = move |event: web_sys::MouseEvent| {
        actions.show_person(user_id, name.clone(), own_element(&event).as_ref().map(Anchor::of));
    };
    let you = move || (store.me() == Some(user_id)).then(|| texts::YOU.of(language.get()));
    view! {
        <li class:absent=status == PresenceStatus::Offline data-testid="member-item" data-status=presence::name(status)>
            <button type="button" class="member" data-testid="member-open" aria-haspopup="dialog" on:click=show>
                {move || avatar(store, Some(user_id), &shown)}
                <span class="member-words">
                    <span class="member-name" dir="auto">
                        {username.to_string()}
                    </span>
                    <span class="member-status">
                        <Dot status />
                        {move || presence::words(language.get(), status)}
                        {(role == RoomRole::Moderator).then(|| view! { <span class="aside">{t(&texts::MODERATOR)}</span> })}
                        <Show when=move || you().is_some()>
                            <span class="aside">{you}</span>
                        </Show>
                    </span>
                </span>
                {move || status_sign(store, Some(user_id), language.get(), now)}
            </button>
        </li>
    }
}
